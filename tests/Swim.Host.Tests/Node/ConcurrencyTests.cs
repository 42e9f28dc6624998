namespace Swim.Host.Tests.Node;

/// <summary>Calls from many threads, and calls that are given up.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Waiting_to_become_active_can_be_cancelled_and_the_node_goes_on_trying()
    {
        await using var cluster = new TestCluster();
        using var silent = new RawPeer();
        var node = cluster.Start(TestCluster.Options with { Seeds = [silent.Seed] });
        using var cancel = new CancellationTokenSource();
        var waiting = node.WaitUntilActiveAsync(cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("waiting ends"));
        await silent.ReceiveUntilAsync(MessageKind.Announce);
        Assert.Equal(ConnectionState.Idle, node.ConnectionState);

        var other = cluster.Start(node);
        await node.WaitUntilActiveAsync(Deadline.Token).Within("it is active after all");
        await node.SeesAsync(other);
    }

    [Fact]
    public async Task A_cancelled_operation_is_not_carried_out()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.LeaveAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.WaitUntilActiveAsync(cancelled));
        Assert.False(node.Snapshot.HasLeft);
    }

    /// <summary>One that is cancelled while the loop is held up is dropped when its turn comes.</summary>
    [Fact]
    public async Task An_operation_that_is_cancelled_while_it_waits_is_not_carried_out()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        using var cancel = new CancellationTokenSource();
        var node = cluster.Start(TestCluster.Options, gate);
        peer.Broadcast(node, [1]);
        await gate.Entered.Within("the loop is held up");

        var leaving = node.LeaveAsync(cancel.Token);
        await cancel.CancelAsync();
        gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Within("the operation ends"));
        Assert.False(node.Snapshot.HasLeft);
    }

    /// <summary>Far more requests than may wait: all are answered.</summary>
    [Fact]
    public async Task Thousands_of_concurrent_requests_are_all_answered()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.Options, new Store());

        var requests = Enumerable
            .Range(1, 5_000)
            .AsParallel()
            .Select(version => node.BroadcastAsync(Store.Item(1, version), Deadline.Token))
            .ToArray();

        var fresh = await Task.WhenAll(requests).Within("all are answered");
        Assert.Contains(true, fresh);
        Assert.Equal(1, node.Snapshot.CustomBroadcastBacklog);
    }

    /// <summary>Whatever is under way when the node is disposed is carried out or says that it was too late.</summary>
    [Fact]
    public async Task Calls_while_the_node_is_disposed_end()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var cluster = new TestCluster();
            var node = cluster.Start(TestCluster.Options, new Store());
            var started = new CountdownEvent(4);

            Task[] calls =
            [
                RepeatAsync(started, version => node.BroadcastAsync(Store.Item(1, version))),
                RepeatAsync(started, _ => node.SetConfigAsync(TestCluster.Options.Config)),
                RepeatAsync(started, _ => node.LeaveAsync()),
                RepeatAsync(started, async _ => await ReadOneAsync(node)),
            ];

            started.Wait(Deadline.Token);
            var disposing = Enumerable.Range(0, 3).Select(_ => node.DisposeAsync().AsTask());
            await Task.WhenAll(disposing).Within("it is disposed");

            foreach (var call in calls)
            {
                await call.Within("every call ends");
            }
        }
    }

    /// <summary>Calls again and again until the node is disposed.</summary>
    private static Task RepeatAsync(CountdownEvent started, Func<int, Task> call) =>
        Task.Run(async () =>
        {
            for (var count = 1; ; count++)
            {
                try
                {
                    await call(count);
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
                finally
                {
                    if (count == 1)
                    {
                        started.Signal();
                    }
                }
            }
        });

    private static async Task ReadOneAsync(SwimNode node)
    {
        await using var events = node.WatchAsync().GetAsyncEnumerator();
        await events.MoveNextAsync();
        Assert.True(events.Current.IsResynchronize);
    }
}
