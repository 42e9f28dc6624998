using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace Swim.Host.Tests.Telemetry;

/// <summary>What happens to a node shows in its metrics, as <c>docs/telemetry.md</c> says.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task What_happens_is_counted_as_the_table_says()
    {
        using var collected = new Collected("observed");
        await using var cluster = new TestCluster();
        var others = await cluster.FormAsync(2);
        var node = cluster.Start(
            TestCluster.Options with
            {
                MeterFactory = collected,
                NodeName = "observed",
            },
            others
        );
        await node.SeesAsync(others);

        // One node ends for all members, and then this node ends for the other.
        others[1].IsCutOff = true;
        await node.LosesAsync(others[1].Identity);
        using var stranger = new RawPeer();
        stranger.Send([1, 2, 3], node);
        await Holds("the junk is refused", () => collected.Of("swim.packets.refused") >= 1);
        await Holds("probes were answered", () => collected.Of("swim.probe.duration") >= 1);

        Assert.Equal(1, collected.Of("swim.members", ("swim.member.status", "alive")));
        Assert.Equal(0, collected.Of("swim.members", ("swim.member.status", "suspect")));
        Assert.Equal(1, collected.Of("swim.members", ("swim.member.status", "down")));
        Assert.True(collected.Of("swim.probes", ("swim.probe.result", "direct")) >= 1);
        Assert.Equal(
            collected.Of("swim.probe.duration"),
            collected.Of("swim.probes", ("swim.probe.result", "direct"))
                + collected.Of("swim.probes", ("swim.probe.result", "indirect"))
        );
        Assert.Equal(1, collected.Of("swim.packets.refused", ("error.type", "decode")));
        Assert.Equal(1, collected.Of("swim.lifecycle.events", ("swim.lifecycle.event", "join")));
        Assert.True(
            collected.Of("swim.packets", ("swim.message.kind", "ping"), ("network.io.direction", "transmit"))
                >= 1
        );
        Assert.True(
            collected.Of("swim.packet.io", ("network.io.direction", "receive"))
                >= collected.Of("swim.packets", ("network.io.direction", "receive")) * 20
        );

        // Either this node's own probe failed, or the other one's did. Which of the two suspicions expires first is open.
        await Holds(
            "a suspicion was raised or learned",
            () =>
                collected.Of("swim.suspicions", ("swim.suspicion.event", "raised")) >= 1
                || collected.Of("swim.suspicions", ("swim.suspicion.event", "learned")) >= 1
        );

        await node.LeaveAsync(Deadline.Token);
        Assert.Equal(1, collected.Of("swim.lifecycle.events", ("swim.lifecycle.event", "leave")));

        // Identities would make a time series of every member.
        Assert.DoesNotContain(collected.Values(), value => value.Contains(':') || value.Contains('#'));

        foreach (var (name, (unit, attributes)) in collected.Instruments())
        {
            var row = Assert.Single(Documented(), row => row.Name == name);
            Assert.Equal(row.Unit, unit);
            Assert.Equal(row.Attributes.Order(), attributes.Order());
        }
    }

    [Fact]
    public async Task A_suspicion_that_comes_to_nothing_is_counted_as_refuted()
    {
        using var collected = new Collected("suspicious");
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var config = TestCluster.Options.Config with { SuspectToDownAfter = TimeSpan.FromSeconds(3) };
        var node = cluster.Start(
            TestCluster.Options with
            {
                MeterFactory = collected,
                NodeName = "suspicious",
                Config = config,
            }
        );

        // It announces itself and then answers no ping, until it objects.
        await peer.AnnounceAsync(node);
        await Holds("it is suspected", () => Suspicions("raised") == 1);
        peer.Refute(node, incarnation: 1);
        await Holds("the suspicion is over", () => Suspicions("refuted") == 1);
        Assert.Equal(0, Suspicions("confirmed"));
        Assert.Equal(0, Suspicions("learned"));
        Assert.True(collected.Of("swim.probes", ("swim.probe.result", "failed")) >= 1);
        Assert.All(node.RecentProbes, probe => Assert.Null(probe.RoundTrip));
        Assert.All(node.RecentProbes, probe => Assert.Equal(peer.Identity, probe.Target));
        Assert.Equal(node.Statistics.ProbesFailed, node.RecentProbes.Count);

        double Suspicions(string what) => collected.Of("swim.suspicions", ("swim.suspicion.event", what));
    }

    [Fact]
    public async Task An_answer_by_way_of_a_helper_is_counted_as_that()
    {
        using var collected = new Collected("helped");
        await using var cluster = new TestCluster();
        using var silent = new RawPeer();
        using var helper = new RawPeer();
        var node = cluster.Start(
            TestCluster.SlowToSuspect with
            {
                MeterFactory = collected,
                NodeName = "helped",
            }
        );

        // Neither answers a ping, but one passes on what it says that the other answered.
        await silent.AnnounceAsync(node);
        await helper.AnnounceAsync(node);
        // On a slow machine an answer may be too late for its probe.
        for (var probes = 0; node.Statistics.ProbesAnsweredIndirectly == 0; probes++)
        {
            Assert.True(probes < 20, "no answer was counted");
            var request = (await helper.ReceiveUntilAsync(MessageKind.PingReq))[^1].Header;
            Assert.Equal(silent.Identity, request.Named);
            var answer = new PacketHeader<NodeIdentity>(
                helper.Identity,
                0,
                node.Identity,
                MessageKind.ForwardedAck,
                request.Named,
                request.ProbeNumber,
                0
            );
            helper.Send(RawPacket.Encode(answer), node);
        }

        await Holds(
            "all are counted as that",
            () =>
                collected.Of("swim.probes", ("swim.probe.result", "indirect"))
                    == node.Statistics.ProbesAnsweredIndirectly
                && collected.Of("swim.probe.duration", ("swim.probe.result", "indirect"))
                    == node.Statistics.ProbesAnsweredIndirectly
        );
        Assert.Equal(0, node.Statistics.ProbesAnswered);
        var probe = node.RecentProbes.First(probe => probe.WasIndirect);
        Assert.Equal(silent.Identity, probe.Target);
        Assert.True(probe.RoundTrip >= TestCluster.Options.Config.ProbeRtt);
    }

    [Fact]
    public async Task The_table_lists_exactly_the_instruments()
    {
        var published = new Dictionary<string, string?>();
        using var factory = new OneMeter();
        using var listener = new MeterListener();

        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == factory.Meter)
            {
                Assert.False(string.IsNullOrEmpty(instrument.Description));
                published.Add(instrument.Name, instrument.Unit);
            }
        };

        listener.Start();
        var node = SwimNode.Start(TestCluster.Options with { MeterFactory = factory });
        await node.DisposeAsync().Within("it stops");

        Assert.Equal(
            Documented().Select(row => (row.Name, (string?)row.Unit)).Order(),
            published.Select(entry => (entry.Key, entry.Value)).Order()
        );
    }

    [Fact]
    public async Task A_node_that_is_gone_does_not_silence_the_others()
    {
        using var collected = new Collected("stays");
        await using var cluster = new TestCluster();
        var other = cluster.Start(TestCluster.Options with { MeterFactory = collected });
        var node = cluster.Start(
            TestCluster.Options with
            {
                MeterFactory = collected,
                NodeName = "stays",
            },
            other
        );
        await node.SeesAsync(other);
        await other.DisposeAsync();
        var before = collected.Of("swim.packets.refused");
        using var stranger = new RawPeer();
        stranger.Send([1, 2, 3], node);
        await Holds("it still counts", () => collected.Of("swim.packets.refused") > before);
    }

    [Fact]
    public async Task A_node_that_is_gone_reports_nothing_more()
    {
        var reported = 0;
        using var factory = new OneMeter();
        using var listener = new MeterListener();

        listener.InstrumentPublished = (instrument, listens) =>
        {
            if (instrument.Meter == factory.Meter)
            {
                listens.EnableMeasurementEvents(instrument);
            }
        };

        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Increment(ref reported));
        listener.Start();
        var node = SwimNode.Start(TestCluster.Options with { MeterFactory = factory });
        listener.RecordObservableInstruments();
        Assert.True(reported >= 7);
        await node.DisposeAsync().Within("it stops");
        reported = 0;
        listener.RecordObservableInstruments();
        Assert.Equal(0, reported);
    }

    private static Task Holds(string what, Func<bool> holds) => Deadline.UntilAsync(holds, () => what);

    private static IEnumerable<(string Name, string Unit, string[] Attributes)> Documented() =>
        File.ReadLines(RepositoryFiles.PathOf("docs/telemetry.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match =>
                (
                    match.Groups["name"].Value,
                    match.Groups["unit"].Value,
                    Attribute()
                        .Matches(match.Groups["attributes"].Value)
                        .Select(attribute => attribute.Value)
                        .ToArray()
                )
            );

    [GeneratedRegex(
        @"^\| `(?<name>swim\.[a-z_.]+)` \| [a-z -]+ \| `(?<unit>[^`]+)` \|(?<attributes>[^|]*)\|"
    )]
    private static partial Regex Row();

    [GeneratedRegex(@"[a-z_]+(\.[a-z_]+)+")]
    private static partial Regex Attribute();

    private sealed class OneMeter : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) =>
            Meter ??= new Meter(new MeterOptions(options.Name) { Scope = this });

        public void Dispose() => Meter?.Dispose();
    }
}
