namespace Swim.CSharp.Tests;

/// <summary>
/// foca's <c>handle_data</c>: every error that data from the network can come back with, as a code, with
/// the state as it was (R9).
/// </summary>
public sealed class HandleDataTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly Driver _driver = new Driver().Knowing(Nodes.Alive(Peer), Nodes.Down(Nodes.At(3)));

    [Fact]
    public void A_packet_that_is_larger_than_the_limit_is_refused()
    {
        // Valid but for its size, so that nothing but the size can be the reason.
        var packet = Packet(MessageKind.Gossip, Nodes.At(9), broadcasts: [new byte[1400 - 42 - 2 + 1]]);
        Assert.Equal(1401, packet.Length);
        AssertRefused(SwimError.DataTooBig, packet);
        var largest = Packet(MessageKind.Gossip, Nodes.At(9), broadcasts: [new byte[1400 - 42 - 2]]);
        Assert.NotEqual(SwimError.DataTooBig, _driver.Instance.HandleData(largest, _driver.Runtime));
    }

    [Fact]
    public void Bytes_that_are_no_packet_are_refused()
    {
        AssertRefused(SwimError.Decode, []);
        AssertRefused(SwimError.Decode, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
    }

    [Fact]
    public void A_packet_with_a_good_header_and_a_broken_rest_is_malformed()
    {
        var packet = Packet(MessageKind.Gossip, Nodes.At(9));
        AssertRefused(SwimError.MalformedPacket, Frame.Seal([.. packet[Frame.Size..], 0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_packet_from_our_own_identity_or_address_is_refused(ulong generation)
    {
        var ourselves = Nodes.At(1, generation);
        AssertRefused(SwimError.DataFromOurselves, Packet(MessageKind.Gossip, ourselves));
        AssertRefused(SwimError.DataFromOurselves, Packet(MessageKind.Announce, ourselves));
    }

    [Theory]
    [InlineData(MessageKind.PingReq)]
    [InlineData(MessageKind.IndirectPing)]
    [InlineData(MessageKind.IndirectAck)]
    [InlineData(MessageKind.ForwardedAck)]
    public void An_indirect_message_that_names_this_member_is_refused(MessageKind kind)
    {
        AssertRefused(
            SwimError.IndirectForOurselves,
            Packet(kind, Nodes.At(9), named: Driver.Self, updates: [Nodes.Alive(Nodes.At(8))])
        );
    }

    /// <summary>
    /// Answers are no larger than questions; but a refutation goes to others, one of whom has a name that
    /// leaves no room for a header. It is said, and the others are told all the same.
    /// </summary>
    [Fact]
    public void A_packet_whose_header_exceeds_the_limit_is_reported_and_the_others_are_sent()
    {
        var self = new NamedIdentity("self", 1);
        var peer = new NamedIdentity("peer", 1);
        var endless = new NamedIdentity(new string('e', 150), 1);
        var config = SwimConfig.Simple() with { MaxPacketSize = 128 };
        var instance = new SwimInstance<NamedIdentity>(self, config, NamedCodec.Instance, 1);
        var runtime = new AccumulatingRuntime<NamedIdentity>();
        MemberRecord<NamedIdentity>[] known =
        [
            new(peer, 0, MemberStatus.Alive, null),
            new(endless, 0, MemberStatus.Alive, null),
        ];
        instance.ApplyMany(known, disseminate: false, runtime);

        var packet = new WirePacket<NamedIdentity>(
            new PacketHeader<NamedIdentity>(peer, 0, self, MessageKind.Gossip, null!, 0, 0),
            [new MemberRecord<NamedIdentity>(self, 0, MemberStatus.Suspect, null)],
            []
        );

        var error = instance.HandleData(Wire.Encode(NamedCodec.Instance, packet), runtime);

        Assert.Equal(SwimError.Encode, error);
        Assert.Equal(1, instance.Snapshot.Incarnation);
        Assert.True(runtime.TryTakePacket(out var sent));
        Assert.Equal(peer, sent.Destination);
        Assert.False(runtime.TryTakePacket(out _));
    }

    [Fact]
    public void What_is_meant_for_another_is_dropped_in_silence()
    {
        var packet = Packet(MessageKind.Ping, Nodes.At(9), to: Nodes.At(8));
        AssertRefused(SwimError.None, packet);
    }

    [Fact]
    public void A_down_member_that_sends_is_told_so_if_so_configured()
    {
        Assert.Equal(SwimError.None, _driver.Receive(MessageKind.Ping, Nodes.At(3)));
        Assert.Equal(0, _driver.Runtime.Backlog);

        var notifying = new Driver(SwimConfig.Lan(3)).Knowing(Nodes.Alive(Peer), Nodes.Down(Nodes.At(3)));
        notifying.Receive(MessageKind.Ping, Nodes.At(3), updates: [Nodes.Down(Peer)]);
        var answer = Assert.Single(notifying.Packets());
        Assert.Equal(MessageKind.TurnUndead, answer.Kind);
        Assert.Equal(Nodes.At(3), answer.Destination);
        Assert.Equal(1, notifying.Instance.MemberCount);
    }

    [Theory]
    [InlineData(MessageKind.Ping, MessageKind.Ack, 2, 0)]
    [InlineData(MessageKind.PingReq, MessageKind.IndirectPing, 5, 2)]
    [InlineData(MessageKind.IndirectPing, MessageKind.IndirectAck, 2, 5)]
    [InlineData(MessageKind.IndirectAck, MessageKind.ForwardedAck, 5, 2)]
    public void A_question_is_answered_with_its_number(
        MessageKind question,
        MessageKind answer,
        int destination,
        int named
    )
    {
        _driver.Receive(question, Peer, named: Nodes.At(5), probeNumber: uint.MaxValue);
        var packet = Assert.Single(_driver.Packets());

        var expected = new PacketHeader<NodeIdentity>(
            Driver.Self,
            0,
            Nodes.At(destination),
            answer,
            named == 0 ? default : Nodes.At(named),
            uint.MaxValue,
            0
        );

        Assert.Equal(expected, packet.Header);
    }

    [Fact]
    public void The_sender_is_a_member_with_the_incarnation_it_says()
    {
        _driver.Receive(MessageKind.Gossip, Nodes.At(9), incarnation: 12);
        Assert.True(_driver.Instance.Snapshot.TryGetMember(Nodes.At(9), out var member));
        Assert.Equal(Nodes.Alive(Nodes.At(9), 12), member);
        Assert.Contains(_driver.Events(), entry => entry.Identity == Nodes.At(9));
    }

    [Fact]
    public void A_missing_runtime_is_misuse()
    {
        var exception = Assert.Throws<ArgumentNullException>(() => _driver.Instance.HandleData([], null!));
        Assert.Equal("runtime", exception.ParamName);
    }

    private static byte[] Packet(
        MessageKind kind,
        NodeIdentity from,
        NodeIdentity? to = null,
        NodeIdentity named = default,
        MemberRecord<NodeIdentity>[]? updates = null,
        byte[][]? broadcasts = null
    )
    {
        var header = new PacketHeader<NodeIdentity>(from, 0, to ?? Driver.Self, kind, named, 0, 0);
        var packet = new WirePacket<NodeIdentity>(header, updates ?? [], broadcasts ?? []);
        return Wire.Encode(NodeIdentityCodec.Instance, packet);
    }

    private void AssertRefused(SwimError error, byte[] data)
    {
        var before = _driver.Instance.Snapshot;
        Assert.Equal(error, _driver.Instance.HandleData(data, _driver.Runtime));
        Assert.Equal(0, _driver.Runtime.Backlog);
        Assert.Equal(before.MembershipState, _driver.Instance.MembershipState);
        Assert.Equal(before.UpdatesBacklog, _driver.Instance.UpdatesBacklog);
        Assert.Equal(before.Incarnation, _driver.Instance.Snapshot.Incarnation);
    }
}
