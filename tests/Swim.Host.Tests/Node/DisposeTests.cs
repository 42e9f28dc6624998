using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Node;

/// <summary>The end of a node.</summary>
public sealed class DisposeTests
{
    [Fact]
    public async Task After_it_every_operation_says_that_the_node_is_disposed()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        await node.DisposeAsync();

        await DisposedAsync(() => node.BroadcastAsync(new byte[1], Deadline.Token));
        await DisposedAsync(() => node.LeaveAsync(Deadline.Token));
        await DisposedAsync(() => node.RejoinAsync(Deadline.Token));
        await DisposedAsync(() => node.SetConfigAsync(TestCluster.Options.Config, Deadline.Token));
        await DisposedAsync(() => node.WaitUntilActiveAsync(Deadline.Token));
        Assert.Throws<ObjectDisposedException>(() => node.WatchAsync(Deadline.Token));
    }

    [Fact]
    public async Task After_it_what_the_node_knew_can_still_be_read()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(2);
        await nodes[0].DisposeAsync();

        Assert.Equal(nodes[1].Identity, Assert.Single(nodes[0].Members).Identity);
        Assert.Equal(nodes[0].LocalEndPoint, nodes[0].Identity.EndPoint);
        Assert.Equal(ConnectionState.Defunct, nodes[0].ConnectionState);
        Assert.True(nodes[0].Statistics.PacketsReceived > 0);
    }

    [Fact]
    public async Task It_ends_the_node_without_an_exception_and_frees_its_port()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        Assert.False(node.Completion.IsCompleted);

        await node.DisposeAsync();
        await node.Completion.Within("the node ends");

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(node.LocalEndPoint);
    }

    [Fact]
    public async Task A_second_time_does_nothing()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        await node.DisposeAsync();
        await node.DisposeAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Waiting_to_become_active_ends_with_the_node()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var waiting = node.WaitUntilActiveAsync(Deadline.Token);
        Assert.False(waiting.IsCompleted);

        await node.DisposeAsync();
        await DisposedAsync(() => waiting);
    }

    /// <summary>No answer, no such name: the joiner is in the middle of asking.</summary>
    [Fact]
    public async Task It_does_not_wait_for_seeds_that_cannot_be_reached()
    {
        await using var cluster = new TestCluster();
        using var silent = new RawPeer();

        var node = cluster.Start(
            TestCluster.Options with
            {
                Seeds = [silent.Seed, SeedAddress.Parse($"{Names.Unresolvable}:7946")],
                LeaveTimeout = TimeSpan.FromSeconds(20),
            }
        );

        await silent.ReceiveUntilAsync(MessageKind.Announce);
        var time = Stopwatch.StartNew();
        await node.DisposeAsync().Within("it is disposed");
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>
    /// A node whose loop hangs in a user's handler cannot leave; disposing it takes no longer than the options say.
    /// </summary>
    [Fact]
    public async Task It_takes_no_longer_than_the_leave_timeout()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        var timeout = TimeSpan.FromSeconds(2);
        var node = cluster.Start(TestCluster.Options with { LeaveTimeout = timeout }, gate);
        peer.Broadcast(node, [1]);
        await gate.Entered.Within("the loop hangs");

        var time = Stopwatch.StartNew();
        await node.DisposeAsync().Within("it is disposed");
        var taken = time.Elapsed;

        Assert.Single(cluster.Log.Entries(TestLog.LeaveTimedOut));
        Assert.InRange(taken, timeout / 2, timeout * 1.75);
    }

    /// <summary>When the hanging loop continues, its socket is closed; that is no failure of the node.</summary>
    [Fact]
    public async Task A_loop_that_comes_late_ends_without_an_exception()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        var node = cluster.Start(
            TestCluster.Options with
            {
                LeaveTimeout = TimeSpan.FromMilliseconds(200),
            },
            gate
        );

        // The ping is answered after the item was handled.
        peer.Send(
            peer.Packet(
                MessageKind.Ping,
                node,
                broadcasts:
                [
                    [1],
                ]
            ),
            node
        );
        await gate.Entered.Within("the loop hangs");
        await node.DisposeAsync().Within("it is disposed");
        gate.Open();

        await node.Completion.Within("the loop ends");
        Assert.Empty(cluster.Log.Entries(TestLog.LoopFailed));
    }

    private static Task DisposedAsync(Func<Task> operation) =>
        Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            await operation().Within("the operation ends")
        );
}
