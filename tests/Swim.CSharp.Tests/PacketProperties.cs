using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Swim.CSharp.Tests;

/// <summary>
/// What holds of whole packets (R9.1, R8.6), by FsCheck: each has exactly one encoding, and anything else is
/// refused. A failure prints the random seed that replays it.
/// </summary>
public sealed class PacketProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly PacketCodec<NodeIdentity> Codec = new(NodeIdentityCodec.Instance);

    private static readonly Core.Rules<NodeIdentity> Rules = Core.Rules.create(
        SwimConfig.Lan(10),
        IdentityOperations<NodeIdentity>.Instance,
        Codec
    );

    /// <summary>Bytes that are nearly a packet: the body of one with some of it changed.</summary>
    private static readonly Gen<byte[]> Bodies =
        from packet in AnyPacket.Packets
        from at in Gen.Choose(0, int.MaxValue - 1)
        from octet in ArbMap.Default.GeneratorFor<byte>()
        from change in Gen.Choose(0, 8)
        let body = BodyOf(packet)
        select Changed(body, at % body.Length, octet, change);

    [Fact]
    public void A_packet_comes_back_as_it_was() =>
        Prop.ForAll(
                AnyPacket.Packets.ToArbitrary(),
                packet => Same(packet, Wire.Decode(NodeIdentityCodec.Instance, BytesOf(packet)))
            )
            .Check(Many);

    /// <summary>The core packs by it (R8.6).</summary>
    [Fact]
    public void A_packet_is_as_long_as_its_parts() =>
        Prop.ForAll(
                AnyPacket.Packets.ToArbitrary(),
                packet =>
                {
                    var bytes = BytesOf(packet);
                    Assert.Equal(SwimError.None, Codec.Decode(bytes, out var decoded));
                    return Core.Packet.size(Rules, decoded) == bytes.Length;
                }
            )
            .Check(Many);

    [Fact]
    public void A_packet_is_not_written_where_it_does_not_fit() =>
        Prop.ForAll(
                AnyPacket.Packets.ToArbitrary(),
                packet =>
                {
                    var bytes = BytesOf(packet);
                    Assert.Equal(SwimError.None, Codec.Decode(bytes, out var decoded));

                    return Codec.TryEncode(decoded, new byte[bytes.Length], out var length)
                        && length == bytes.Length
                        && !Codec.TryEncode(decoded, new byte[bytes.Length - 1], out _);
                }
            )
            .Check(Many);

    [Fact]
    public void Any_bytes_are_an_error_or_the_one_encoding_of_a_packet() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => IsCanonical(bytes)).Check(Many);

    [Fact]
    public void Any_body_is_an_error_or_the_one_encoding_of_a_packet() =>
        Prop.ForAll(Bodies.ToArbitrary(), body => IsCanonical(Frame.Seal(body))).Check(Many);

    [Fact]
    public void Damage_of_one_bit_is_always_noticed() =>
        Prop.ForAll(
                AnyPacket.Packets.ToArbitrary(),
                packet =>
                {
                    var bytes = BytesOf(packet);

                    for (var bit = 0; bit < 8 * bytes.Length; bit++)
                    {
                        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                        Assert.Equal(SwimError.Decode, Codec.Decode(bytes, out _));
                        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                    }

                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure);

    /// <summary>Without this the properties could hold of errors alone, or of packets alone.</summary>
    [Fact]
    public void Changed_bodies_are_of_both_sorts()
    {
        var errors = Bodies.Sample(2_000).Select(body => Codec.Decode(Frame.Seal(body), out _)).ToList();

        foreach (var error in new[] { SwimError.None, SwimError.Decode, SwimError.MalformedPacket })
        {
            Assert.True(errors.Count(one => one == error) > 100, $"{error}");
        }
    }

    private static bool IsCanonical(byte[] data)
    {
        var error = Codec.Decode(data, out var packet);

        if (error != SwimError.None)
        {
            return error is SwimError.Decode or SwimError.MalformedPacket;
        }

        var again = new byte[Wire.LargestPacket];

        return IsSayable(packet)
            && Codec.TryEncode(packet, again, out var length)
            && data.AsSpan().SequenceEqual(again.AsSpan(0, length));
    }

    // What no packet says, though it could be written: an empty broadcast, an endpoint that no member can have
    // (spec/wire-format.md, sections 2, 3 and 5).
    private static bool IsSayable(Core.Packet<NodeIdentity> packet)
    {
        var header = packet.Header;

        return IsEndPoint(header.Source)
            && IsEndPoint(header.Destination)
            && (!header.NamesMember || IsEndPoint(header.Named))
            && packet.Updates.All(record => IsEndPoint(record.Identity))
            && packet.Broadcasts.All(item => item.Length > 0);
    }

    private static bool IsEndPoint(NodeIdentity identity) =>
        identity.Port > 0
        && !identity.EndPoint.Address.Equals(IPAddress.Any)
        && !identity.EndPoint.Address.Equals(IPAddress.IPv6Any);

    private static byte[] BytesOf(WirePacket<NodeIdentity> packet) =>
        Wire.Encode(NodeIdentityCodec.Instance, packet);

    private static byte[] BodyOf(WirePacket<NodeIdentity> packet) => BytesOf(packet)[Frame.Size..];

    private static byte[] Changed(byte[] body, int at, byte octet, int change) =>
        change switch
        {
            0 => body,
            1 => body[..at],
            2 => [.. body, octet],
            3 => [.. body[..at], octet, .. body[at..]],
            4 => [.. body[..at], octet, .. body[(at + 1)..]],
            5 => [.. body, 0, 0],
            6 => WithoutSource(body, AddressOf(body)),
            7 => WithoutSource(body, AddressOf(body).End..(AddressOf(body).End.Value + 2)),
            _ => InIPv6Clothes(body),
        };

    // Where the source of a packet begins in its body, behind kind and incarnation; its family comes first.
    private const int Source = 3;

    private static Range AddressOf(byte[] body) => (Source + 1)..(Source + (body[Source] == 4 ? 5 : 17));

    // An "any" address, or port 0.
    private static byte[] WithoutSource(byte[] body, Range part)
    {
        body.AsSpan(part).Clear();
        return body;
    }

    // The other form of an IPv4 address, which is never written.
    private static byte[] InIPv6Clothes(byte[] body) =>
        body[Source] == 4
            ? [.. body[..Source], 6, .. new byte[10], 0xFF, 0xFF, .. body[(Source + 1)..]]
            : body;

    private static bool Same(WirePacket<NodeIdentity> left, WirePacket<NodeIdentity> right) =>
        left.Header == right.Header
        && left.Updates.SequenceEqual(right.Updates)
        && left.Broadcasts.Count == right.Broadcasts.Count
        && left.Broadcasts.Zip(right.Broadcasts).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
