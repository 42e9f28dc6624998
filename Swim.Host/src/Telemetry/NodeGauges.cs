using System.Diagnostics.Metrics;

namespace Swim.Host.Telemetry;

/// <summary>
/// The figures of a node that are read at collection, by the collector and not by the loop of the node.
/// </summary>
/// <param name="node">The attributes of all figures of the node.</param>
/// <param name="snapshot">Returns all that the node knows.</param>
/// <param name="queueLength">Returns the number of packets that wait for the loop.</param>
internal sealed class NodeGauges(
    KeyValuePair<string, object?>[] node,
    Func<SwimSnapshot<NodeIdentity>> snapshot,
    Func<int> queueLength
)
{
    private const string Status = "swim.member.status";
    private const string Backlog = "swim.backlog.kind";

    /// <summary>Counts the members by status: once per collection, on the thread of the collector.</summary>
    public IEnumerable<Measurement<int>> Members()
    {
        var now = snapshot();
        var suspects = now.Members.Count(member => member.Status == MemberStatus.Suspect);
        yield return Of(now.Members.Count - suspects, Status, "alive");
        yield return Of(suspects, Status, "suspect");
        var left = now.MembershipState.Count(member => member.HasLeft);
        yield return Of(now.MembershipState.Count - now.Members.Count - left, Status, "down");
        yield return Of(left, Status, "left");
    }

    public IEnumerable<Measurement<int>> Backlogs()
    {
        var now = snapshot();
        yield return Of(now.UpdatesBacklog, Backlog, "updates");
        yield return Of(now.CustomBroadcastBacklog, Backlog, "broadcasts");
    }

    public Measurement<int> Tombstones() => new(snapshot().TombstoneCount, node);

    public Measurement<int> QueueLength() => new(queueLength(), node);

    private Measurement<int> Of(int value, string attribute, string attributeValue) =>
        new(value, [.. node, new(attribute, attributeValue)]);
}
