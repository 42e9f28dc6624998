namespace Swim.CSharp.Tests;

/// <summary>What must be refused, by <c>spec/vectors/rejected.json</c>, and with which error (R9.1).</summary>
public sealed class RejectedVectorTests
{
    public static TheoryData<string> Names => [.. RejectedVector.All.Keys];

    public static TheoryData<string> GoodNames => [.. PacketVector.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rejected_vector_is_refused_with_its_error_and_nothing_changes(string name)
    {
        var vector = RejectedVector.All[name];
        var driver = new Driver(SwimConfig.Simple() with { MaxPacketSize = vector.MaxPacketSize });
        driver.Knowing(Nodes.Alive(Nodes.At(3)));
        var before = driver.Instance.MembershipState.ToList();
        var error = driver.Instance.HandleData(Convert.FromHexString(vector.Hex), driver.Runtime);
        Assert.Equal(vector.Error, error);
        Assert.Equal(0, driver.Runtime.Backlog);
        Assert.Equal(before, driver.Instance.MembershipState);
    }

    [Fact]
    public void There_is_a_vector_for_every_error_of_the_wire()
    {
        var errors = RejectedVector.All.Values.Select(vector => vector.Error).ToHashSet();
        Assert.Equal([SwimError.DataTooBig, SwimError.MalformedPacket, SwimError.Decode], errors.Order());
    }

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void A_packet_that_lost_its_end_in_transit_is_refused(string name)
    {
        var whole = Convert.FromHexString(PacketVector.All[name].Hex);

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(SwimError.Decode, Decode(whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void Any_single_flipped_bit_in_a_packet_is_detected(string name)
    {
        var damaged = Convert.FromHexString(PacketVector.All[name].Hex);

        for (var bit = 0; bit < damaged.Length * 8; bit++)
        {
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(SwimError.Decode, Decode(damaged));
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>
    /// One encoding for each value: what a sender cut short or changed on purpose, checksum and all, is
    /// refused unless it is exactly what encoding the result would have written.
    /// </summary>
    [Theory]
    [MemberData(nameof(GoodNames))]
    public void What_is_not_refused_is_canonical(string name)
    {
        var body = Convert.FromHexString(PacketVector.All[name].Hex).AsSpan(Frame.Size);

        for (var length = 0; length < body.Length; length++)
        {
            AssertCanonical(Frame.Seal(body[..length]));
        }

        for (var at = 0; at < body.Length; at++)
        {
            var original = body[at];

            foreach (byte replacement in (byte[])[0, 1, 2, 3, 4, 6, 10, 11, 0x7F, 0x80, 0xFF])
            {
                body[at] = replacement;
                AssertCanonical(Frame.Seal(body));
            }

            body[at] = original;
        }

        AssertCanonical(Frame.Seal([.. body, 0]));
        AssertCanonical(Frame.Seal([.. body, 0, 0]));
        AssertCanonical(Frame.Seal([.. body, 0, 1, 0]));
    }

    private static void AssertCanonical(byte[] data)
    {
        var error = Decode(data);

        if (error == SwimError.None)
        {
            var packet = Wire.Decode(NodeIdentityCodec.Instance, data);
            Assert.Equal(data, Wire.Encode(NodeIdentityCodec.Instance, packet));
        }
        else
        {
            Assert.True(error is SwimError.Decode or SwimError.MalformedPacket, error.ToString());
        }
    }

    private static SwimError Decode(ReadOnlySpan<byte> data) =>
        new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance).Decode(data, out _);
}
