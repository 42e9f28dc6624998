using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Swim.CSharp.Tests.Support;

/// <summary>An identity of another kind: a name of any length and a life. The name is the address.</summary>
internal sealed record NamedIdentity(string Name, int Life, bool Renews = true) : IIdentity<NamedIdentity>
{
    public bool HasSameAddress(NamedIdentity other) => Name == other.Name;

    public int GetAddressHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public bool TryRenew([MaybeNullWhen(false)] out NamedIdentity renewed)
    {
        renewed = Renews ? this with { Life = Life + 1 } : null;
        return Renews;
    }

    public bool WinsAddressConflict(NamedIdentity other) => Life > other.Life;
}

/// <summary>The codec of <see cref="NamedIdentity"/>: strings as their length and UTF-8.</summary>
internal sealed class NamedCodec : ICodec<NamedIdentity>
{
    public static NamedCodec Instance { get; } = new();

    public int GetHeaderSize(in PacketHeader<NamedIdentity> header) =>
        7
        + SizeOf(header.Source)
        + SizeOf(header.Destination)
        + (header.NamesMember ? SizeOf(header.Named!) : 0);

    public void EncodeHeader(in PacketHeader<NamedIdentity> header, Span<byte> destination)
    {
        destination[0] = (byte)header.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], header.SourceIncarnation);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[3..], header.ProbeNumber);
        var at = 7;
        at += Encode(header.Source, destination[at..]);
        at += Encode(header.Destination, destination[at..]);

        if (header.NamesMember)
        {
            Encode(header.Named!, destination[at..]);
        }
    }

    public bool TryDecodeHeader(
        ReadOnlySpan<byte> source,
        out PacketHeader<NamedIdentity> header,
        out int bytesRead
    )
    {
        // Trusting on purpose: data that is too short throws, which the frame has to bear.
        var kind = (MessageKind)source[0];
        var incarnation = BinaryPrimitives.ReadUInt16LittleEndian(source[1..]);
        var probeNumber = BinaryPrimitives.ReadUInt32LittleEndian(source[3..]);
        bytesRead = 7;
        var from = Decode(source, ref bytesRead);
        var to = Decode(source, ref bytesRead);
        var namesMember = kind is >= MessageKind.PingReq and <= MessageKind.ForwardedAck;
        var named = namesMember ? Decode(source, ref bytesRead) : null!;
        header = new PacketHeader<NamedIdentity>(from, incarnation, to, kind, named, probeNumber, 0);
        return true;
    }

    public int GetMemberSize(in MemberRecord<NamedIdentity> member) => 3 + SizeOf(member.Identity);

    public void EncodeMember(in MemberRecord<NamedIdentity> member, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, member.Incarnation);
        destination[2] = (byte)member.Status;
        Encode(member.Identity, destination[3..]);
    }

    public bool TryDecodeMember(
        ReadOnlySpan<byte> source,
        out MemberRecord<NamedIdentity> member,
        out int bytesRead
    )
    {
        bytesRead = 3;
        var incarnation = BinaryPrimitives.ReadUInt16LittleEndian(source);
        var status = (MemberStatus)source[2];
        member = new MemberRecord<NamedIdentity>(Decode(source, ref bytesRead), incarnation, status, null);
        return true;
    }

    private static int SizeOf(NamedIdentity identity) => 6 + Encoding.UTF8.GetByteCount(identity.Name);

    private static int Encode(NamedIdentity identity, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(identity.Name, destination[6..]);
        destination[0] = (byte)length;
        destination[1] = identity.Renews ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(destination[2..], identity.Life);
        return 6 + length;
    }

    private static NamedIdentity Decode(ReadOnlySpan<byte> source, ref int at)
    {
        var length = source[at];
        var renews = source[at + 1] == 1;
        var life = BinaryPrimitives.ReadInt32LittleEndian(source[(at + 2)..]);
        var name = Encoding.UTF8.GetString(source.Slice(at + 6, length));
        at += 6 + length;
        return new NamedIdentity(name, life, renews);
    }
}
