namespace Swim.CSharp.Tests;

/// <summary>
/// Three members, one of which stops answering: suspected, declared down within bounds, and back under a
/// renewed identity.
/// </summary>
public sealed class CrashAndRejoinTests
{
    private static readonly SwimConfig Config = SwimConfig.Lan(3);

    private readonly VirtualCluster<NodeIdentity> _cluster = new(NodeIdentityCodec.Instance);
    private readonly VirtualNode<NodeIdentity>[] _nodes;

    public CrashAndRejoinTests()
    {
        _nodes = [.. Enumerable.Range(1, 3).Select(number => _cluster.Add(Nodes.At(number), Config))];

        foreach (var node in _nodes.Skip(1))
        {
            _cluster.Do(node, (instance, runtime) => instance.Announce(Nodes.At(1), runtime));
        }

        _cluster.RunUntil(
            () => _nodes.All(node => node.Instance.MemberCount == 2),
            "everyone knows everyone",
            atMost: TimeSpan.FromSeconds(5)
        );
    }

    private VirtualNode<NodeIdentity>[] Others => _nodes[..2];

    private VirtualNode<NodeIdentity> Victim => _nodes[2];

    [Fact]
    public void A_healthy_cluster_suspects_no_member()
    {
        foreach (var node in _nodes)
        {
            node.Events.Clear();
        }

        _cluster.RunFor(TimeSpan.FromHours(1));

        Assert.All(_nodes, node => Assert.Empty(node.Events));
        Assert.All(_nodes, node => Assert.Empty(node.Errors));
        Assert.All(_nodes, node => Assert.Equal(0, node.Instance.Snapshot.Incarnation));
    }

    [Fact]
    public void A_member_that_stops_is_suspected_declared_down_and_comes_back()
    {
        _cluster.RunFor(TimeSpan.FromSeconds(10));
        var stopped = _cluster.Now;
        VirtualCluster<NodeIdentity>.Freeze(Victim);

        // In the worst case it is the first of one pass and the last of the next: with two members that is
        // three periods to its probe, and one more until the probe has failed.
        _cluster.RunUntil(
            () => Others.Any(node => node.Sees(Nodes.At(3), MemberStatus.Suspect)),
            "it is suspected",
            atMost: 4 * Config.ProbePeriod
        );

        var suspected = _cluster.Now;
        Assert.True(suspected - stopped >= Config.ProbePeriod - TimeSpan.FromMilliseconds(2));
        ExpectDeclaredDown(suspected);

        _cluster.RunFor(TimeSpan.FromMinutes(5));
        _cluster.Thaw(Victim);

        _cluster.RunUntil(
            () => _nodes.All(node => node.Instance.MemberCount == 2),
            "it is back",
            atMost: 2 * Config.ProbePeriod
        );

        var renewed = Nodes.At(3, generation: 2);
        Assert.Equal(renewed, Victim.Instance.Identity);
        Assert.All(Others, node => Assert.True(node.Sees(renewed, MemberStatus.Alive)));

        Assert.Contains(
            Occurred.Of(
                SwimEventKind.Rejoined,
                Nodes.Alive(Nodes.At(3)),
                Nodes.Alive(renewed),
                ChangeCause.IdentityChange
            ),
            Victim.Events.Select(entry => entry.Event)
        );

        Assert.All(
            Others,
            node =>
                Assert.Contains(
                    Occurred.Of(
                        SwimEventKind.MemberUp,
                        Nodes.Down(Nodes.At(3)),
                        Nodes.Alive(renewed),
                        ChangeCause.IdentityChange
                    ),
                    node.Events.Select(entry => entry.Event)
                )
        );

        // Timers that are handled in their order are late, but none is lost.
        Assert.Empty(Victim.Errors);
    }

    [Fact]
    public void A_suspect_that_can_be_heard_again_refutes_and_stays()
    {
        VirtualCluster<NodeIdentity>.Freeze(Victim);

        _cluster.RunUntil(
            () => Others.Any(node => node.Sees(Nodes.At(3), MemberStatus.Suspect)),
            "it is suspected",
            atMost: 4 * Config.ProbePeriod
        );

        _cluster.Thaw(Victim);
        _cluster.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal(Nodes.At(3), Victim.Instance.Identity);
        Assert.True(Victim.Instance.Snapshot.Incarnation > 0);

        Assert.All(
            Others,
            node =>
            {
                Assert.Contains(
                    Nodes.Alive(Nodes.At(3), Victim.Instance.Snapshot.Incarnation),
                    node.Instance.Members
                );

                Assert.DoesNotContain(SwimEventKind.MemberDown, node.Kinds);
            }
        );
    }

    [Fact]
    public void A_link_that_fails_between_two_is_bridged_by_the_third()
    {
        _cluster.Delivers = (from, to) => !(IsBetween(from, to) || IsBetween(to, from));
        _cluster.RunFor(TimeSpan.FromMinutes(10));
        Assert.All(_nodes, node => Assert.Equal(2, node.Instance.MemberCount));
        Assert.All(_nodes, node => Assert.DoesNotContain(SwimEventKind.MemberDown, node.Kinds));

        bool IsBetween(VirtualNode<NodeIdentity> left, VirtualNode<NodeIdentity> right) =>
            left == _nodes[0] && right == _nodes[2];
    }

    [Fact]
    public void A_partition_that_lasted_heals_by_itself()
    {
        _cluster.Delivers = (from, to) => (from == Victim) == (to == Victim);
        _cluster.RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal(ConnectionState.Idle, Victim.Instance.ConnectionState);
        Assert.All(Others, node => Assert.Equal(1, node.Instance.MemberCount));

        _cluster.Delivers = (_, _) => true;

        _cluster.RunUntil(
            () => _nodes.All(node => node.Instance.MemberCount == 2),
            "all are together again",
            atMost: 2 * Config.PeriodicAnnounceToDown!.Value.Frequency
        );
    }

    private void ExpectDeclaredDown(TimeSpan suspected)
    {
        _cluster.RunUntil(
            () => Others.All(node => node.Sees(Nodes.At(3), MemberStatus.Down)),
            "it is declared down",
            atMost: Config.SuspectToDownAfter + Config.ProbePeriod
        );

        foreach (var node in Others)
        {
            var (at, _) = Assert.Single(node.Events, entry => entry.Event.Kind == SwimEventKind.MemberDown);

            Assert.InRange(
                at - suspected,
                Config.SuspectToDownAfter,
                Config.SuspectToDownAfter + Config.ProbePeriod
            );

            Assert.Equal(1, node.Instance.MemberCount);
        }
    }
}
