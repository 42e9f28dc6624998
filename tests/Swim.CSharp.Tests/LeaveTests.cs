namespace Swim.CSharp.Tests;

/// <summary>foca's <c>leave_cluster</c>: a clean end, and a final one (R6.1, R12.6).</summary>
public sealed class LeaveTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly Driver _driver;

    public LeaveTests()
    {
        _driver = new Driver(SwimConfig.Lan(10));
        _driver.Instance.ApplyMany(Nodes.Crowd(first: 2, count: 9), disseminate: false, _driver.Runtime);
        Timers = _driver.Timers();
        _driver.Forget();
        _driver.Instance.LeaveCluster(_driver.Runtime);
    }

    private List<ScheduledTimer<NodeIdentity>> Timers { get; }

    [Fact]
    public void Leaving_tells_a_few_members_and_the_user()
    {
        var packets = _driver.Packets();
        Assert.Equal(3, packets.Count);
        Assert.All(packets, packet => Assert.Equal(MessageKind.Gossip, packet.Kind));
        Assert.All(packets, packet => Assert.Contains(Nodes.Down(Driver.Self), packet.Updates));

        var occurred = Assert.Single(_driver.Events());
        Assert.Equal(SwimEventKind.Defunct, occurred.Kind);
        Assert.Equal(Driver.Self, occurred.Identity);
        Assert.Equal(ConnectionState.Defunct, _driver.Instance.ConnectionState);
        Assert.True(_driver.Instance.Snapshot.HasLeft);
    }

    [Fact]
    public void Leaving_twice_changes_nothing()
    {
        _driver.Forget();
        _driver.Instance.LeaveCluster(_driver.Runtime);
        Assert.Equal(0, _driver.Runtime.Backlog);
    }

    [Fact]
    public void A_member_that_left_sends_nothing_of_its_own_accord()
    {
        _driver.Forget();
        AssertNotConnected(() => _driver.Instance.Announce(Peer, _driver.Runtime));
        AssertNotConnected(() => _driver.Instance.Gossip(_driver.Runtime));
        AssertNotConnected(() => _driver.Instance.Broadcast(_driver.Runtime));

        foreach (var timer in Timers)
        {
            Assert.Equal(SwimError.None, _driver.Instance.HandleTimer(timer.Timer, _driver.Runtime));
        }

        Assert.NotEmpty(Timers);
        Assert.Equal(0, _driver.Runtime.Backlog);
    }

    [Theory]
    [InlineData(MessageKind.Ping)]
    [InlineData(MessageKind.PingReq)]
    [InlineData(MessageKind.IndirectPing)]
    [InlineData(MessageKind.Announce)]
    public void A_member_that_left_answers_each_question_with_its_own_down_record_only(MessageKind question)
    {
        _driver.Forget();
        Assert.Equal(SwimError.None, _driver.Receive(question, from: Peer, named: Nodes.At(3)));
        var answer = Assert.Single(_driver.Packets());
        Assert.Equal(MessageKind.Gossip, answer.Kind);
        Assert.Equal(Peer, answer.Destination);
        Assert.Equal([Nodes.Down(Driver.Self)], answer.Updates);
        Assert.Empty(answer.Broadcasts);
    }

    [Fact]
    public void A_member_that_left_stays_defunct_when_suspected_or_told_that_it_is_down()
    {
        _driver.Forget();

        _driver.Receive(MessageKind.Gossip, from: Peer, updates: [Nodes.Suspect(Driver.Self)]);
        _driver.Receive(MessageKind.Gossip, from: Peer, updates: [Nodes.Down(Driver.Self)]);
        _driver.Receive(MessageKind.TurnUndead, from: Peer);

        Assert.Empty(_driver.Packets());
        Assert.Equal(ConnectionState.Defunct, _driver.Instance.ConnectionState);
        Assert.Equal(Driver.Self, _driver.Instance.Identity);
        Assert.Equal(0, _driver.Instance.Snapshot.Incarnation);
    }

    [Fact]
    public void A_peer_sees_a_member_leave_at_once()
    {
        var two = TwoInstances.Joined();
        two.Cluster.Do(two.Second, (instance, runtime) => instance.LeaveCluster(runtime));
        two.Cluster.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.True(two.First.Sees(Nodes.At(2), MemberStatus.Down));

        Assert.Equal([SwimEventKind.MemberDown, SwimEventKind.Idle], two.First.Kinds.TakeLast(2));
    }

    [Fact]
    public void Leaving_alone_is_possible_and_silent()
    {
        var driver = new Driver();
        driver.Instance.LeaveCluster(driver.Runtime);
        Assert.Empty(driver.Packets());
        Assert.Equal(ConnectionState.Defunct, driver.Instance.ConnectionState);
    }

    private static void AssertNotConnected(Action operation) =>
        Assert.Equal(SwimError.NotConnected, Assert.Throws<SwimException>(operation).Error);
}
