namespace Swim.Host.Tests.Support;

/// <summary>Waiting for what a node knows, by the events that it tells of.</summary>
internal static class Watching
{
    /// <summary>Waits until what the node knows satisfies a condition.</summary>
    public static async Task<SwimSnapshot<NodeIdentity>> UntilAsync(
        this SwimNode node,
        string what,
        Func<SwimSnapshot<NodeIdentity>, bool> holds,
        TimeSpan? atMost = null
    )
    {
        var limit = atMost ?? Deadline.Generous;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        deadline.CancelAfter(limit);
        var seen = new List<string>();

        try
        {
            await foreach (var watched in node.WatchAsync(deadline.Token))
            {
                if (holds(watched.Snapshot))
                {
                    return watched.Snapshot;
                }

                seen.Add(watched.Event?.ToString() ?? "a resynchronization");
            }

            seen.Add("the stream ended");
        }
        catch (OperationCanceledException) when (!Deadline.Token.IsCancellationRequested)
        {
            seen.Add($"{limit.TotalSeconds} s were over");
        }

        Assert.Fail(
            $"{node.Identity} never got there: {what}. It is {node.ConnectionState} and knows "
                + $"[{string.Join(", ", node.Snapshot.MembershipState)}]; meanwhile: {string.Join("; ", seen)}"
        );

        return node.Snapshot;
    }

    /// <summary>
    /// Waits until exactly these are its active members. They are asked for their identities each time: on a
    /// loaded machine one may be suspected falsely, and rejoin.
    /// </summary>
    public static Task SeesAsync(this SwimNode node, params IEnumerable<SwimNode> others)
    {
        SwimNode[] expected = [.. others];

        return node.UntilAsync(
            $"sees {expected.Length} others",
            snapshot =>
                snapshot
                    .Members.Select(member => member.Identity)
                    .ToHashSet()
                    .SetEquals(expected.Select(other => other.Identity))
        );
    }

    /// <summary>Waits until that identity is not among the active members.</summary>
    public static Task LosesAsync(this SwimNode node, NodeIdentity identity, TimeSpan? atMost = null) =>
        node.UntilAsync(
            $"{identity} is not active",
            snapshot => snapshot.Members.All(member => member.Identity != identity),
            atMost
        );

    /// <summary>Reads on until an event of that kind comes; what the node knew right after it is returned too.</summary>
    public static async Task<(SwimEvent<NodeIdentity> Event, SwimSnapshot<NodeIdentity> Snapshot)> UntilAsync(
        this IAsyncEnumerator<WatchedEvent> events,
        SwimEventKind kind
    )
    {
        var seen = new List<string>();

        while (await events.MoveNextAsync().AsTask().Within($"{kind} comes after {string.Join(", ", seen)}"))
        {
            if (events.Current.Event is { } occurred && occurred.Kind == kind)
            {
                return (occurred, events.Current.Snapshot);
            }

            seen.Add(events.Current.Event?.ToString() ?? "a resynchronization");
        }

        throw new InvalidOperationException($"the stream ended after {string.Join(", ", seen)}");
    }

    /// <summary>The next that comes, an event or a resynchronization.</summary>
    public static async Task<WatchedEvent> NextAsync(this IAsyncEnumerator<WatchedEvent> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().Within("another event comes"), "the stream ended");
        return events.Current;
    }

    /// <summary>The next event; fails if a resynchronization comes instead.</summary>
    public static async Task<SwimEvent<NodeIdentity>> NextEventAsync(
        this IAsyncEnumerator<WatchedEvent> events
    ) => Assert.NotNull((await events.NextAsync()).Event);

    /// <summary>Takes the resynchronization that comes next, with what it says is known.</summary>
    public static async Task<SwimSnapshot<NodeIdentity>> ResynchronizedAsync(
        this IAsyncEnumerator<WatchedEvent> events
    )
    {
        var next = await events.NextAsync();
        Assert.True(next.IsResynchronize, $"{next.Event} comes instead of a resynchronization");
        return next.Snapshot;
    }

    /// <summary>
    /// Waits until the node is done with what it began, its counting included: its loop refuses to broadcast nothing.
    /// </summary>
    public static Task SettleAsync(this SwimNode node) =>
        Assert
            .ThrowsAsync<SwimException>(() => node.BroadcastAsync(default, Deadline.Token))
            .Within($"the loop of {node.Identity} answers");

    /// <summary>What is known of that identity; fails if nothing is.</summary>
    public static MemberRecord<NodeIdentity> RecordOf(
        this SwimSnapshot<NodeIdentity> snapshot,
        NodeIdentity identity
    ) => Assert.Single(snapshot.MembershipState, member => member.Identity == identity);
}
