using System.Net;

namespace Swim.Host.Tests.Changes;

/// <summary>The changes as a user of a node sees them.</summary>
public sealed class WatchTests
{
    // Only the test makes anything happen.
    private static SwimNodeOptions Frozen => TestCluster.Options with { TimeProvider = new SteppedClock() };

    [Fact]
    public async Task The_stream_begins_with_what_is_known_already()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3);

        await using var changes = nodes[0].WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        var first = await changes.NextAsync();

        Assert.Equal(SwimChangeKind.Resynchronize, first.Kind);
        Assert.Equal(nodes[0].Identity, first.Identity);
        Assert.Equal(2, first.Snapshot.Members.Count);
    }

    [Fact]
    public async Task Joining_and_leaving_are_told_in_order()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.SlowToSuspect);
        await using var changes = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await changes.NextAsync();

        var other = cluster.Start(TestCluster.SlowToSuspect, node);
        var (up, active) = (await changes.NextAsync(), await changes.NextAsync());
        await other.SeesAsync(node);
        await other.DisposeAsync();
        var (down, idle) = (await changes.NextAsync(), await changes.NextAsync());

        Assert.Equal((SwimChangeKind.MemberUp, other.Identity), (up.Kind, up.Identity));
        Assert.Equal((SwimChangeKind.Active, node.Identity), (active.Kind, active.Identity));
        Assert.Equal((SwimChangeKind.MemberDown, other.Identity), (down.Kind, down.Identity));
        Assert.Equal((SwimChangeKind.Idle, node.Identity), (idle.Kind, idle.Identity));
        Assert.Single(active.Snapshot.Members);
        Assert.Empty(idle.Snapshot.Members);
    }

    [Fact]
    public async Task The_stream_ends_when_the_node_is_disposed()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        await using var changes = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await changes.NextAsync();

        await node.DisposeAsync();
        Assert.Equal(SwimChangeKind.Defunct, (await changes.NextAsync()).Kind);
        Assert.False(await changes.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_stream_can_be_cancelled()
    {
        await using var cluster = new TestCluster();
        using var cancel = new CancellationTokenSource();
        var node = cluster.Start();
        await using var changes = node.WatchAsync(cancel.Token).GetAsyncEnumerator(Deadline.Token);
        await changes.NextAsync();
        var waiting = changes.MoveNextAsync().AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the wait ends"));
    }

    /// <summary>Whoever reads a stream twice must not wait for ever the second time.</summary>
    [Fact]
    public async Task A_stream_that_is_read_again_ends_too()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var changes = node.WatchAsync(Deadline.Token);

        await foreach (var change in changes)
        {
            Assert.Equal(SwimChangeKind.Resynchronize, change.Kind);
            break;
        }

        var again = new Folding().ReadAsync(changes);
        await node.DisposeAsync();
        await again.Within("the stream ends");
    }

    /// <summary>A reader that is stuck while a hundred members come: it is told the truth in one piece.</summary>
    [Fact]
    public async Task A_stuck_reader_is_resynchronized_with_the_truth()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen with { ChangeQueueCapacity = 4 });
        await using var changes = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await changes.NextAsync();

        peer.Gossip(node, [.. Enumerable.Range(1, 50).Select(port => Record(port))]);
        peer.Gossip(node, [.. Enumerable.Range(51, 50).Select(port => Record(port))]);
        await peer.AnnounceAsync(node);

        var change = await changes.NextAsync();
        Assert.Equal(SwimChangeKind.Resynchronize, change.Kind);
        Assert.Equal(101, change.Snapshot.Members.Count);
        Assert.Equal(1, node.Statistics.ChangesResynchronized);
    }

    /// <summary>
    /// Hundreds of ups, downs and renames in any order, read by one who keeps up and by one whose queue holds two:
    /// whoever believes the stream ends with what the node knows.
    /// </summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(2)]
    public async Task Nothing_is_lost_without_a_word(int capacity)
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen with { ChangeQueueCapacity = capacity, LeaveOnDispose = false });
        var told = new Folding();
        var reading = told.ReadAsync(node.WatchAsync(Deadline.Token));
        var random = new Random(1);

        for (var round = 0; round < 100; round++)
        {
            peer.Gossip(
                node,
                [
                    .. Enumerable
                        .Range(0, 20)
                        .Select(_ =>
                            Record(
                                port: random.Next(1, 30),
                                generation: random.Next(1, 20),
                                isDown: random.Next(3) == 0
                            )
                        ),
                ]
            );

            await peer.AnnounceAsync(node);
        }

        await node.DisposeAsync();
        await reading.Within("the stream ends");

        var known = node.Members.Select(member => member.Identity).ToHashSet();
        Assert.True(known.SetEquals(told.Members), $"told [{string.Join(", ", told.Members)}]");
        Assert.Equal(node.Statistics.ChangesResynchronized + 1, told.Resynchronized);
        Assert.Equal(capacity == 2, node.Statistics.ChangesResynchronized > 0);
    }

    /// <summary>The same over a cluster that lives: nodes come, leave, vanish and come back.</summary>
    [Fact]
    public async Task What_a_reader_is_told_of_a_living_cluster_is_what_its_node_knows()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var told = new Folding();
        var reading = told.ReadAsync(node.WatchAsync(Deadline.Token));

        for (var round = 0; round < 3; round++)
        {
            var leaver = cluster.Start(node);
            var vanisher = cluster.Start(TestCluster.Options with { LeaveOnDispose = false }, node);
            var stayer = cluster.Start(node);
            await node.UntilAsync("all are there", snapshot => Knows(snapshot, leaver, vanisher, stayer));

            await leaver.DisposeAsync();
            await vanisher.DisposeAsync();
            await node.LosesAsync(leaver.Identity);
            await node.LosesAsync(vanisher.Identity);
        }

        await node.DisposeAsync();
        await reading.Within("the stream ends");

        var known = node.Members.Select(member => member.Identity).ToHashSet();
        Assert.Equal(3, known.Count);
        Assert.True(known.SetEquals(told.Members), $"told [{string.Join(", ", told.Members)}]");
    }

    private static bool Knows(SwimSnapshot<NodeIdentity> snapshot, params SwimNode[] nodes) =>
        nodes.All(node => snapshot.Members.Any(member => member.Identity == node.Identity));

    // Nobody is there: the clock stands still, so nothing is ever sent to them.
    private static Member<NodeIdentity> Record(int port, int generation = 1, bool isDown = false) =>
        new(
            new NodeIdentity(new IPEndPoint(IPAddress.Loopback, port), (ulong)generation),
            0,
            isDown ? MemberStatus.Down : MemberStatus.Alive
        );
}
