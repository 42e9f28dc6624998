using System.Net;
using Swim.Host.Telemetry;

namespace Swim.Host.Tests.Events;

/// <summary>The queues between a node and the readers of its events.</summary>
public sealed class EventFeedTests
{
    private const int Capacity = 8;

    private readonly NodeTelemetry _telemetry = new(null, null, TimeProvider.System);
    private readonly SwimInstance<NodeIdentity> _instance = new(
        NodeIdentity.Create(new IPEndPoint(IPAddress.Loopback, 1)),
        SwimConfig.Simple(),
        NodeIdentityCodec.Instance,
        randomSeed: 1
    );

    private readonly EventFeed _feed;

    public EventFeedTests() => _feed = new EventFeed(Capacity, () => _instance.Snapshot, _telemetry);

    [Fact]
    public async Task A_reader_is_resynchronized_first_and_then_gets_every_event_in_order()
    {
        await using var reader = Read();
        await reader.ResynchronizedAsync();

        for (var port = 1; port <= Capacity; port++)
        {
            _feed.Publish(Up(port));
        }

        for (var port = 1; port <= Capacity; port++)
        {
            Assert.Equal(Up(port).Event, await reader.NextEventAsync());
        }

        Assert.Equal(0, _telemetry.Statistics.Resynchronizations);
    }

    /// <summary>What happened before a reader first asks is in its first snapshot, so it is not told again.</summary>
    [Fact]
    public async Task Events_before_a_reader_first_asks_are_in_its_snapshot()
    {
        await using var reader = Read();
        _feed.Publish(Up(1));
        await reader.ResynchronizedAsync();

        _feed.Publish(Up(2));
        Assert.Equal(Up(2).Event, await reader.NextEventAsync());
    }

    [Fact]
    public async Task A_reader_that_falls_behind_by_more_than_the_capacity_is_resynchronized_once()
    {
        await using var reader = Read();
        await reader.NextAsync();
        PublishMany(Capacity + 1);
        Assert.Equal(1, _telemetry.Statistics.Resynchronizations);

        Assert.Equal(_instance.Identity, (await reader.ResynchronizedAsync()).Identity);

        _feed.Publish(Up(99));
        Assert.Equal(Up(99).Event, await reader.NextEventAsync());
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
            Assert.Equal(Up(port).Event, await fast.NextEventAsync());

            if (port == Capacity)
            {
                Assert.Equal(Up(1).Event, await slow.NextEventAsync());
            }
        }

        // One place had become free, then the queue was full again and lost.
        await slow.ResynchronizedAsync();
        Assert.Equal(1, _telemetry.Statistics.Resynchronizations);
    }

    /// <summary>Every event comes with a snapshot, so a queue without a bound would hold on to all states there were.</summary>
    [Fact]
    public async Task A_burst_against_a_stuck_reader_holds_on_to_no_more_than_the_capacity()
    {
        await using var stuck = Read();
        await stuck.NextAsync();
        var published = PublishMany(10_000);
        GC.Collect();

        Assert.InRange(published.Count(snapshot => snapshot.IsAlive), 0, Capacity);

        // In the place of all that it missed.
        await stuck.ResynchronizedAsync();
        Assert.Equal(1, _telemetry.Statistics.Resynchronizations);
    }

    [Fact]
    public async Task What_waits_is_still_read_after_the_end()
    {
        await using var reader = Read();
        await reader.NextAsync();
        _feed.Publish(Up(1));
        _feed.Publish(Up(2));
        _feed.Complete();

        Assert.Equal(Up(1).Event, await reader.NextEventAsync());
        Assert.Equal(Up(2).Event, await reader.NextEventAsync());
        Assert.False(await reader.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_reader_that_comes_after_the_end_learns_what_held_last()
    {
        _feed.Complete();
        await using var reader = Read();
        await reader.ResynchronizedAsync();
        Assert.False(await reader.MoveNextAsync().AsTask().Within("the stream ends"));
    }

    [Fact]
    public async Task A_reader_that_waits_can_be_cancelled_and_the_others_continue()
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
        Assert.Equal(Up(1).Event, await other.NextEventAsync());
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
        Assert.DoesNotContain(published, snapshot => snapshot.IsAlive);
        Assert.Equal(0, _telemetry.Statistics.Resynchronizations);
    }

    private IAsyncEnumerator<WatchedEvent> Read() =>
        _feed.ReadAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);

    /// <summary>Publishes events, and tells of each whether its snapshot is still held by any reader.</summary>
    private List<WeakReference> PublishMany(int count)
    {
        var published = new List<WeakReference>();

        for (var port = 1; port <= count; port++)
        {
            var next = Up(port);
            published.Add(new WeakReference(next.Snapshot));
            _feed.Publish(next);
        }

        return published;
    }

    private WatchedEvent Up(int port) =>
        new(
            new SwimEvent<NodeIdentity>(
                SwimEventKind.MemberUp,
                ChangeCause.Gossip,
                hasBefore: false,
                hasAfter: true,
                before: default,
                new MemberRecord<NodeIdentity>(
                    new NodeIdentity(new IPEndPoint(IPAddress.Loopback, port), 1),
                    0,
                    MemberStatus.Alive,
                    null
                )
            ),
            _instance.Snapshot
        );
}
