namespace Swim.CSharp.Tests;

/// <summary>Custom broadcasts from the network and what their handler makes of them (R9.5, R9.6).</summary>
public sealed class ReceivedBroadcastTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly ScriptedHandler _handler = new();
    private readonly Driver _driver;

    public ReceivedBroadcastTests() => _driver = new Driver(_handler).Knowing(Nodes.Alive(Peer));

    [Fact]
    public void The_handler_is_told_which_member_sent_an_item()
    {
        Assert.Equal(SwimError.None, Receive([1, 1, 9], [2, 1]));
        Assert.Equal(
            [
                [1, 1, 9],
                [2, 1],
            ],
            _handler.Offered.Select(offer => offer.Data)
        );
        Assert.All(_handler.Offered, offer => Assert.False(offer.IsLocal));
        Assert.All(_handler.Offered, offer => Assert.Equal(Peer, offer.Sender));
    }

    [Fact]
    public void Only_fresh_items_are_disseminated_further()
    {
        Receive([1, 1], [1, 1], [2, 1]);
        Assert.Equal(2, _driver.Instance.CustomBroadcastBacklog);
        Receive([1, 1], [2, 1]);
        Assert.Equal(2, _driver.Instance.CustomBroadcastBacklog);
    }

    [Fact]
    public void A_newer_item_takes_the_place_of_one_that_waits()
    {
        _driver.Instance.AddBroadcast([1, 1]);
        Receive([1, 2, 5]);
        Assert.Equal(1, _driver.Instance.CustomBroadcastBacklog);
        _driver.Instance.Broadcast(_driver.Runtime);
        Assert.Equal([1, 2, 5], Assert.Single(Assert.Single(_driver.Packets()).Broadcasts));
    }

    [Fact]
    public void The_reply_carries_what_was_just_accepted()
    {
        var error = _driver.Receive(
            MessageKind.Ping,
            from: Peer,
            probeNumber: 8,
            broadcasts:
            [
                [1, 1, 9],
            ]
        );

        Assert.Equal(SwimError.None, error);
        var ack = Assert.Single(_driver.Packets());
        Assert.Equal(MessageKind.Ack, ack.Kind);
        Assert.Equal([1, 1, 9], Assert.Single(ack.Broadcasts));
    }

    [Fact]
    public void An_invalid_item_is_reported_and_ends_the_offers()
    {
        _handler.OnReceive = item => _handler.Verdict = item[0] == 2 ? BroadcastVerdict.Invalid : null;
        Assert.Equal(SwimError.CustomBroadcast, Receive([1, 1], [2, 1], [3, 1]));
        Assert.Equal(2, _handler.Offered.Count);
        Assert.Equal(1, _driver.Instance.CustomBroadcastBacklog);
        Assert.Null(_driver.Instance.LastBroadcastException);
    }

    [Fact]
    public void A_handler_that_throws_is_reported_and_what_it_threw_is_kept()
    {
        var thrown = new FormatException("no such topic");
        _handler.OnReceive = item => _ = item[0] == 2 ? throw thrown : 0;
        Assert.Equal(SwimError.CustomBroadcast, Receive([1, 1], [2, 1], [3, 1]));
        Assert.Same(thrown, _driver.Instance.LastBroadcastException);
        Assert.Equal(1, _driver.Instance.CustomBroadcastBacklog);
        Assert.Equal(SwimError.None, Receive([4, 1]));
        Assert.Equal(2, _driver.Instance.CustomBroadcastBacklog);
    }

    [Fact]
    public void A_fresh_item_without_a_key_is_invalid()
    {
        _handler.NamesItems = false;
        Assert.Equal(SwimError.CustomBroadcast, Receive([1, 1]));
        Assert.Equal(0, _driver.Instance.CustomBroadcastBacklog);
    }

    /// <summary>A member whose broadcasts are bad is alive all the same, and so are we.</summary>
    [Fact]
    public void A_bad_item_costs_neither_the_updates_nor_the_reply()
    {
        _handler.Verdict = BroadcastVerdict.Invalid;

        var error = _driver.Receive(
            MessageKind.Ping,
            from: Peer,
            probeNumber: 8,
            updates: [Nodes.Alive(Nodes.At(5))],
            broadcasts:
            [
                [1, 1],
            ]
        );

        Assert.Equal(SwimError.CustomBroadcast, error);
        Assert.Equal(2, _driver.Instance.MemberCount);
        Assert.Equal(MessageKind.Ack, Assert.Single(_driver.Packets()).Kind);
    }

    /// <summary>Data is only read during the call; the caller's buffer is the caller's again.</summary>
    [Fact]
    public void What_was_accepted_does_not_live_in_the_receive_buffer()
    {
        var header = new PacketHeader<NodeIdentity>(Peer, 0, Driver.Self, MessageKind.Gossip, default, 0, 0);
        var packet = new WirePacket<NodeIdentity>(
            header,
            [],
            [
                [1, 1, 9],
            ]
        );
        var buffer = Wire.Encode(NodeIdentityCodec.Instance, packet);
        Assert.Equal(SwimError.None, _driver.Instance.HandleData(buffer, _driver.Runtime));
        Array.Fill(buffer, (byte)0xEE);
        _driver.Instance.Broadcast(_driver.Runtime);
        Assert.Equal([1, 1, 9], Assert.Single(Assert.Single(_driver.Packets()).Broadcasts));
    }

    [Fact]
    public void Without_a_handler_every_item_is_invalid()
    {
        var driver = new Driver().Knowing(Nodes.Alive(Peer));
        var error = driver.Receive(
            MessageKind.Gossip,
            from: Peer,
            broadcasts:
            [
                [1, 1],
            ]
        );
        Assert.Equal(SwimError.CustomBroadcast, error);
        Assert.Equal(0, driver.Instance.CustomBroadcastBacklog);
    }

    [Fact]
    public void Broadcasts_of_a_down_member_are_not_offered_to_the_handler()
    {
        _driver.Knowing(Nodes.Down(Nodes.At(3)));
        var error = _driver.Receive(
            MessageKind.Gossip,
            from: Nodes.At(3),
            broadcasts:
            [
                [1, 1],
            ]
        );
        Assert.Equal(SwimError.None, error);
        Assert.Empty(_handler.Offered);
    }

    private SwimError Receive(params byte[][] items) =>
        _driver.Receive(MessageKind.Gossip, from: Peer, broadcasts: items);
}
