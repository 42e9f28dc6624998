namespace Swim.Host.Tests.Support;

/// <summary>Waiting for what a node knows, by the changes that it tells of.</summary>
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
            await foreach (var change in node.WatchAsync(deadline.Token))
            {
                if (holds(change.Snapshot))
                {
                    return change.Snapshot;
                }

                seen.Add($"{change.Kind} {change.Identity}");
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

    /// <summary>Reads on until a change of that kind comes.</summary>
    public static async Task<SwimChange> UntilAsync(
        this IAsyncEnumerator<SwimChange> changes,
        SwimChangeKind kind
    )
    {
        var seen = new List<SwimChangeKind>();

        while (await changes.MoveNextAsync().AsTask().Within($"{kind} comes after {string.Join(", ", seen)}"))
        {
            if (changes.Current.Kind == kind)
            {
                return changes.Current;
            }

            seen.Add(changes.Current.Kind);
        }

        throw new InvalidOperationException($"the stream ended after {string.Join(", ", seen)}");
    }

    /// <summary>The next change.</summary>
    public static async Task<SwimChange> NextAsync(this IAsyncEnumerator<SwimChange> changes)
    {
        Assert.True(
            await changes.MoveNextAsync().AsTask().Within("another change comes"),
            "the stream ended"
        );
        return changes.Current;
    }

    /// <summary>
    /// Waits until the node is done with what it began, its counting included: its loop refuses to broadcast nothing.
    /// </summary>
    public static Task SettleAsync(this SwimNode node) =>
        Assert
            .ThrowsAsync<SwimException>(() => node.BroadcastAsync(default, Deadline.Token))
            .Within($"the loop of {node.Identity} answers");

    /// <summary>What is known of that identity; fails if nothing is.</summary>
    public static Member<NodeIdentity> RecordOf(
        this SwimSnapshot<NodeIdentity> snapshot,
        NodeIdentity identity
    ) => Assert.Single(snapshot.MembershipState, member => member.Identity == identity);
}
