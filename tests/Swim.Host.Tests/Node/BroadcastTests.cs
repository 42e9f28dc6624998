namespace Swim.Host.Tests.Node;

/// <summary>Custom broadcasts through a handler as users write them: a versioned key-value store.</summary>
public sealed class BroadcastTests
{
    private const byte Name = 7;

    // An item reaches all members with a probability only, which grows with how often each passes it on. With
    // the few times that a small cluster gets by default, one run in a hundred would miss a member.
    private static readonly SwimNodeOptions Persistent = TestCluster.Options with
    {
        Config = TestCluster.Options.Config with { MaxTransmissions = 20 },
    };

    [Fact]
    public async Task A_broadcast_reaches_all_nodes_and_so_does_the_version_that_replaces_it()
    {
        await using var cluster = new TestCluster();
        var stores = Enumerable.Range(0, 5).Select(_ => new Store()).ToArray();
        var nodes = new List<SwimNode>();

        foreach (var store in stores)
        {
            nodes.Add(cluster.Start(Persistent, store, [.. nodes.Take(1)]));
        }

        foreach (var node in nodes)
        {
            await node.SeesAsync(nodes.Where(other => other != node));
        }

        Assert.True(await nodes[0].BroadcastAsync(Store.Item(Name, 1, 10, 11), Deadline.Token));
        Assert.True(await nodes[4].BroadcastAsync(Store.Item(Name + 1, 1, 20), Deadline.Token));

        foreach (var store in stores)
        {
            Assert.Equal([10, 11], await store.Arrival(Name, 1).Within("the first reaches all"));
            Assert.Equal([20], await store.Arrival(Name + 1, 1).Within("the other reaches all"));
        }

        Assert.True(await nodes[3].BroadcastAsync(Store.Item(Name, 2, 12), Deadline.Token));

        foreach (var store in stores)
        {
            Assert.Equal([12], await store.Arrival(Name, 2).Within("the newer version reaches all"));
        }

        Assert.All(nodes, node => Assert.Empty(node.Statistics.PacketsRefused));
    }

    /// <summary>An old version is not disseminated, whether it is our own or that of another member.</summary>
    [Fact]
    public async Task Stale_versions_stop()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var store = new Store();
        var options = TestCluster.Options with { TimeProvider = new SteppedClock() };
        var node = cluster.Start(options, store);
        await peer.AnnounceAsync(node);

        Assert.True(await node.BroadcastAsync(Store.Item(Name, 5), Deadline.Token));
        Assert.Equal(1, node.Snapshot.CustomBroadcastBacklog);

        Assert.False(await node.BroadcastAsync(Store.Item(Name, 5), Deadline.Token));
        Assert.False(await node.BroadcastAsync(Store.Item(Name, 4), Deadline.Token));
        peer.Broadcast(node, Store.Item(Name, 3), Store.Item(Name, 5));
        await peer.AnnounceAsync(node);

        Assert.Equal(4, store.StaleCount);
        Assert.Equal(1, node.Snapshot.CustomBroadcastBacklog);
        Assert.Empty(node.Statistics.PacketsRefused);
    }

    [Fact]
    public async Task A_newer_version_takes_the_place_of_the_one_that_waits()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var store = new Store();
        var options = TestCluster.Options with { TimeProvider = new SteppedClock() };
        var node = cluster.Start(options, store);
        await peer.AnnounceAsync(node);

        await node.BroadcastAsync(Store.Item(Name, 1), Deadline.Token);
        await node.BroadcastAsync(Store.Item(Name + 1, 1), Deadline.Token);
        Assert.Equal(2, node.Snapshot.CustomBroadcastBacklog);

        peer.Broadcast(node, Store.Item(Name, 2));
        await store.Arrival(Name, 2).Within("the newer version arrives");
        await peer.AnnounceAsync(node);
        Assert.Equal(2, node.Snapshot.CustomBroadcastBacklog);
    }

    [Fact]
    public async Task What_cannot_be_broadcast_is_refused_with_a_reason()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.Options, new Store());
        var without = cluster.Start();

        await RefusesAsync(node, [], SwimError.MalformedPacket);
        await RefusesAsync(node, [1, 2], SwimError.CustomBroadcast);
        await RefusesAsync(node, new byte[TestCluster.Options.Config.MaxPacketSize], SwimError.DataTooBig);
        await RefusesAsync(without, Store.Item(Name, 1), SwimError.CustomBroadcast);
        Assert.Equal(0, node.Snapshot.CustomBroadcastBacklog);
    }

    /// <summary>An item from the network that the handler rejects is counted.</summary>
    [Fact]
    public async Task A_rejected_item_is_counted_and_the_node_goes_on()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(TestCluster.Options, new Store());

        peer.Broadcast(node, [1]);
        await peer.AnnounceAsync(node);

        var refused = Assert.Single(node.Statistics.PacketsRefused);
        Assert.Equal(new(SwimError.CustomBroadcast, 1), refused);
    }

    private static async Task RefusesAsync(SwimNode node, byte[] data, SwimError reason)
    {
        var refused = await Assert.ThrowsAsync<SwimException>(() =>
            node.BroadcastAsync(data, Deadline.Token)
        );
        Assert.Equal(reason, refused.Error);
    }
}
