using System.Net;
using Swim.Host.Telemetry;

namespace Swim.Host.Tests.Changes;

/// <summary>The queues between a node and the readers of its changes.</summary>
public sealed class ChangeFeedTests
{
    private const int Capacity = 8;

    private readonly NodeCounters _counters = new(new Instruments(null, null));
    private readonly SwimInstance<NodeIdentity> _instance = new(
        NodeIdentity.Create(new IPEndPoint(IPAddress.Loopback, 1)),
        SwimConfig.Simple(),
        NodeIdentityCodec.Instance,
        seed: 1
    );

    private readonly ChangeFeed _feed;

    public ChangeFeedTests() => _feed = new ChangeFeed(Capacity, () => _instance.Snapshot, _counters);

    [Fact]
    public async Task A_reader_is_resynchronized_first_and_then_gets_every_change_in_order()
    {
        await using var reader = Read();
        Assert.Equal(SwimChangeKind.Resynchronize, (await reader.NextAsync()).Kind);

        for (var port = 1; port <= Capacity; port++)
        {
            _feed.Publish(Up(port));
        }

        for (var port = 1; port <= Capacity; port++)
        {
            Assert.Equal(Up(port).Identity, (await reader.NextAsync()).Identity);
        }

        Assert.Equal(0, _counters.Read().ChangesResynchronized);
    }

    /// <summary>What happened before a reader first asks is in its first snapshot, so it is not told again.</summary>
    [Fact]
    public async Task Changes_before_the_first_look_are_in_its_snapshot()
    {
        await using var reader = Read();
        _feed.Publish(Up(1));
        Assert.Equal(SwimChangeKind.Resynchronize, (await reader.NextAsync()).Kind);

        _feed.Publish(Up(2));
        Assert.Equal(Up(2).Identity, (await reader.NextAsync()).Identity);
    }

    [Fact]
    public async Task A_reader_that_falls_behind_by_more_than_the_capacity_is_resynchronized_once()
    {
        await using var reader = Read();
        await reader.NextAsync();
        PublishMany(Capacity + 1);
        Assert.Equal(1, _counters.Read().ChangesResynchronized);

        var change = await reader.NextAsync();
        Assert.Equal(SwimChangeKind.Resynchronize, change.Kind);
        Assert.Equal(_instance.Identity, change.Identity);

        _feed.Publish(Up(99));
        Assert.Equal(Up(99).Identity, (await reader.NextAsync()).Identity);
    }

    /// <summary>The fast one misses nothing, the slow one is told that it did, and neither waits for the other.</summary>
    [Fact]
    public async Task Readers_go_at_their_own_pace()
    {
        await using var fast = Read();
        await using var slow = Read();
        await fast.NextAsync();
        await slow.NextAsync();

        for (var port = 1; port <= 100; port++)
        {
            _feed.Publish(Up(port));
            Assert.Equal(Up(port).Identity, (await fast.NextAsync()).Identity);

            if (port == Capacity)
            {
                Assert.Equal(Up(1).Identity, (await slow.NextAsync()).Identity);
            }
        }

        // One place had become free, then the queue was full again and lost.
        Assert.Equal(SwimChangeKind.Resynchronize, (await slow.NextAsync()).Kind);
        Assert.Equal(1, _counters.Read().ChangesResynchronized);
    }

    /// <summary>Every change holds a snapshot, so a queue without a bound would hold on to all states there were.</summary>
    [Fact]
    public async Task A_burst_against_a_stuck_reader_holds_on_to_no_more_than_the_capacity()
    {
        await using var stuck = Read();
        await stuck.NextAsync();
        var published = PublishMany(10_000);
        GC.Collect();

        Assert.InRange(published.Count(change => change.IsAlive), 0, Capacity);

        // In the place of all that it missed.
        Assert.Equal(SwimChangeKind.Resynchronize, (await stuck.NextAsync()).Kind);
        Assert.Equal(1, _counters.Read().ChangesResynchronized);
    }

    [Fact]
    public async Task What_waits_is_still_read_after_the_end()
    {
        await using var reader = Read();
        await reader.NextAsync();
        _feed.Publish(Up(1));
        _feed.Publish(Up(2));
        _feed.Complete();

        Assert.Equal(Up(1).Identity, (await reader.NextAsync()).Identity);
        Assert.Equal(Up(2).Identity, (await reader.NextAsync()).Identity);
        Assert.False(await reader.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_reader_that_comes_after_the_end_learns_what_held_last()
    {
        _feed.Complete();
        await using var reader = Read();
        Assert.Equal(SwimChangeKind.Resynchronize, (await reader.NextAsync()).Kind);
        Assert.False(await reader.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_reader_that_waits_can_be_cancelled_and_the_others_go_on()
    {
        using var cancel = new CancellationTokenSource();
        await using var cancelled = _feed.ReadAsync(cancel.Token).GetAsyncEnumerator(Deadline.Token);
        await using var other = Read();
        await cancelled.NextAsync();
        await other.NextAsync();
        var waiting = cancelled.MoveNextAsync().AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the wait ends"));

        _feed.Publish(Up(1));
        Assert.Equal(Up(1).Identity, (await other.NextAsync()).Identity);
    }

    /// <summary>A reader that is done is forgotten: what comes later is not kept for it.</summary>
    [Fact]
    public async Task A_reader_that_stopped_costs_nothing()
    {
        await using (var reader = Read())
        {
            await reader.NextAsync();
        }

        var published = PublishMany(Capacity);
        GC.Collect();
        Assert.DoesNotContain(published, change => change.IsAlive);
        Assert.Equal(0, _counters.Read().ChangesResynchronized);
    }

    private IAsyncEnumerator<SwimChange> Read() =>
        _feed.ReadAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);

    /// <summary>Publishes changes, and tells of each whether its snapshot is still held by anyone.</summary>
    private List<WeakReference> PublishMany(int count)
    {
        var published = new List<WeakReference>();

        for (var port = 1; port <= count; port++)
        {
            var change = Up(port);
            published.Add(new WeakReference(change.Snapshot));
            _feed.Publish(change);
        }

        return published;
    }

    private SwimChange Up(int port) =>
        new(
            SwimChangeKind.MemberUp,
            new NodeIdentity(new IPEndPoint(IPAddress.Loopback, port), 1),
            null,
            _instance.Snapshot
        );
}
