using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Swim.Host.Telemetry;

/// <summary>
/// Reports the figures of one node to its meter. Costs almost nothing while the meter has no listener.
/// </summary>
internal sealed class Instruments : IDisposable
{
    private readonly SwimMeter _meter;
    private readonly KeyValuePair<string, object?>[] _node;
    private NodeGauges? _gauges;

    public Instruments(IMeterFactory? factory, string? nodeName)
    {
        _meter = SwimMeter.Of(factory);
        _node = nodeName is null ? [] : [new("swim.node.name", nodeName)];
    }

    /// <summary>Begins to report the figures that are read at collection, until this is disposed.</summary>
    public void Observe(Func<SwimSnapshot<NodeIdentity>> snapshot, Func<int> queueLength)
    {
        _gauges = new NodeGauges(_node, snapshot, queueLength);
        _meter.Add(_gauges);
    }

    public void Packet(MessageKind kind, int bytes, bool isSent)
    {
        if (!_meter.Packets.Enabled && !_meter.Bytes.Enabled)
        {
            return;
        }

        var tags = Tagged("swim.message.kind", AttributeValues.Of(kind));
        tags.Add("network.io.direction", isSent ? "transmit" : "receive");
        _meter.Packets.Add(1, tags);
        _meter.Bytes.Add(bytes, tags);
    }

    public void Refused(SwimError reason) => Count(_meter.Refused, "error.type", AttributeValues.Of(reason));

    public void Dropped() => _meter.Drops.Add(1, _node);

    public void ProbeEnded(ProbeResult result, TimeSpan? roundTrip)
    {
        Count(_meter.Probes, "swim.probe.result", AttributeValues.Of(result));

        if (roundTrip is { } took && _meter.RoundTrip.Enabled)
        {
            _meter.RoundTrip.Record(
                took.TotalSeconds,
                Tagged("swim.probe.result", AttributeValues.Of(result))
            );
        }
    }

    public void Suspicion(SuspicionEvent what) =>
        Count(_meter.Suspicions, "swim.suspicion.event", AttributeValues.Of(what));

    public void Refuted() => _meter.Refutations.Add(1, _node);

    public void Lifecycle(LifecycleEvent what) =>
        Count(_meter.Lifecycle, "swim.lifecycle.event", AttributeValues.Of(what));

    public void Late(TimeSpan lateness) => _meter.Lateness.Record(lateness.TotalSeconds, _node);

    public void Dispose()
    {
        if (_gauges is not null)
        {
            _meter.Remove(_gauges);
        }
    }

    private void Count(Counter<long> counter, string name, string value)
    {
        if (counter.Enabled)
        {
            counter.Add(1, Tagged(name, value));
        }
    }

    private TagList Tagged(string name, string value)
    {
        var tags = new TagList(_node);
        tags.Add(name, value);
        return tags;
    }
}
