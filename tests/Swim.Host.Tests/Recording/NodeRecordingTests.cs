using System.Diagnostics;
using Swim.Core;
using Swim.Recording;

namespace Swim.Host.Tests.Recording;

/// <summary>Live nodes on loopback that are recorded replay exactly, and are the same nodes all along.</summary>
public sealed class NodeRecordingTests
{
    private const byte Name = 7;

    [Fact]
    public async Task A_node_that_joins_talks_and_leaves_replays_exactly()
    {
        using var folder = new Folder();
        var time = DateTimeOffset.UtcNow;
        var whole = Stopwatch.StartNew();
        TimeSpan atLeast;
        NodeIdentity recordedAs;

        await using (var cluster = new TestCluster())
        {
            var first = cluster.Start();
            var node = cluster.Start(TestCluster.Options with { RecordingPath = folder["node"] }, first);
            var recording = Stopwatch.StartNew();
            recordedAs = node.Identity;
            await node.SeesAsync(first);
            var config = TestCluster.Options.Config with { MaxTransmissions = 9 };
            await node.SetConfigAsync(config, Deadline.Token);
            await Task.Delay(TimeSpan.FromSeconds(1), Deadline.Token);
            atLeast = recording.Elapsed;
        }

        var atMost = whole.Elapsed;
        var replayed = ReplayedNode.Of(folder["node"]);
        var start = Assert.IsType<MemberStarted<NodeIdentity>>(replayed.Entries[0]);
        Assert.Equal(recordedAs, start.Identity);
        Assert.Single(replayed.Entries.OfType<ConfigChanged<NodeIdentity>>());
        Assert.IsType<MemberStopped<NodeIdentity>>(replayed.Entries[^1]);
        Assert.True(replayed.Last.HasLeft);

        var began = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(replayed.Header.StartedAt);
        Assert.InRange(began, time - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow);
        var took = TimeSpan.FromMicroseconds(replayed.Entries[^1].Microseconds);
        Assert.InRange(took, atLeast, atMost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Custom_broadcasts_replay_with_and_without_their_contents(bool keepsPayloads)
    {
        using var folder = new Folder();
        byte[] secret = [11, 22, 33, 44, 55, 66, 77, 88];

        await using (var cluster = new TestCluster())
        {
            var store = new Store();
            var other = new Store();
            var first = cluster.Start(TestCluster.Options, other);
            var node = cluster.Start(
                TestCluster.Options with
                {
                    RecordingPath = folder["node"],
                    RecordBroadcastPayloads = keepsPayloads,
                },
                store,
                first
            );

            await node.SeesAsync(first);
            await first.SeesAsync(node);

            for (var version = 1; version <= 5; version++)
            {
                await first.BroadcastAsync(Store.Item(Name, version, secret), Deadline.Token);
                await node.BroadcastAsync(Store.Item(Name + 1, version, secret), Deadline.Token);
            }

            await store.Arrival(Name, 5).Within("the last of the first arrives");
            await other.Arrival(Name + 1, 5).Within("the last of the other arrives");
        }

        var replayed = ReplayedNode.Of(folder["node"]);
        var accepted = replayed
            .Steps.Select(step => step.Entry.Event)
            .Where(happened => happened.IsBroadcastAccepted)
            .ToList();

        Assert.InRange(accepted.Count, 6, 10);
        Assert.Contains(accepted, one => one.key is RecordedKey key && key.Answers.Contains(true));
        var bytes = await File.ReadAllBytesAsync(folder["node"], Deadline.Token);
        Assert.Equal(keepsPayloads, bytes.AsSpan().IndexOf(secret) >= 0);
    }

    /// <summary>What can be seen of a node is what its recording leads to, up to the last packet.</summary>
    [Fact]
    public async Task A_running_node_knows_what_its_recording_says()
    {
        using var folder = new Folder();
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var options = TestCluster.Options with
        {
            TimeProvider = new SteppedClock(),
            RecordingPath = folder["node"],
        };

        // Its clock stands, so that nothing happens while the two are compared.
        var node = cluster.Start(options);
        await peer.AnnounceAsync(node);

        var snapshot = node.Snapshot;
        var replayed = ReplayedNode.Of(folder["node"]);
        Assert.Equal(snapshot.Identity, replayed.Last.Identity);
        Assert.Equal(snapshot.MembershipState.Count, replayed.Last.Members.Count);
        Assert.Equal(snapshot.Members[0].Identity, replayed.Last.Members[0].Identity);
        Assert.Equal(snapshot.UpdatesBacklog, replayed.Last.Updates.Count);
        Assert.Contains(replayed.Steps, step => step.Entry.Event.IsPacketReceived);
    }
}
