using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Swim.Host.Telemetry;

/// <summary>
/// The meter <c>Swim</c> with its instruments, by the conventions of OpenTelemetry: units in UCUM, and no
/// identities of members as attributes. All nodes that report to one meter share its instruments: collectors treat
/// instruments of one name as one, and would end all of them with the first node that stops.
/// <c>docs/telemetry.md</c> describes them; a test compares the two.
/// </summary>
internal sealed class SwimMeter
{
    private const string Name = "Swim";

    private static readonly ConditionalWeakTable<Meter, SwimMeter> OfMeter = [];

    // For nodes without a factory of meters. It lives as long as the process.
    private static readonly Lazy<SwimMeter> Default = new(() => new SwimMeter(new Meter(Options())));

    private readonly Lock _lock = new();
    private NodeGauges[] _nodes = [];

    private SwimMeter(Meter meter)
    {
        Packets = meter.CreateCounter<long>("swim.packets", "{packet}", "Packets by kind and direction.");
        Bytes = meter.CreateCounter<long>("swim.packet.io", "By", "Bytes of packets by kind and direction.");
        Refused = meter.CreateCounter<long>(
            "swim.packets.refused",
            "{packet}",
            "Packets that were refused, by reason."
        );
        Drops = meter.CreateCounter<long>(
            "swim.receive_queue.drops",
            "{packet}",
            "Packets dropped because the node's queue was full."
        );
        Probes = meter.CreateCounter<long>("swim.probes", "{probe}", "Probes that ended, by result.");
        RoundTrip = meter.CreateHistogram(
            "swim.probe.duration",
            "s",
            "From a Ping to the first answer.",
            advice: Seconds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
        );
        Suspicions = meter.CreateCounter<long>(
            "swim.suspicions",
            "{suspicion}",
            "What became of suspicions of others."
        );
        Refutations = meter.CreateCounter<long>(
            "swim.refutations",
            "{refutation}",
            "Suspicions of this member that it refuted."
        );
        Lifecycle = meter.CreateCounter<long>(
            "swim.lifecycle.events",
            "{event}",
            "Joins, leaves, rejoins and declarations as down of this member."
        );
        Lateness = meter.CreateHistogram(
            "swim.timer.lateness",
            "s",
            "How late timers fired.",
            advice: Seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
        );
        CreateGauges(meter);
    }

    public Counter<long> Packets { get; }
    public Counter<long> Bytes { get; }
    public Counter<long> Refused { get; }
    public Counter<long> Drops { get; }
    public Counter<long> Probes { get; }
    public Histogram<double> RoundTrip { get; }
    public Counter<long> Suspicions { get; }
    public Counter<long> Refutations { get; }
    public Counter<long> Lifecycle { get; }
    public Histogram<double> Lateness { get; }

    /// <summary>The meter that a factory makes, or the one of the process.</summary>
    public static SwimMeter Of(IMeterFactory? factory) =>
        factory is null
            ? Default.Value
            : OfMeter.GetValue(factory.Create(Options()), meter => new SwimMeter(meter));

    public void Add(NodeGauges node)
    {
        lock (_lock)
        {
            _nodes = [.. _nodes, node];
        }
    }

    public void Remove(NodeGauges node)
    {
        lock (_lock)
        {
            _nodes = [.. _nodes.Where(other => other != node)];
        }
    }

    private static MeterOptions Options() => new(Name) { Version = AttributeValues.Version };

    private static InstrumentAdvice<double> Seconds(params double[] boundaries) =>
        new() { HistogramBucketBoundaries = boundaries };

    private void CreateGauges(Meter meter)
    {
        meter.CreateObservableUpDownCounter(
            "swim.members",
            () => Volatile.Read(ref _nodes).SelectMany(node => node.Members()),
            "{member}",
            "Known members by status, without this one."
        );
        meter.CreateObservableUpDownCounter(
            "swim.backlog",
            () => Volatile.Read(ref _nodes).SelectMany(node => node.Backlogs()),
            "{item}",
            "Updates and custom broadcasts that wait to be disseminated."
        );
        meter.CreateObservableUpDownCounter(
            "swim.tombstones",
            () => Volatile.Read(ref _nodes).Select(node => node.Tombstones()),
            "{tombstone}",
            "Forgotten members that a delayed packet cannot bring back yet."
        );
        meter.CreateObservableUpDownCounter(
            "swim.receive_queue.length",
            () => Volatile.Read(ref _nodes).Select(node => node.QueueLength()),
            "{packet}",
            "Packets that wait for the node's loop."
        );
    }
}
