namespace Swim.Benchmarks;

/// <summary>What is measured, and at which sizes.</summary>
internal static class Catalog
{
    public static IReadOnlyList<int> Sizes { get; } = [10, 100, 1_000, 10_000, 100_000];

    public static IReadOnlyDictionary<string, Func<int, Workload>> Works { get; } =
        new Dictionary<string, Func<int, Workload>>
        {
            ["ping-ack"] = members => new PingAck(members),
            ["gossip-stale"] = members => new GossipStale(members),
            ["gossip-fresh"] = members => new GossipFresh(members),
            ["announce-feed"] = members => new AnnounceFeed(members),
            ["probe-cycle"] = members => new ProbeCycle(members),
            ["apply-many"] = members => new ApplyMany(members),
            ["snapshot-read"] = members => new SnapshotRead(members),
            ["add-broadcast"] = members => new AddBroadcast(members),
        };
}
