namespace Swim;

/// <summary>What a packet is for (R8.5).</summary>
public enum MessageKind
{
    /// <summary>Are you there?</summary>
    Ping = 0,

    /// <summary>The answer to a <see cref="Ping"/>.</summary>
    Ack = 1,

    /// <summary>Asks a helper to ping the named member.</summary>
    PingReq = 2,

    /// <summary>A helper's ping on behalf of the named member.</summary>
    IndirectPing = 3,

    /// <summary>The answer to an <see cref="IndirectPing"/>, for the helper to pass on to the named member.</summary>
    IndirectAck = 4,

    /// <summary>A helper passes on the answer of the named member.</summary>
    ForwardedAck = 5,

    /// <summary>Asks to be let in and for a <see cref="Feed"/>.</summary>
    Announce = 6,

    /// <summary>The answer to an <see cref="Announce"/>: some active members.</summary>
    Feed = 7,

    /// <summary>Updates and custom broadcasts, without a question.</summary>
    Gossip = 8,

    /// <summary>Custom broadcasts only.</summary>
    Broadcast = 9,

    /// <summary>Tells a member that it is Down in the eyes of the sender.</summary>
    TurnUndead = 10,
}

/// <summary>What every packet begins with. The seed's <c>Header</c>.</summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="Source">Who sends.</param>
/// <param name="SourceIncarnation">The sender's incarnation.</param>
/// <param name="Destination">Who it is meant for.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Named">
/// The third member that <see cref="MessageKind.PingReq"/> to <see cref="MessageKind.ForwardedAck"/> name; the
/// default for all other kinds.
/// </param>
/// <param name="ProbeNumber">The number that ties answers to pings; 0 for kinds without one.</param>
public readonly record struct PacketHeader<TIdentity>(
    TIdentity Source,
    ushort SourceIncarnation,
    TIdentity Destination,
    MessageKind Kind,
    TIdentity? Named,
    uint ProbeNumber
)
{
    /// <summary>Whether this kind names a third member.</summary>
    public bool NamesMember => Kind is >= MessageKind.PingReq and <= MessageKind.ForwardedAck;

    /// <summary>Whether this kind has a probe number.</summary>
    public bool HasProbeNumber => Kind <= MessageKind.ForwardedAck;
}

/// <summary>
/// Turns headers and member records into bytes and back. The seed's <c>Codec</c>. What surrounds them in a
/// packet (magic, version, checksum, counts and lengths) is the same for every codec; see
/// <c>spec/wire-format.md</c>.
/// </summary>
/// <remarks>
/// The sizes are exact: encoding writes as many bytes as the size says, 1 to 65,000. Decoding accepts exactly
/// what encoding writes, reads no further than it reports, and answers false for anything else; it should not
/// throw, but if it does the packet is refused as <see cref="SwimError.Decode"/>.
/// </remarks>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public interface ICodec<TIdentity>
{
    /// <summary>The size of an encoded header, in bytes.</summary>
    int GetHeaderSize(in PacketHeader<TIdentity> header);

    /// <summary>Writes a header to the start of <paramref name="destination"/>, which has room for it.</summary>
    void EncodeHeader(in PacketHeader<TIdentity> header, Span<byte> destination);

    /// <summary>Reads a header from the start of <paramref name="source"/>.</summary>
    bool TryDecodeHeader(ReadOnlySpan<byte> source, out PacketHeader<TIdentity> header, out int bytesRead);

    /// <summary>The size of an encoded member record, in bytes.</summary>
    int GetMemberSize(in Member<TIdentity> member);

    /// <summary>Writes a record to the start of <paramref name="destination"/>, which has room for it.</summary>
    void EncodeMember(in Member<TIdentity> member, Span<byte> destination);

    /// <summary>Reads a record from the start of <paramref name="source"/>.</summary>
    bool TryDecodeMember(ReadOnlySpan<byte> source, out Member<TIdentity> member, out int bytesRead);
}
