using Swim.Recording;

namespace Swim.Host.Tests.Recording;

/// <summary>What a live node did while packets were lost on their way replays exactly, as often as one likes.</summary>
public sealed class LossyRecordingTests
{
    private const double Loss = 0.25;
    private const int Nodes = 3;

    [Fact]
    public async Task A_recording_under_packet_loss_replays_exactly_twice()
    {
        using var folder = new Folder();
        var relays = Enumerable.Range(1, Nodes).Select(randomSeed => new Relay(Loss, randomSeed)).ToArray();

        await using (var cluster = new TestCluster())
        {
            var nodes = new List<SwimNode>();

            foreach (var relay in relays)
            {
                var options = TestCluster.Options with
                {
                    AdvertiseEndPoint = relay.EndPoint,
                    RecordingPath = folder[$"node-{nodes.Count}"],
                };

                nodes.Add(cluster.Start(options, [.. nodes.Take(1)]));
                relay.PassOnTo(nodes[^1].LocalEndPoint);
            }

            await Deadline.UntilAsync(
                () => relays.All(relay => relay.Lost >= 20),
                () => $"each loses 20 packets: {string.Join(", ", relays.Select(relay => relay.Lost))}"
            );
        }

        foreach (var relay in relays)
        {
            await relay.DisposeAsync();
        }

        foreach (var number in Enumerable.Range(0, Nodes))
        {
            var first = ReplayedNode.Of(folder[$"node-{number}"]);
            var second = ReplayedNode.Of(folder[$"node-{number}"]);
            Assert.Equal(ReplayedNode.Hash(first), ReplayedNode.Hash(second));
            Assert.Equal(ReplayedNode.Hash(first.Last), ReplayedNode.Hash(second.Last));

            // A loss shows: a member did not answer, and helpers were asked.
            Assert.Contains(
                first.Steps.SelectMany(step => step.Effects).OfType<Core.Effect<NodeIdentity>.Send>(),
                send => send.Item.Header.Kind == MessageKind.PingReq
            );
            await AssertDamageIsToldAsync(folder[$"node-{number}"], first);
        }
    }

    /// <summary>What is good before the damage replays as before, and then it is said where the damage is.</summary>
    private static async Task AssertDamageIsToldAsync(string path, ReplayedNode whole)
    {
        var bytes = await File.ReadAllBytesAsync(path, Deadline.Token);
        var middle = bytes.Length / 2;
        var corrupted = bytes.ToArray();
        corrupted[middle] ^= 0x20;

        foreach (var damaged in new[] { corrupted, bytes[..middle] })
        {
            using var reader = new RecordingReader<NodeIdentity>(
                new MemoryStream(damaged),
                NodeIdentityCodec.Instance,
                "node"
            );
            var good = reader.ReadAll().ToList();
            Assert.Equal(
                whole.Entries.Take(good.Count).Select(entry => entry.Microseconds),
                good.Select(entry => entry.Microseconds)
            );

            if (reader.Damage is not { } damage)
            {
                // Cut off right behind an entry, by chance.
                Assert.Equal(middle, damaged.Length);
                continue;
            }

            Assert.InRange(damage.Offset, 1, middle);
            Assert.StartsWith(
                $"node is damaged at byte {damage.Offset}, after {good.Count} good entries: ",
                damage.Message
            );
        }
    }
}
