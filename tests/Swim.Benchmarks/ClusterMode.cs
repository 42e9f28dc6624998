using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Swim.Host;

namespace Swim.Benchmarks;

/// <summary>Many real members in this process, on loopback sockets: what they cost, and how quick they are.</summary>
internal static class ClusterMode
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(int nodes, TimeSpan steady, bool isJson)
    {
        var bare = Resident();
        var config = SwimConfig.Lan(nodes);
        var started = Stopwatch.StartNew();
        var cluster = StartAll(config, nodes);
        Console.Error.WriteLine($"{nodes} members started, waiting until all know each other");
        var joined = await UntilAsync(
            started,
            () => cluster.TrueForAll(node => node.Members.Count == nodes - 1)
        );

        if (joined is null)
        {
            await Console.Error.WriteLineAsync($"they did not within {Limit.TotalSeconds:F0} s");
            return 1;
        }

        // What joining left behind has time to be sent.
        await Task.Delay(TimeSpan.FromSeconds(10));
        Console.Error.WriteLine($"measuring for {steady.TotalSeconds:F0} s");
        var collections = GC.CollectionCount(2);
        var allocated = GC.GetTotalAllocatedBytes(true);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(steady);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        collections = GC.CollectionCount(2) - collections;
        allocated = GC.GetTotalAllocatedBytes(true) - allocated;
        var resident = Resident();

        var victim = cluster[^1];
        cluster.RemoveAt(cluster.Count - 1);
        var killed = Stopwatch.StartNew();
        await victim.DisposeAsync();
        Console.Error.WriteLine("one was killed");
        bool Knows(SwimNode node) =>
            node.Snapshot.TryGetMember(victim.Identity, out var known) && known.IsActive;
        var first = await UntilAsync(killed, () => !cluster.TrueForAll(Knows));
        var all = await UntilAsync(killed, () => !cluster.Exists(Knows));

        var result = new
        {
            nodes,
            joinedSeconds = Rounded(joined),
            processorMillisecondsPerMemberSecond = Math.Round(
                processor.TotalMilliseconds / (nodes * steady.TotalSeconds),
                4
            ),
            settings = SmallRuntime.IsThis ? "small" : "default",
            residentKilobytesPerMember = (resident - bare) / 1024 / nodes,
            liveKilobytesPerMember = GC.GetTotalMemory(true) / 1024 / (nodes - 1),
            allocatedBytesPerMemberSecond = Math.Round(allocated / (nodes * steady.TotalSeconds)),
            gen2Collections = collections,
            firstDetectionSeconds = Rounded(first),
            allDetectionSeconds = Rounded(all),
        };

        foreach (var node in cluster)
        {
            await node.DisposeAsync();
        }

        Console.WriteLine(isJson ? JsonSerializer.Serialize(result) : result.ToString());
        return all is null ? 1 : 0;
    }

    /// <summary>Starts members that all join through the first.</summary>
    private static List<SwimNode> StartAll(SwimConfig config, int count)
    {
        var cluster = new List<SwimNode> { Start(config, []) };
        var seed = SeedAddress.Parse(cluster[0].LocalEndPoint.ToString());

        while (cluster.Count < count)
        {
            cluster.Add(Start(config, [seed]));
        }

        return cluster;
    }

    private static double? Rounded(TimeSpan? time) =>
        time is { } known ? Math.Round(known.TotalSeconds, 2) : null;

    private static SwimNode Start(SwimConfig config, IReadOnlyList<SeedAddress> seeds) =>
        SwimNode.Start(
            new SwimNodeOptions
            {
                BindEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                Seeds = seeds,
                Config = config,
                LeaveOnDispose = false,
            }
        );

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static async Task<TimeSpan?> UntilAsync(Stopwatch since, Func<bool> isSo)
    {
        while (!isSo())
        {
            if (since.Elapsed > Limit)
            {
                return null;
            }

            await Task.Delay(10);
        }

        return since.Elapsed;
    }
}
