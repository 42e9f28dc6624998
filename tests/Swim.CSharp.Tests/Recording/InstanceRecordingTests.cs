using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>What instances did on a network in memory replays exactly from what was recorded of them.</summary>
public sealed class InstanceRecordingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_instances_that_talk_replay_exactly(bool keepsPayloads)
    {
        var recorded = new RecordedCluster<NodeIdentity>(NodeIdentityCodec.Instance, keepsPayloads);
        var (first, second) = (Add(recorded, 1), Add(recorded, 2));
        Join(recorded, second, first);
        recorded.Cluster.RunFor(20 * Second);
        recorded.Cluster.Do(second, (instance, runtime) => instance.LeaveCluster(runtime));
        recorded.Cluster.RunFor(20 * Second);

        var replayed = recorded.AssertReplays(recorded.Stop(), keepsPayloads);
        Assert.True(replayed.Count > 100);
        Assert.Equal(ConnectionState.Idle, first.Instance.ConnectionState);
    }

    /// <summary>Items that replace others, items that no member accepts, and a filter that lets some members have none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Custom_broadcasts_replay_exactly(bool keepsPayloads)
    {
        var recorded = new RecordedCluster<NodeIdentity>(NodeIdentityCodec.Instance, keepsPayloads);

        for (var number = 1; number <= 4; number++)
        {
            var handler = new ScriptedHandler { Filter = member => member != Nodes.At(3) };
            var node = Add(recorded, number, handler);

            if (number > 1)
            {
                Join(recorded, node, recorded.Cluster.Nodes[0]);
            }
        }

        recorded.Cluster.RunFor(5 * Second);

        for (byte version = 0; version < 20; version++)
        {
            var node = recorded.Cluster.Nodes[version % 4];

            foreach (byte topic in new byte[] { 1, 2, (byte)(version % 5) })
            {
                var item = ScriptedHandler.Item(topic, version, length: 3 + (7 * topic));
                recorded.Cluster.Do(node, (instance, _) => instance.AddBroadcast(item));
            }

            recorded.Cluster.Do(node, (instance, runtime) => instance.Broadcast(runtime));
            recorded.Cluster.RunFor(0.1 * Second);
        }

        recorded.Cluster.RunFor(10 * Second);
        var replayed = recorded.AssertReplays(recorded.Stop(), keepsPayloads);

        // Else it was no test of what it is for.
        Assert.Contains(replayed, step => step.Entry.Answers.Contains(false));
        Assert.Contains(replayed, step => step.Entry.Answers.Contains(true));
        Assert.Contains(
            replayed,
            step =>
                step.Entry.Event is { IsBroadcastAccepted: true, key: RecordedKey key }
                && key.Answers.Contains(true)
                && key.Answers.Contains(false)
        );
    }

    /// <summary>A crash, a life under a renewed identity, and parameters that change meanwhile.</summary>
    [Fact]
    public void Identities_of_any_kind_replay_exactly()
    {
        var recorded = new RecordedCluster<NamedIdentity>(NamedCodec.Instance, keepsPayloads: false);
        var config = SwimConfig.Lan(3) with { MaxPacketSize = 256 };
        var nodes = new List<VirtualNode<NamedIdentity>>();

        foreach (var name in new[] { "a", "the second", "Größe" })
        {
            var instance = new SwimInstance<NamedIdentity>(
                new(name, 1),
                config,
                NamedCodec.Instance,
                randomSeed: 7
            );
            nodes.Add(recorded.Add(instance, randomSeed: 7));
            var seed = new NamedIdentity("a", 0);

            if (name != "a")
            {
                recorded.Cluster.Do(nodes[^1], (joining, runtime) => joining.Announce(seed, runtime));
            }
        }

        recorded.Cluster.RunFor(5 * Second);
        VirtualCluster<NamedIdentity>.Freeze(nodes[2]);
        recorded.Cluster.RunFor(30 * Second);
        nodes[0].Instance.SetConfig(config with { MaxTransmissions = 2, PeriodicGossip = null });
        recorded.Cluster.Thaw(nodes[2]);
        recorded.Cluster.RunFor(10 * Second);
        Assert.Equal(2, nodes[2].Instance.Identity.Life);

        recorded.AssertReplays(recorded.Stop(), keepsPayloads: false);
    }

    [Fact]
    public void The_times_are_those_of_the_clock()
    {
        var recorded = new RecordedCluster<NodeIdentity>(NodeIdentityCodec.Instance, keepsPayloads: false);
        var node = Add(recorded, 1);
        recorded.Cluster.RunFor(TimeSpan.FromMicroseconds(250));
        recorded.Cluster.Do(node, (instance, runtime) => instance.Gossip(runtime));
        recorded.Cluster.RunFor(2 * Second);
        recorded.Cluster.Do(node, (instance, runtime) => instance.Gossip(runtime));

        var times = Tape.ReadWhole(recorded.Stop()).Select(entry => entry.Microseconds);
        Assert.Equal([0, 250, 2_000_250, 2_000_250], times);
    }

    private static VirtualNode<NodeIdentity> Add(
        RecordedCluster<NodeIdentity> recorded,
        int number,
        ScriptedHandler? handler = null
    )
    {
        var randomSeed = (ulong)number * 1_000_003;
        var config = SwimConfig.Lan(4) with { MaxTransmissions = 6 };
        var codec = NodeIdentityCodec.Instance;

        var instance = handler is null
            ? new SwimInstance<NodeIdentity>(Nodes.At(number), config, codec, randomSeed)
            : SwimInstance<NodeIdentity>.WithCustomBroadcast(
                Nodes.At(number),
                config,
                codec,
                randomSeed,
                handler
            );

        return recorded.Add(instance, randomSeed);
    }

    private static void Join(
        RecordedCluster<NodeIdentity> recorded,
        VirtualNode<NodeIdentity> node,
        VirtualNode<NodeIdentity> seed
    ) =>
        recorded.Cluster.Do(
            node,
            (instance, runtime) =>
                instance.Announce(NodeIdentity.Unknown(seed.Instance.Identity.EndPoint), runtime)
        );
}
