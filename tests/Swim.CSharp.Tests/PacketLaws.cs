using FsCheck;
using FsCheck.Fluent;

namespace Swim.CSharp.Tests;

/// <summary>
/// What holds of whole packets (R9.1, R8.6), by FsCheck: each has exactly one encoding, and anything else is
/// refused. A failure prints the seed that replays it.
/// </summary>
public sealed class PacketLaws
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly PacketCodec<NodeIdentity> Codec = new(NodeIdentityCodec.Instance);

    private static readonly Core.Rules<NodeIdentity> Rules = Core.Rules.create(
        SwimConfig.Lan(10).ToCore(),
        IdentityOperations<NodeIdentity>.Instance,
        Codec
    );

    /// <summary>Bytes that are nearly a packet: the body of one with some of it changed.</summary>
    private static readonly Gen<byte[]> Bodies =
        from packet in AnyPacket.Packets
        from at in Gen.Choose(0, int.MaxValue - 1)
        from octet in ArbMap.Default.GeneratorFor<byte>()
        from change in Gen.Choose(0, 4)
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

    /// <summary>Else the laws would hold of errors alone, or of packets alone.</summary>
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
        return Codec.TryEncode(packet, again, out var length)
            && data.AsSpan().SequenceEqual(again.AsSpan(0, length));
    }

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
            _ => [.. body[..at], octet, .. body[(at + 1)..]],
        };

    private static bool Same(WirePacket<NodeIdentity> left, WirePacket<NodeIdentity> right) =>
        left.Header == right.Header
        && left.Updates.SequenceEqual(right.Updates)
        && left.Broadcasts.Count == right.Broadcasts.Count
        && left.Broadcasts.Zip(right.Broadcasts).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
