using System.Buffers.Binary;

namespace Swim;

/// <summary>
/// The codec of <see cref="NodeIdentity"/>: fixed layouts, network byte order, one encoding for each value.
/// <c>spec/wire-format.md</c> describes it byte by byte.
/// </summary>
public sealed class NodeIdentityCodec : ICodec<NodeIdentity>
{
    private const byte FamilyIPv4 = 4;
    private const byte FamilyIPv6 = 6;

    // Family, port and generation.
    private const int IdentityOverhead = 1 + 2 + 8;
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;

    // Message kind and source incarnation.
    private const int HeaderOverhead = 1 + 2;
    private const int ProbeNumberSize = 4;

    // Incarnation and status.
    private const int MemberOverhead = 2 + 1;

    // The status of a Suspect record that is followed by its accuser.
    private const byte AccusedStatus = 3;

    // The local health is in the bits above the kind.
    private const int HealthShift = 5;
    private const byte KindBits = (1 << HealthShift) - 1;

    /// <summary>The one instance; a codec has no state.</summary>
    public static NodeIdentityCodec Instance { get; } = new();

    /// <inheritdoc />
    public int GetHeaderSize(in PacketHeader<NodeIdentity> header)
    {
        var size = HeaderOverhead + GetIdentitySize(header.Source) + GetIdentitySize(header.Destination);

        if (header.NamesMember)
        {
            size += GetIdentitySize(header.Named);
        }

        return header.HasProbeNumber ? size + ProbeNumberSize : size;
    }

    /// <inheritdoc />
    public void EncodeHeader(in PacketHeader<NodeIdentity> header, Span<byte> destination)
    {
        destination[0] = (byte)((byte)header.Kind | (header.Health << HealthShift));
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], header.SourceIncarnation);
        var at = HeaderOverhead;
        at += EncodeIdentity(header.Source, destination[at..]);
        at += EncodeIdentity(header.Destination, destination[at..]);

        if (header.NamesMember)
        {
            at += EncodeIdentity(header.Named, destination[at..]);
        }

        if (header.HasProbeNumber)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], header.ProbeNumber);
        }
    }

    /// <inheritdoc />
    public bool TryDecodeHeader(
        ReadOnlySpan<byte> source,
        out PacketHeader<NodeIdentity> header,
        out int bytesRead
    )
    {
        header = default;
        bytesRead = 0;

        if (source.Length < HeaderOverhead)
        {
            return false;
        }

        var kind = (MessageKind)(source[0] & KindBits);
        var health = (byte)(source[0] >> HealthShift);

        if (kind > MessageKind.Nack || (health > 0 && kind is not (MessageKind.Ack or MessageKind.Nack)))
        {
            return false;
        }

        var incarnation = BinaryPrimitives.ReadUInt16BigEndian(source[1..]);
        var at = HeaderOverhead;
        NodeIdentity named = default;
        uint probeNumber = 0;

        if (
            !TryDecodeIdentity(source, ref at, out var from)
            || !TryDecodeIdentity(source, ref at, out var to)
            || (
                kind is >= MessageKind.PingReq and <= MessageKind.ForwardedAck
                && !TryDecodeIdentity(source, ref at, out named)
            )
        )
        {
            return false;
        }

        if (kind is <= MessageKind.ForwardedAck or MessageKind.Nack)
        {
            if (!BinaryPrimitives.TryReadUInt32BigEndian(source[at..], out probeNumber))
            {
                return false;
            }

            at += ProbeNumberSize;
        }

        header = new PacketHeader<NodeIdentity>(from, incarnation, to, kind, named, probeNumber, health);
        bytesRead = at;
        return true;
    }

    /// <inheritdoc />
    public int GetMemberSize(in MemberRecord<NodeIdentity> member) =>
        GetIdentitySize(member.Identity)
        + MemberOverhead
        + (member.Accuser is { } accuser ? GetIdentitySize(accuser.Identity) : 0);

    /// <inheritdoc />
    public void EncodeMember(in MemberRecord<NodeIdentity> member, Span<byte> destination)
    {
        var at = EncodeIdentity(member.Identity, destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], member.Incarnation);
        destination[at + 2] = (byte)member.Status;

        if (member.Accuser is { } accuser)
        {
            destination[at + 2] = AccusedStatus;
            EncodeIdentity(accuser.Identity, destination[(at + MemberOverhead)..]);
        }
    }

    /// <inheritdoc />
    public bool TryDecodeMember(
        ReadOnlySpan<byte> source,
        out MemberRecord<NodeIdentity> member,
        out int bytesRead
    )
    {
        member = default;
        bytesRead = 0;
        var at = 0;

        if (!TryDecodeIdentity(source, ref at, out var identity) || source.Length - at < MemberOverhead)
        {
            return false;
        }

        var incarnation = BinaryPrimitives.ReadUInt16BigEndian(source[at..]);
        var status = source[at + 2];

        at += MemberOverhead;

        if (status <= (byte)MemberStatus.Down)
        {
            member = new MemberRecord<NodeIdentity>(identity, incarnation, (MemberStatus)status, null);
        }
        else if (status == AccusedStatus && TryDecodeIdentity(source, ref at, out var accuser))
        {
            member = new MemberRecord<NodeIdentity>(
                identity,
                incarnation,
                MemberStatus.Suspect,
                new Accuser<NodeIdentity>(accuser)
            );
        }
        else
        {
            return false;
        }

        bytesRead = at;
        return true;
    }

    private static int GetIdentitySize(NodeIdentity identity) =>
        IdentityOverhead + (identity.IsIPv4 ? IPv4Size : IPv6Size);

    private static int EncodeIdentity(NodeIdentity identity, Span<byte> destination)
    {
        var at = 1;

        if (identity.IsIPv4)
        {
            destination[0] = FamilyIPv4;
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], (uint)identity.AddressBits);
            at += IPv4Size;
        }
        else
        {
            destination[0] = FamilyIPv6;
            BinaryPrimitives.WriteUInt128BigEndian(destination[at..], identity.AddressBits);
            at += IPv6Size;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)identity.Port);
        BinaryPrimitives.WriteUInt64BigEndian(destination[(at + 2)..], identity.Generation);
        return at + 2 + 8;
    }

    private static bool TryDecodeIdentity(ReadOnlySpan<byte> source, ref int at, out NodeIdentity identity)
    {
        identity = default;

        if (at >= source.Length)
        {
            return false;
        }

        var family = source[at];
        var addressSize = family == FamilyIPv4 ? IPv4Size : IPv6Size;

        if (family is not (FamilyIPv4 or FamilyIPv6) || source.Length - at < IdentityOverhead + addressSize)
        {
            return false;
        }

        var rest = source[(at + 1)..];

        var address =
            family == FamilyIPv4
                ? NodeIdentity.MapIPv4(BinaryPrimitives.ReadUInt32BigEndian(rest))
                : BinaryPrimitives.ReadUInt128BigEndian(rest);

        var port = BinaryPrimitives.ReadUInt16BigEndian(rest[addressSize..]);
        var generation = BinaryPrimitives.ReadUInt64BigEndian(rest[(addressSize + 2)..]);
        at += IdentityOverhead + addressSize;

        // The canonical form of an IPv4-mapped address is the IPv4 one.
        return NodeIdentity.TryCreate(address, port, generation, out identity)
            && identity.IsIPv4 == (family == FamilyIPv4);
    }
}
