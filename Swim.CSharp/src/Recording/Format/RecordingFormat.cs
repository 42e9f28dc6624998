namespace Swim.Recording.Format;

/// <summary>
/// The numbers of the recording format, version 2. <c>spec/recording-format.md</c> describes it byte by byte. None of
/// these changes within a version.
/// </summary>
internal static class RecordingFormat
{
    /// <summary>The version of the format that is written, and the only one that can be read.</summary>
    public const byte Version = 2;

    /// <summary>The bytes of the magic and the version, before the first entry.</summary>
    public const int PreludeSize = 8;

    /// <summary>The bytes of an entry's checksum, between its length and its payload.</summary>
    public const int ChecksumSize = 4;

    /// <summary>
    /// The longest payload of an entry, in bytes: room for ApplyMany with three million members, and a bound on
    /// what a damaged length can make a reader wait for.
    /// </summary>
    public const int MaxPayloadSize = 64 << 20;

    /// <summary>The first bytes of a recording.</summary>
    public static ReadOnlySpan<byte> Magic => "SWIMREC"u8;
}

/// <summary>The first byte of each entry's payload.</summary>
internal enum EntryKind : byte
{
    Header = 0,
    MemberStarted = 1,
    Step = 2,
    ConfigChanged = 3,
    MemberStopped = 4,
    Checkpoint = 5,
}

/// <summary>The first byte of a timer.</summary>
internal enum TimerKind : byte
{
    ProbeRandomMember = 0,
    SendIndirectProbe = 1,
    ChangeSuspectToDown = 2,
    PeriodicAnnounce = 3,
    PeriodicAnnounceDown = 4,
    PeriodicGossip = 5,
    RemoveDown = 6,
    RemoveTombstone = 7,
    ResetRenewals = 8,
    ResetReminders = 9,
    SendNack = 10,
    AskDown = 11,
}

/// <summary>The first byte of an effect in a digest.</summary>
internal enum EffectKind : byte
{
    Send = 0,
    Schedule = 1,
    Notify = 2,
    OfferBroadcast = 3,
    Report = 4,
}
