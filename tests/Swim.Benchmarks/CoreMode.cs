using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Swim.Benchmarks;

/// <summary>The quick mode: every work at every size in less than two minutes.</summary>
internal static class CoreMode
{
    private const int Rounds = 11;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(40);

    // The first size of a work compiles its code, at first without and then with optimisation.
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(200);

    public static void Run(bool isJson, string? only, int? size, string? plot)
    {
        var points = new List<(string, int, double)>();

        foreach (var (name, make) in Catalog.Works)
        {
            if (only is not null && name != only)
            {
                continue;
            }

            var warmUp = FirstWarmUp;

            foreach (var members in size is { } one ? [one] : Catalog.Sizes)
            {
                Console.Error.Write($"\r{name} at {members:N0} members ...          ");
                var (nanoseconds, bytes) = Measure(make(members), warmUp);
                Console.Error.Write("\r                                          \r");
                Console.WriteLine(Describe(isJson, name, members, nanoseconds, bytes));
                points.Add((name, members, nanoseconds));
                warmUp = WarmUp;
            }
        }

        if (plot is not null)
        {
            Curves.Draw(plot, points);
        }
    }

    private static string Describe(bool isJson, string work, int members, double ns, double bytes)
    {
        ns = Math.Round(ns, 1);
        bytes = Math.Round(bytes);

        return isJson
            ? JsonSerializer.Serialize(
                new
                {
                    work,
                    members,
                    ns,
                    bytes,
                }
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{work, -14} {members, 7:N0} {ns, 14:N1} ns {bytes, 12:N0} B"
            );
    }

    /// <summary>The median time of an operation, and the bytes that it allocates.</summary>
    private static (double Nanoseconds, double Bytes) Measure(Workload workload, TimeSpan warmUp)
    {
        var operations = 1;
        var warm = Stopwatch.StartNew();
        var last = Time(workload, 1).Elapsed;

        while (warm.Elapsed < warmUp || (last < RoundTime / 2 && warm.Elapsed < 20 * warmUp))
        {
            // So many that a round takes long enough to be timed.
            var factor = Math.Clamp(RoundTime / Max(last, TimeSpan.FromTicks(1)), 0.5, 4);
            operations = Math.Max(1, (int)(operations * factor));
            last = Time(workload, operations).Elapsed;
        }

        // What setting up left behind is old by then, and no concern of a collection.
        GC.Collect();
        GC.Collect();
        var times = new double[Rounds];
        long bytes = 0;

        for (var round = 0; round < Rounds; round++)
        {
            var (elapsed, allocated) = Time(workload, operations);
            times[round] = elapsed.TotalNanoseconds / operations;
            bytes = allocated;
        }

        Array.Sort(times);
        return (times[Rounds / 2], (double)bytes / operations);
    }

    private static (TimeSpan Elapsed, long Allocated) Time(Workload workload, int operations)
    {
        workload.Prepare(operations);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();

        for (var count = 0; count < operations; count++)
        {
            workload.Run();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return (elapsed, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
