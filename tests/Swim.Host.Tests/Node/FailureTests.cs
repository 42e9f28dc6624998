namespace Swim.Host.Tests.Node;

/// <summary>
/// A loop that fails, by a fault in what the user gave to the node: everyone who waits is told, and nothing is
/// left running.
/// </summary>
public sealed class FailureTests
{
    private static readonly InvalidOperationException Fault = new("a fault in the user's code");

    [Fact]
    public async Task Whoever_waits_for_the_node_is_told_what_happened()
    {
        await using var scene = new Scene();
        var node = scene.Node;
        var waiting = node.WaitUntilActiveAsync(Deadline.Token);
        await using var events = node.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);

        await scene.FailAsync();

        Assert.Same(Fault, await Assert.ThrowsAsync<InvalidOperationException>(() => node.Completion));
        await events.ResynchronizedAsync();

        while (await events.MoveNextAsync().AsTask().Within("the stream ends")) { }

        // The peer was seen before the fault came to light.
        await waiting.Within("waiting ends");
        var entry = Assert.Single(scene.Log.Entries(TestLog.LoopFailed));
        Assert.Same(Fault, entry.Exception);
    }

    [Fact]
    public async Task Operations_that_wait_end()
    {
        await using var scene = new Scene();
        scene.Hang();
        await scene.Gate.Entered.Within("the loop hangs");
        var leaving = scene.Node.LeaveAsync(Deadline.Token);
        var broadcasting = scene.Node.BroadcastAsync(new byte[1], Deadline.Token);

        await scene.FailAsync();

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => leaving.Within("leaving ends"));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            broadcasting.Within("broadcasting ends")
        );
    }

    [Fact]
    public async Task Later_operations_say_that_the_node_is_gone()
    {
        await using var scene = new Scene();
        await scene.FailAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => scene.Node.LeaveAsync(Deadline.Token));
        await scene.Node.DisposeAsync().Within("it can be disposed");
    }

    /// <summary>Leaving runs the user's code; what that throws must not keep the node from stopping.</summary>
    [Fact]
    public async Task A_fault_while_leaving_does_not_keep_the_node_from_stopping()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        gate.Open();
        var node = cluster.Start(TestCluster.Options with { TimeProvider = new SteppedClock() }, gate);
        await peer.AnnounceAsync(node);
        await node.BroadcastAsync(new byte[1], Deadline.Token);

        gate.OnFilter = () => throw Fault;
        await Record.ExceptionAsync(() => node.DisposeAsync().AsTask());

        await node.Completion.Within("the node stops");
    }

    /// <summary>A node whose logger throws, which it must not, once it is told to.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly RawPeer _peer = new();

        public Scene()
        {
            var options = TestCluster.Options with { LoggerFactory = Log };
            Node = SwimNode.Start(options, Gate);
        }

        public SwimNode Node { get; }

        public Gate Gate { get; } = new();

        public TestLog Log { get; } = new();

        /// <summary>The loop stands at the gate with the item of this ping, and refuses it after that.</summary>
        public void Hang() =>
            _peer.Send(
                _peer.Packet(
                    MessageKind.Ping,
                    Node,
                    broadcasts:
                    [
                        [1],
                    ]
                ),
                Node
            );

        public async Task FailAsync()
        {
            Gate.Verdict = BroadcastVerdict.Invalid;
            Log.OnRefused = () => throw Fault;
            Gate.Open();
            Hang();
            await ((Task)Node.Completion.ContinueWith(_ => { }, TaskScheduler.Default)).Within(
                "the loop fails"
            );
        }

        public async ValueTask DisposeAsync()
        {
            Gate.Dispose();
            _peer.Dispose();
            await Node.DisposeAsync().Within("it is disposed");
        }
    }
}
