using System.Diagnostics;
using System.Text.Json;

namespace Swim.Benchmarks;

/// <summary>One member that is told of very many others at once: how long it takes, and what it keeps.</summary>
internal static class LoadMode
{
    public static void Run(int members, bool isJson)
    {
        var records = new MemberRecord<NodeIdentity>[members];

        for (var number = 0; number < members; number++)
        {
            // From 10.0.0.1 on, one member each.
            var address = new System.Net.IPAddress([
                10,
                (byte)(number >> 16),
                (byte)(number >> 8),
                (byte)number,
            ]);
            var identity = new NodeIdentity(new System.Net.IPEndPoint(address, 7946), 1);
            records[number] = new MemberRecord<NodeIdentity>(identity, 0, MemberStatus.Alive, null);
        }

        var self = new NodeIdentity(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 7946), 1);
        var instance = new SwimInstance<NodeIdentity>(
            self,
            SwimConfig.Lan(members),
            NodeIdentityCodec.Instance,
            1
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        instance.ApplyMany(records, disseminate: false, new AccumulatingRuntime<NodeIdentity>());
        clock.Stop();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(records);

        var result = new
        {
            members = instance.MemberCount,
            seconds = Math.Round(clock.Elapsed.TotalSeconds, 2),
            megabytes = Math.Round(kept / 1e6, 1),
            bytesPerMember = kept / members,
        };

        Console.WriteLine(isJson ? JsonSerializer.Serialize(result) : result.ToString());
    }
}
