namespace Swim.Host.Tests.Hostile;

/// <summary>A storm of junk against one member of a cluster.</summary>
[Collection(nameof(Alone))]
public sealed class JunkTests
{
    private const int PerSecond = 40_000;
    private const long MemoryLimit = 32 << 20;

    // A suspicion may arise while answers wait behind junk; there is time to refute it.
    private static readonly SwimNodeOptions Options = TestCluster.Options with
    {
        Config = SwimConfig.Local(3) with { SuspectToDownAfter = TimeSpan.FromSeconds(3) },
    };

    [Fact]
    public async Task A_storm_of_junk_harms_nobody_and_every_datagram_is_accounted_for()
    {
        await using var cluster = new TestCluster();
        await using var relay = new Relay();
        var target = cluster.Start(Options with { AdvertiseEndPoint = relay.EndPoint });
        relay.PassOnTo(target.LocalEndPoint);
        var others = new[] { cluster.Start(Options, target), cluster.Start(Options, target) };
        SwimNode[] nodes = [target, .. others];

        foreach (var node in nodes)
        {
            await node.SeesAsync(nodes.Where(other => other != node));
        }

        await Deadline.UntilAsync(() => relay.Copies.Length >= 15, () => "fifteen packets are captured");
        var before = nodes.Select(node => node.Identity).ToArray();
        var upsets = Upsets(cluster);
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        using var storm = new JunkStorm(relay.Copies, Options.Config.MaxPacketSize, PerSecond);
        var sent = await storm.RunAsync(target.LocalEndPoint, JunkStorm.Duration);
        var markers = await DrainAsync(target);
        await target.SettleAsync();
        var statistics = target.Statistics;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Report(sent, statistics, grown, others);

        // It is a member as before, for itself and for the others, and was so all the time.
        Assert.Equal(before, nodes.Select(node => node.Identity));
        Assert.All(nodes, node => Assert.Equal(ConnectionState.Active, node.ConnectionState));
        Assert.All(nodes, node => Assert.Equal(2, node.Members.Count));
        Assert.All(
            others,
            node => Assert.Contains(node.Members, member => member.Identity == target.Identity)
        );
        Assert.All(nodes, node => Assert.False(node.Completion.IsCompleted));
        Assert.Equal(upsets, Upsets(cluster));

        AssertAccounted(statistics, sent, markers, relay.PassedOn);
        Assert.Equal(
            statistics.PacketsRefused.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value),
            cluster.Log.RefusedByReason
        );
        Assert.Empty(cluster.Log.Entries(TestLog.LoopFailed));
        Assert.InRange(grown, long.MinValue, MemoryLimit);
    }

    /// <summary>
    /// Every datagram is received or was lost by the system; received ones are refused, dropped or accepted; and no
    /// more can have been accepted than valid ones were sent.
    /// </summary>
    private static void AssertAccounted(
        SwimNodeStatistics statistics,
        StormFigures sent,
        long markers,
        long passedOn
    )
    {
        var refused = statistics.PacketsRefused.Values.Sum();
        var accepted = statistics.PacketsReceived - statistics.ReceiveQueueDrops - refused;

        Assert.InRange(statistics.PacketsReceived, 1, sent.All + markers + passedOn);
        Assert.InRange(accepted, 1, sent.Replays + passedOn);
        Assert.InRange(refused, statistics.PacketsReceived / 2, sent.Junk + markers);

        var reasons = statistics.PacketsRefused.Keys;
        Assert.Equal([SwimError.DataTooBig, SwimError.DataFromOurselves, SwimError.Decode], reasons.Order());
        Assert.InRange(statistics.PacketsRefused[SwimError.DataTooBig], 1, sent.TooLong);
        Assert.InRange(statistics.PacketsRefused[SwimError.DataFromOurselves], 1, markers);
        Assert.InRange(statistics.PacketsRefused[SwimError.Decode], 1, sent.Junk - sent.TooLong);
        Assert.Equal(0, statistics.SendFailures);
        Assert.Equal(0, statistics.ReceiveFailures);
    }

    /// <summary>
    /// Sends what is refused for a reason that no junk has, until it was; by then all that came before it was
    /// handled. How many were sent.
    /// </summary>
    private static async Task<long> DrainAsync(SwimNode target)
    {
        using var peer = new RawPeer { Identity = target.Identity };
        var marker = peer.Packet(MessageKind.Gossip, target);
        var sent = 0L;

        await Deadline.UntilAsync(
            () =>
            {
                if (target.Statistics.PacketsRefused.ContainsKey(SwimError.DataFromOurselves))
                {
                    return true;
                }

                peer.Send(marker, target);
                sent++;
                return false;
            },
            () => $"the queue is drained; {target.Statistics}"
        );

        return sent;
    }

    /// <summary>The nodes that went down, were renamed, lost all members or rejoined so far.</summary>
    private static List<string> Upsets(TestCluster cluster) =>
        [
            .. cluster
                .Log.Entries()
                .Where(entry =>
                    entry.Id
                        is TestLog.MemberDown
                            or TestLog.Renamed
                            or TestLog.Idle
                            or TestLog.Defunct
                            or TestLog.Rejoined
                )
                .Select(entry => entry.Message),
        ];

    private static void Report(
        StormFigures sent,
        SwimNodeStatistics statistics,
        long grown,
        IEnumerable<SwimNode> others
    )
    {
        var refused = string.Join(", ", statistics.PacketsRefused.Select(pair => $"{pair.Key} {pair.Value}"));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{JunkStorm.Duration.TotalSeconds} s of junk: {sent}, received {statistics.PacketsReceived}, "
                + $"dropped {statistics.ReceiveQueueDrops}, refused [{refused}], memory grew by {grown} bytes, "
                + $"incomplete cycles {statistics.ProbeCyclesIncomplete}, the others sent "
                + $"[{string.Join(", ", others.Select(node => node.Statistics.PacketsSent))}]"
        );
    }
}
