using System.Net;

namespace Swim.Host.Tests.Events;

/// <summary>The events as a user of a node sees them.</summary>
public sealed class WatchTests
{
    // Only the test makes anything happen.
    private static SwimNodeOptions Frozen => TestCluster.Options with { TimeProvider = new SteppedClock() };

    [Fact]
    public async Task The_stream_begins_with_what_is_known_already()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3);

        await using var events = nodes[0].WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        var known = await events.ResynchronizedAsync();

        Assert.Equal(nodes[0].Identity, known.Identity);
        Assert.Equal(2, known.Members.Count);
    }

    [Fact]
    public async Task Joining_and_leaving_are_told_in_order()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(Frozen);
        await using var events = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await events.ResynchronizedAsync();

        var other = cluster.Start(Frozen, node);
        var (up, active) = (await events.NextEventAsync(), await events.NextAsync());
        await other.SeesAsync(node);
        await other.DisposeAsync();
        var (down, idle) = (await events.NextEventAsync(), await events.NextAsync());

        Assert.Equal((SwimEventKind.MemberUp, other.Identity), (up.Kind, up.Identity));
        Assert.Equal((SwimEventKind.Active, node.Identity), (active.Event?.Kind, active.Event?.Identity));
        Assert.Equal((SwimEventKind.MemberDown, other.Identity), (down.Kind, down.Identity));
        Assert.Equal((SwimEventKind.Idle, node.Identity), (idle.Event?.Kind, idle.Event?.Identity));
        Assert.Single(active.Snapshot.Members);
        Assert.Empty(idle.Snapshot.Members);
    }

    [Fact]
    public async Task The_stream_ends_when_the_node_is_disposed()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        await using var events = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await events.ResynchronizedAsync();

        await node.DisposeAsync();
        var left = await events.NextEventAsync();
        Assert.Equal((SwimEventKind.Defunct, ChangeCause.Leave), (left.Kind, left.Cause));
        Assert.False(await events.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_stream_can_be_cancelled()
    {
        await using var cluster = new TestCluster();
        using var cancel = new CancellationTokenSource();
        var node = cluster.Start();
        await using var events = node.WatchAsync(cancel.Token).GetAsyncEnumerator(Deadline.Token);
        await events.ResynchronizedAsync();
        var waiting = events.MoveNextAsync().AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the wait ends"));
    }

    /// <summary>A reader that reads a stream twice must not wait without end the second time.</summary>
    [Fact]
    public async Task A_stream_that_is_read_again_ends_too()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var events = node.WatchAsync(Deadline.Token);

        await foreach (var watched in events)
        {
            Assert.True(watched.IsResynchronize);
            break;
        }

        var again = new Folding().ReadAsync(events);
        await node.DisposeAsync();
        await again.Within("the stream ends");
    }

    /// <summary>A reader that is stuck while a hundred members come: it is told the truth in one piece.</summary>
    [Fact]
    public async Task A_stuck_reader_is_resynchronized_with_the_truth()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen with { EventQueueCapacity = 4 });
        await using var events = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);
        await events.ResynchronizedAsync();

        peer.Gossip(node, [.. Enumerable.Range(1, 50).Select(port => Record(port))]);
        peer.Gossip(node, [.. Enumerable.Range(51, 50).Select(port => Record(port))]);
        await peer.AnnounceAsync(node);

        Assert.Equal(101, (await events.ResynchronizedAsync()).Members.Count);
        Assert.Equal(1, node.Statistics.Resynchronizations);
    }

    /// <summary>
    /// Hundreds of ups, downs, renames, suspicions and refutations in any order, read by a reader that keeps up and by
    /// one whose queue holds two: a reader that believes the stream ends with what the node knows. Where no event is
    /// lost, each begins with the record with which the one before it ended.
    /// </summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(2)]
    public async Task A_reader_that_believes_its_stream_ends_with_what_the_node_knows(int capacity)
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen with { EventQueueCapacity = capacity, LeaveOnDispose = false });
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
                                incarnation: random.Next(3),
                                status: (MemberStatus)random.Next(3)
                            )
                        ),
                ]
            );

            await peer.AnnounceAsync(node);
        }

        await node.DisposeAsync();
        await reading.Within("the stream ends");

        told.AssertKnows(node);
        Assert.Equal(node.Statistics.Resynchronizations + 1, told.Resynchronized);
        Assert.Equal(capacity == 2, node.Statistics.Resynchronizations > 0);

        if (capacity > 2)
        {
            Assert.Equal(0, told.Gaps);
        }
    }

    /// <summary>The same over a cluster that lives: nodes come, leave, vanish and come back.</summary>
    [Fact]
    public async Task A_reader_that_believes_its_stream_knows_what_its_node_knows_of_a_living_cluster()
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

        Assert.Equal(3, node.Members.Count);
        told.AssertKnows(node);
    }

    private static bool Knows(SwimSnapshot<NodeIdentity> snapshot, params SwimNode[] nodes) =>
        nodes.All(node => snapshot.Members.Any(member => member.Identity == node.Identity));

    // No such members exist: the clock stands still, so nothing is ever sent to them.
    private static MemberRecord<NodeIdentity> Record(
        int port,
        int generation = 1,
        int incarnation = 0,
        MemberStatus status = MemberStatus.Alive
    ) =>
        new(
            new NodeIdentity(new IPEndPoint(IPAddress.Loopback, port), (ulong)generation),
            status == MemberStatus.Down ? (ushort)0 : (ushort)incarnation,
            status,
            null
        );
}
