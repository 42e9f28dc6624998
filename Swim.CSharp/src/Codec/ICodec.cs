namespace Swim;

/// <summary>
/// Encodes and decodes headers and member records. foca's <c>Codec</c>. The frame around them in a packet (magic,
/// version, checksum, counts and lengths) is the same for every codec; see <c>spec/wire-format.md</c>.
/// </summary>
/// <remarks>
/// The sizes are exact: encoding writes as many bytes as the size says, from 1 to 65,000. Decoding accepts exactly
/// what encoding writes, reads no further than it reports, and returns false for anything else. It should not
/// throw; if it does, the packet is refused as <see cref="SwimError.Decode"/>.
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
    int GetMemberSize(in MemberRecord<TIdentity> member);

    /// <summary>Writes a record to the start of <paramref name="destination"/>, which has room for it.</summary>
    void EncodeMember(in MemberRecord<TIdentity> member, Span<byte> destination);

    /// <summary>Reads a record from the start of <paramref name="source"/>.</summary>
    bool TryDecodeMember(ReadOnlySpan<byte> source, out MemberRecord<TIdentity> member, out int bytesRead);
}
