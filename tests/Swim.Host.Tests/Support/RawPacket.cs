using System.Buffers.Binary;
using System.Numerics;

namespace Swim.Host.Tests.Support;

/// <summary>Packets by hand, as <c>spec/wire-format.md</c> says.</summary>
internal sealed record RawPacket(PacketHeader<NodeIdentity> Header, byte[] Data)
{
    private const int ChecksumOffset = 3;
    private const int FrameSize = 7;

    /// <summary>Makes a packet with updates and custom broadcasts.</summary>
    public static byte[] Encode(
        PacketHeader<NodeIdentity> header,
        IReadOnlyCollection<MemberRecord<NodeIdentity>>? updates = null,
        IReadOnlyCollection<byte[]>? broadcasts = null
    )
    {
        var codec = NodeIdentityCodec.Instance;
        var packet = new byte[65507];
        ReadOnlySpan<byte> start = [0x53, 0x57, 2];
        start.CopyTo(packet);
        codec.EncodeHeader(header, packet.AsSpan(FrameSize));
        var at = FrameSize + codec.GetHeaderSize(header);

        if (updates is { Count: > 0 } || broadcasts is { Count: > 0 })
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), (ushort)(updates?.Count ?? 0));
            at += 2;
        }

        foreach (var update in updates ?? [])
        {
            codec.EncodeMember(update, packet.AsSpan(at));
            at += codec.GetMemberSize(update);
        }

        foreach (var item in broadcasts ?? [])
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), (ushort)item.Length);
            item.CopyTo(packet, at + 2);
            at += 2 + item.Length;
        }

        var checksum = Checksum(packet.AsSpan(FrameSize..at));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(ChecksumOffset), checksum);
        return packet[..at];
    }

    /// <summary>Reads the header of a packet that a node sent.</summary>
    public static RawPacket Decode(byte[] data)
    {
        Assert.True(
            NodeIdentityCodec.Instance.TryDecodeHeader(data.AsSpan(FrameSize), out var header, out _),
            $"not a packet: {Convert.ToHexString(data)}"
        );

        return new RawPacket(header, data);
    }

    /// <summary>The records that the packet carries.</summary>
    public List<MemberRecord<NodeIdentity>> Updates()
    {
        var codec = NodeIdentityCodec.Instance;
        var rest = Data.AsSpan(FrameSize + codec.GetHeaderSize(Header));
        var updates = new List<MemberRecord<NodeIdentity>>();

        if (!rest.IsEmpty)
        {
            var count = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[2..];

            for (var index = 0; index < count; index++)
            {
                Assert.True(codec.TryDecodeMember(rest, out var member, out var size));
                updates.Add(member);
                rest = rest[size..];
            }
        }

        return updates;
    }

    public override string ToString() => Header.Kind.ToString();

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var checksum = uint.MaxValue;

        foreach (var octet in data)
        {
            checksum = BitOperations.Crc32C(checksum, octet);
        }

        return ~checksum;
    }
}
