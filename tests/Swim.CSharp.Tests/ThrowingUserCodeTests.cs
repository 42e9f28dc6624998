namespace Swim.CSharp.Tests;

/// <summary>What a user's runtime or filter throws costs no more than what it was asked for.</summary>
public sealed class ThrowingUserCodeTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly ScriptedHandler _handler = new();
    private readonly Driver _driver;

    public ThrowingUserCodeTests()
    {
        _driver = new Driver(_handler);
        _driver.Instance.ApplyMany([Nodes.Alive(Peer)], disseminate: false, _driver.Runtime);
    }

    [Fact]
    public void A_runtime_that_cannot_send_gets_its_timers_all_the_same()
    {
        var probe = _driver.Timer("ProbeRandomMember").Timer;
        var failing = new UnpluggedRuntime();
        Assert.Throws<IOException>(() => _driver.Instance.HandleTimer(probe, failing));
        Assert.Equal(2, failing.Timers.Count);
        Assert.Contains(failing.Timers, timer => timer.Kind() == "ProbeRandomMember");
        AssertGoesOn();
    }

    [Fact]
    public void A_runtime_that_cannot_send_is_still_notified()
    {
        var failing = new UnpluggedRuntime();
        Assert.Throws<IOException>(() => _driver.Instance.LeaveCluster(failing));
        Assert.Equal([SwimEventKind.Defunct], failing.Events);
        Assert.Equal(ConnectionState.Defunct, _driver.Instance.ConnectionState);
    }

    [Fact]
    public void Each_send_is_tried()
    {
        _driver.Knowing(Nodes.Crowd(first: 3, count: 5));
        var failing = new UnpluggedRuntime();
        Assert.Throws<IOException>(() => _driver.Instance.Gossip(failing));
        Assert.Equal(3, failing.Sends);
        AssertGoesOn();
    }

    /// <summary>The packet is answered in two steps; a fault between them must not keep the next from working.</summary>
    [Fact]
    public void A_filter_that_throws_keeps_broadcasts_from_every_member()
    {
        _driver.Forget();
        _handler.Filter = _ => throw new KeyNotFoundException("who is that?");

        _driver.Receive(
            MessageKind.Ping,
            from: Peer,
            probeNumber: 7,
            broadcasts:
            [
                [1, 1],
            ]
        );

        var ack = Assert.Single(_driver.Packets());
        Assert.Equal(MessageKind.Ack, ack.Kind);
        Assert.Empty(ack.Broadcasts);
        AssertGoesOn();
    }

    [Fact]
    public void A_filter_that_throws_does_not_end_probing()
    {
        var probe = _driver.Timer("ProbeRandomMember").Timer;
        _driver.Instance.AddBroadcast([1, 1]);
        _handler.Filter = _ => throw new KeyNotFoundException("who is that?");
        Assert.Equal(SwimError.None, _driver.Instance.HandleTimer(probe, _driver.Runtime));
        Assert.Equal(MessageKind.Ping, Assert.Single(_driver.Packets()).Kind);
        Assert.Equal(2, _driver.Timers().Count);
    }

    private void AssertGoesOn()
    {
        _driver.Forget();
        Assert.Equal(SwimError.None, _driver.Receive(MessageKind.Ping, Peer, probeNumber: 3));
        Assert.Equal(MessageKind.Ack, Assert.Single(_driver.Packets()).Kind);
        _driver.Instance.Announce(Peer, _driver.Runtime);
        Assert.Equal(MessageKind.Announce, Assert.Single(_driver.Packets()).Kind);
    }

    /// <summary>Takes timers and events; every send fails.</summary>
    private sealed class UnpluggedRuntime : ISwimRuntime<NodeIdentity>
    {
        public int Sends { get; private set; }

        public List<SwimTimer<NodeIdentity>> Timers { get; } = [];

        public List<SwimEventKind> Events { get; } = [];

        public void Notify(in SwimEvent<NodeIdentity> occurred) => Events.Add(occurred.Kind);

        public void SendTo(NodeIdentity destination, ReadOnlySpan<byte> data)
        {
            Sends++;
            throw new IOException("no route");
        }

        public void Schedule(SwimTimer<NodeIdentity> timer, TimeSpan after) => Timers.Add(timer);
    }
}
