using Swim.Core;

namespace Swim;

/// <summary>What a recording begins with.</summary>
/// <param name="StartedAt">When it began: microseconds since 1970-01-01 00:00 UTC.</param>
/// <param name="IdentityKind">What kind of identity its members have, such as <c>NodeIdentity</c>.</param>
/// <param name="ProductVersion">The version of this library that wrote it.</param>
internal sealed record RecordingHeader(long StartedAt, string IdentityKind, string ProductVersion);

/// <summary>One thing that happened to one member.</summary>
/// <param name="Number">Which entry of the recording it is, counted from 1; the header is none.</param>
/// <param name="Member">Whom it is about; a live node is member 0.</param>
/// <param name="Microseconds">When it happened, since the recording began.</param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal abstract record RecordingEntry<TIdentity>(long Number, int Member, long Microseconds);

/// <summary>
/// A member came to be: its state is that of <c>State.create</c>. With a number that was there before, it takes
/// the place of the member that had it.
/// </summary>
internal sealed record MemberStarted<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    TIdentity Identity,
    ulong Seed,
    SwimConfig Config
) : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>
/// What a member knows. A file that goes on from another begins with one, in the place of a start; the member of
/// that number is as this says from here on, whether it was there before or not.
/// </summary>
internal sealed record MemberCheckpoint<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    SwimConfig Config,
    Checkpoint<TIdentity> Image
) : RecordingEntry<TIdentity>(Number, Member, Microseconds)
{
    /// <summary>Who it is.</summary>
    public TIdentity Identity => Image.Identity;

    /// <summary>How many others it knows, those that are down included.</summary>
    public int KnownMembers => Image.Members.Length;
}

/// <summary>A member took a step.</summary>
/// <param name="Number">Which entry of the recording it is.</param>
/// <param name="Member">Whose step it is.</param>
/// <param name="Microseconds">When it was taken, since the recording began.</param>
/// <param name="Event">
/// What happened. The key of <c>BroadcastAccepted</c> is a <see cref="RecordedKey"/>; payloads are zeros of the same
/// length unless the recording has them.
/// </param>
/// <param name="Answers">What <c>Rules.AcceptsBroadcasts</c> answered during the step, in order.</param>
/// <param name="EffectCount">How many effects followed.</param>
/// <param name="Digest">The <see cref="StepDigest{TIdentity}"/> of what followed.</param>
internal sealed record StepTaken<TIdentity>(
    long Number,
    int Member,
    long Microseconds,
    Event<TIdentity> Event,
    IReadOnlyList<bool> Answers,
    int EffectCount,
    uint Digest
) : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>A member goes on with other parameters (R10.2).</summary>
internal sealed record ConfigChanged<TIdentity>(long Number, int Member, long Microseconds, SwimConfig Config)
    : RecordingEntry<TIdentity>(Number, Member, Microseconds);

/// <summary>A member ended in good order; one that was killed has no such entry.</summary>
internal sealed record MemberStopped<TIdentity>(long Number, int Member, long Microseconds)
    : RecordingEntry<TIdentity>(Number, Member, Microseconds);
