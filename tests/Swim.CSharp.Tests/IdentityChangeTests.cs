namespace Swim.CSharp.Tests;

/// <summary>foca's <c>change_identity</c> (R6.2) and the rejoin that others force (R5.3).</summary>
public sealed class IdentityChangeTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);
    private static readonly NodeIdentity Next = Nodes.At(1, generation: 2);

    private readonly Driver _driver = new Driver().Knowing(Nodes.Alive(Peer));

    [Fact]
    public void The_identity_in_use_is_refused()
    {
        var same = Nodes.At(1);
        var exception = Assert.Throws<SwimException>(() =>
            _driver.Instance.ChangeIdentity(same, _driver.Runtime)
        );
        Assert.Equal(SwimError.SameIdentity, exception.Error);
        Assert.Equal(0, _driver.Runtime.Backlog);
        Assert.Equal(ConnectionState.Active, _driver.Instance.ConnectionState);
    }

    [Fact]
    public void The_previous_identity_is_declared_down_under_the_new_one()
    {
        _driver.Instance.ChangeIdentity(Next, _driver.Runtime);
        Assert.Equal(Next, _driver.Instance.Identity);
        var packet = Assert.Single(_driver.Packets());
        Assert.Equal(Next, packet.Header.Source);
        Assert.Equal([Nodes.Down(Driver.Self)], packet.Updates);
    }

    [Fact]
    public void The_incarnation_begins_anew()
    {
        _driver.Receive(MessageKind.Gossip, from: Peer, updates: [Nodes.Suspect(Driver.Self, 6)]);
        Assert.Equal(7, _driver.Instance.Snapshot.Incarnation);
        _driver.Instance.ChangeIdentity(Next, _driver.Runtime);
        Assert.Equal(0, _driver.Instance.Snapshot.Incarnation);
    }

    [Fact]
    public void Active_is_notified_once_a_member_addresses_the_new_identity()
    {
        _driver.Instance.ChangeIdentity(Next, _driver.Runtime);
        Assert.Empty(_driver.Events());
        _driver.Receive(MessageKind.Gossip, from: Peer, to: Driver.Self);
        Assert.Empty(_driver.Events());
        _driver.Receive(MessageKind.Gossip, from: Peer);
        var occurred = Assert.Single(_driver.Events());
        Assert.Equal(SwimEventKind.Active, occurred.Kind);
        Assert.Equal(Next, occurred.Identity);
    }

    /// <summary>R12.2: otherwise one lost gossip would separate the two permanently.</summary>
    [Fact]
    public void Probing_continues_under_the_new_identity()
    {
        _driver.Instance.ChangeIdentity(Next, _driver.Runtime);
        var timer = _driver.Timer("ProbeRandomMember");
        _driver.Forget();
        Assert.Equal(SwimError.None, _driver.Instance.HandleTimer(timer.Timer, _driver.Runtime));
        var ping = Assert.Single(_driver.Packets());
        Assert.Equal(MessageKind.Ping, ping.Kind);
        Assert.Equal(Next, ping.Header.Source);
    }

    [Fact]
    public void Peers_see_a_rename_and_neither_up_nor_down()
    {
        var two = TwoInstances.Joined();
        var next = Nodes.At(2, generation: 5);
        two.Cluster.Do(two.Second, (instance, runtime) => instance.ChangeIdentity(next, runtime));
        two.Cluster.RunFor(TimeSpan.FromMilliseconds(1));

        var (_, occurred) = two.First.Events[^1];
        Assert.Equal(
            Occurred.Of(
                SwimEventKind.MemberRenamed,
                Nodes.Alive(Nodes.At(2)),
                Nodes.Alive(next),
                ChangeCause.IdentityChange
            ),
            occurred
        );
        Assert.Equal([Nodes.Alive(next)], two.First.Instance.MembershipState);

        Assert.DoesNotContain(SwimEventKind.MemberDown, two.First.Kinds);
        Assert.Equal(1, two.First.Kinds.Count(kind => kind == SwimEventKind.MemberUp));
    }

    [Fact]
    public void A_change_of_identity_may_change_the_address()
    {
        var elsewhere = Nodes.At(30);
        _driver.Instance.ChangeIdentity(elsewhere, _driver.Runtime);
        Assert.Equal(elsewhere, _driver.Instance.Identity);
        Assert.Equal(SwimError.None, _driver.Receive(MessageKind.Ping, from: Peer, to: elsewhere));
        Assert.Equal(MessageKind.Ack, _driver.Packets()[^1].Kind);
    }

    [Fact]
    public void A_defunct_member_comes_back_without_a_word_about_its_past()
    {
        _driver.Instance.LeaveCluster(_driver.Runtime);
        _driver.Forget();
        _driver.Instance.ChangeIdentity(Next, _driver.Runtime);
        Assert.Equal(ConnectionState.Active, _driver.Instance.ConnectionState);
        Assert.False(_driver.Instance.Snapshot.HasLeft);
        _driver.Instance.Announce(Peer, _driver.Runtime);
        Assert.Contains(_driver.Packets(), packet => packet.Kind == MessageKind.Announce);
    }

    [Theory]
    [InlineData(MessageKind.TurnUndead)]
    [InlineData(MessageKind.Gossip)]
    public void A_member_that_others_declare_down_renews_its_identity(MessageKind kind)
    {
        var updates = kind == MessageKind.Gossip ? new[] { Nodes.Down(Driver.Self) } : null;
        Assert.Equal(SwimError.None, _driver.Receive(kind, from: Peer, updates: updates));
        Assert.Equal(Next, _driver.Instance.Identity);

        var rejoin = Assert.Single(_driver.Events(), occurred => occurred.Kind == SwimEventKind.Rejoined);

        Assert.Equal(Next, rejoin.Identity);
        Assert.Equal(Next, Assert.Single(_driver.Packets()).Header.Source);
    }

    [Fact]
    public void A_member_whose_identity_cannot_renew_is_defunct_when_declared_down()
    {
        var last = Nodes.At(1, ulong.MaxValue);
        var driver = new Driver(identity: last).Knowing(Nodes.Alive(Peer));
        driver.Receive(MessageKind.TurnUndead, from: Peer);
        Assert.Equal(ConnectionState.Defunct, driver.Instance.ConnectionState);
        Assert.Equal(last, driver.Instance.Identity);
        Assert.Equal(SwimEventKind.Defunct, Assert.Single(driver.Events()).Kind);
        Assert.False(driver.Instance.Snapshot.HasLeft);
    }
}
