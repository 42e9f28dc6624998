using System.Diagnostics.Metrics;

namespace Swim.Host.Telemetry;

/// <summary>What can be read of a node at any time. Read by whoever collects, never by the node's loop.</summary>
/// <param name="node">The attributes of all that the node reports.</param>
/// <param name="snapshot">What it knows.</param>
/// <param name="queueLength">How many packets wait for its loop.</param>
internal sealed class NodeGauges(
    KeyValuePair<string, object?>[] node,
    Func<SwimSnapshot<NodeIdentity>> snapshot,
    Func<int> queueLength
)
{
    private const string Status = "swim.member.status";
    private const string Backlog = "swim.backlog.kind";

    /// <summary>Counts by going through the members: once a collection, on the collector's thread.</summary>
    public IEnumerable<Measurement<int>> Members()
    {
        var now = snapshot();
        var suspects = now.Members.Count(member => member.Status == MemberStatus.Suspect);
        yield return Of(now.Members.Count - suspects, Status, "alive");
        yield return Of(suspects, Status, "suspect");
        yield return Of(now.MembershipState.Count - now.Members.Count, Status, "down");
    }

    public IEnumerable<Measurement<int>> Backlogs()
    {
        var now = snapshot();
        yield return Of(now.UpdatesBacklog, Backlog, "updates");
        yield return Of(now.CustomBroadcastBacklog, Backlog, "broadcasts");
    }

    public Measurement<int> Tombstones() => new(snapshot().TombstoneCount, node);

    public Measurement<int> QueueLength() => new(queueLength(), node);

    private Measurement<int> Of(int value, string name, string word) =>
        new(value, [.. node, new(name, word)]);
}
