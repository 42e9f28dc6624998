using System.Net;

namespace Swim.Host.Tests.Node;

/// <summary>Nodes find each other over real sockets.</summary>
public sealed class JoinTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Two_nodes_join_through_a_seed_and_see_each_other(string address)
    {
        await using var cluster = new TestCluster();
        var bind = new IPEndPoint(IPAddress.Parse(address), 0);
        var first = cluster.Start(TestCluster.Options with { BindEndPoint = bind });
        var second = cluster.Start(TestCluster.Options with { BindEndPoint = bind }, first);

        await second.WaitUntilActiveAsync(Deadline.Token).Within("the second is active");
        await first.WaitUntilActiveAsync(Deadline.Token).Within("the first is active");
        await first.SeesAsync(second);
        await second.SeesAsync(first);

        Assert.Equal(ConnectionState.Active, first.ConnectionState);
        Assert.Equal(first.LocalEndPoint, first.Identity.EndPoint);
        Assert.Equal(second.Identity, Assert.Single(first.Members).Identity);
        Assert.Equal(first.Identity, Assert.Single(second.Members).Identity);
    }

    /// <summary>
    /// Packets hold a dozen members, and no member is told of others without asking: the newcomer has to keep asking.
    /// </summary>
    [Fact]
    public async Task Whoever_joins_knows_all_members_soon_although_no_Feed_holds_them_all()
    {
        await using var cluster = new TestCluster();
        var config = SwimConfig.Lan(30) with { MaxPacketSize = 300, PeriodicAnnounce = null };
        var options = TestCluster.Options with { Config = config };
        var nodes = await cluster.FormAsync(30, options);
        await Deadline.UntilAsync(
            () => nodes.All(node => node.Snapshot.UpdatesBacklog == 0),
            () => "no update waits any more"
        );

        var newcomer = cluster.Start(options, nodes[0]);

        await Deadline.UntilAsync(
            () => nodes.All(node => newcomer.Snapshot.TryGetMember(node.Identity, out _)),
            () => $"it knows {newcomer.Members.Count} of 30",
            TimeSpan.FromSeconds(8)
        );
    }

    /// <summary>One that listens on all addresses of both families, and is known by an IPv4 one.</summary>
    [Fact]
    public async Task A_node_on_both_families_joins_ones_on_IPv4()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start();

        var both = cluster.Start(
            TestCluster.Options with
            {
                BindEndPoint = new IPEndPoint(IPAddress.IPv6Any, 0),
                AdvertiseEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            },
            first
        );

        var third = cluster.Start(both);
        await first.SeesAsync(both, third);
        await both.SeesAsync(first, third);
        await third.SeesAsync(first, both);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, both.LocalEndPoint.Port), both.Identity.EndPoint);
        Assert.Equal(0, both.Statistics.SendFailures);
    }

    [Fact]
    public async Task Five_nodes_converge()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(5);
        Assert.All(nodes, node => Assert.Equal(4, node.Members.Count));
    }

    /// <summary>Each knows one other only; the rest comes by word of mouth.</summary>
    [Fact]
    public async Task A_chain_of_seeds_becomes_one_cluster()
    {
        await using var cluster = new TestCluster();
        var nodes = new List<SwimNode> { cluster.Start() };

        for (var index = 1; index < 4; index++)
        {
            nodes.Add(cluster.Start(nodes[^1]));
        }

        foreach (var node in nodes)
        {
            await node.SeesAsync(nodes.Where(other => other != node));
        }
    }

    /// <summary>
    /// A process that restarts needs no memory of its former self: the clock gives it a higher generation (R12.12).
    /// </summary>
    [Fact]
    public async Task A_node_that_restarts_at_its_endpoint_takes_the_place_of_its_former_self()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start(TestCluster.SlowToSuspect);
        var before = cluster.Start(TestCluster.SlowToSuspect with { LeaveOnDispose = false }, first);
        await first.SeesAsync(before);
        await before.DisposeAsync();

        var after = cluster.Start(
            TestCluster.SlowToSuspect with
            {
                BindEndPoint = before.LocalEndPoint,
            },
            first
        );

        await first.SeesAsync(after);
        await after.SeesAsync(first);
        Assert.True(after.Identity.HasSameAddress(before.Identity));
        Assert.True(after.Identity.Generation > before.Identity.Generation);
    }
}
