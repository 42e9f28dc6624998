namespace Swim.CSharp.Tests;

/// <summary>An instance must not be called while it calls: such a call throws, and breaks nothing.</summary>
public sealed class ReentrancyTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private static readonly Dictionary<string, Action<Driver>> Operations = new()
    {
        ["Announce"] = driver => driver.Instance.Announce(Peer, driver.Runtime),
        ["Gossip"] = driver => driver.Instance.Gossip(driver.Runtime),
        ["Broadcast"] = driver => driver.Instance.Broadcast(driver.Runtime),
        ["LeaveCluster"] = driver => driver.Instance.LeaveCluster(driver.Runtime),
        ["ChangeIdentity"] = driver => driver.Instance.ChangeIdentity(Nodes.At(9), driver.Runtime),
        ["ReuseDownIdentity"] = driver => driver.Instance.ReuseDownIdentity(driver.Runtime),
        ["ApplyMany"] = driver => driver.Instance.ApplyMany([], disseminate: true, driver.Runtime),
        ["AddBroadcast"] = driver => driver.Instance.AddBroadcast([9, 9]),
        ["HandleData"] = driver => driver.Instance.HandleData([1, 2, 3], driver.Runtime),
        ["HandleTimer"] = driver => driver.Instance.HandleTimer(SomeTimer(), driver.Runtime),
        ["SetConfig"] = driver => driver.Instance.SetConfig(SwimConfig.Simple()),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_runtime_that_calls_back_is_refused(string operation)
    {
        var driver = new Driver(new ScriptedHandler()).Knowing(Nodes.Alive(Peer));
        var calling = new CallingRuntime(() => Operations[operation](driver));

        var exception = Assert.Throws<InvalidOperationException>(() => driver.Instance.Gossip(calling));

        Assert.Contains("must not call the instance", exception.Message, StringComparison.Ordinal);
        AssertUsable(driver);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_handler_that_calls_back_while_data_is_added_is_refused(string operation)
    {
        var handler = new ScriptedHandler();
        var driver = new Driver(handler).Knowing(Nodes.Alive(Peer));
        handler.OnReceive = _ => Operations[operation](driver);
        Assert.Throws<InvalidOperationException>(() => driver.Instance.AddBroadcast([1, 1]));
        handler.OnReceive = _ => { };
        AssertUsable(driver);
        Assert.Equal(0, driver.Instance.CustomBroadcastBacklog);
    }

    [Fact]
    public void A_handler_that_calls_back_on_data_from_the_network_has_failed()
    {
        var handler = new ScriptedHandler();
        var driver = new Driver(handler).Knowing(Nodes.Alive(Peer));
        handler.OnReceive = _ => driver.Instance.Gossip(driver.Runtime);
        var error = driver.Receive(
            MessageKind.Gossip,
            Peer,
            broadcasts:
            [
                [1, 1],
            ]
        );
        Assert.Equal(SwimError.CustomBroadcast, error);
        Assert.IsType<InvalidOperationException>(driver.Instance.LastBroadcastException);
        AssertUsable(driver);
    }

    [Theory]
    [InlineData(SwimEventKind.MemberUp)]
    [InlineData(SwimEventKind.Active)]
    public void A_runtime_that_calls_back_when_an_event_is_notified_is_refused(SwimEventKind kind)
    {
        var driver = new Driver();
        var calling = new CallingRuntime(() => driver.Instance.Gossip(driver.Runtime)) { Only = kind };
        MemberRecord<NodeIdentity>[] members = [Nodes.Alive(Peer)];

        Assert.Throws<InvalidOperationException>(() =>
            driver.Instance.ApplyMany(members, disseminate: true, calling)
        );

        AssertUsable(driver);
    }

    [Fact]
    public void To_read_is_allowed_at_any_time()
    {
        var driver = new Driver().Knowing(Nodes.Alive(Peer));
        var seen = 0;

        var reading = new CallingRuntime(() =>
        {
            Assert.Equal(Driver.Self, driver.Instance.Identity);
            Assert.Equal(1, driver.Instance.MemberCount);
            Assert.Single(driver.Instance.Snapshot.Members);
            seen++;
        });

        driver.Instance.Gossip(reading);
        Assert.Equal(1, seen);
    }

    private static void AssertUsable(Driver driver)
    {
        driver.Forget();
        Assert.Equal(Driver.Self, driver.Instance.Identity);
        driver.Instance.Announce(Peer, driver.Runtime);
        Assert.Equal(MessageKind.Announce, Assert.Single(driver.Packets()).Kind);
        Assert.Equal(SwimError.None, driver.Receive(MessageKind.Ping, Peer, probeNumber: 3));
        Assert.Equal(MessageKind.Ack, Assert.Single(driver.Packets()).Kind);
    }

    private static SwimTimer<NodeIdentity> SomeTimer()
    {
        var driver = new Driver();
        driver.Instance.ApplyMany([Nodes.Alive(Peer)], disseminate: false, driver.Runtime);
        return driver.Timer("ProbeRandomMember").Timer;
    }

    /// <summary>Calls something whenever it is asked to send, or to notify of one kind.</summary>
    private sealed class CallingRuntime(Action call) : ISwimRuntime<NodeIdentity>
    {
        public SwimEventKind? Only { get; init; }

        public void Notify(in SwimEvent<NodeIdentity> occurred)
        {
            if (occurred.Kind == Only)
            {
                call();
            }
        }

        public void SendTo(NodeIdentity destination, ReadOnlySpan<byte> data) => call();

        public void Schedule(SwimTimer<NodeIdentity> timer, TimeSpan after) { }
    }
}
