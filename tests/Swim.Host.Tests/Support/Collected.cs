using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Swim.Host.Tests.Support;

/// <summary>
/// What the SDK of OpenTelemetry collects of one node, known by its name. It brings a meter of its own: meters of one
/// name and the same tags are one to the SDK, and end with the first that is disposed, such as that of another test.
/// </summary>
internal sealed class Collected : IMeterFactory
{
    private readonly List<MetricSnapshot> _exported = [];
    private readonly MeterProvider _provider;
    private readonly string _node;
    private readonly string _test = Guid.NewGuid().ToString();
    private Meter? _meter;

    public Collected(string node)
    {
        _node = node;
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter("Swim").AddInMemoryExporter(_exported).Build();
    }

    /// <summary>All instruments that reported of the node, with the names of their attributes.</summary>
    public Dictionary<string, (string Unit, HashSet<string> Attributes)> Instruments() =>
        Collect()
            .GroupBy(point => point.Metric)
            .ToDictionary(
                group => group.Key,
                group => (group.First().Unit, group.SelectMany(point => point.Attributes.Keys).ToHashSet())
            );

    /// <summary>All values of attributes that were reported of the node.</summary>
    public IEnumerable<string> Values() =>
        Collect().SelectMany(point => point.Attributes.Values).Select(value => value?.ToString() ?? "");

    /// <summary>The sum, or the count of a histogram, over the points that have all these attributes.</summary>
    public double Of(string metric, params (string Name, string Value)[] attributes) =>
        Collect()
            .Where(point =>
                point.Metric == metric
                && attributes.All(wanted =>
                    point.Attributes.TryGetValue(wanted.Name, out var value) && wanted.Value.Equals(value)
                )
            )
            .Sum(point => point.Value);

    public Meter Create(MeterOptions options) =>
        _meter ??= new Meter(new MeterOptions(options.Name) { Tags = [new("test", _test)] });

    public void Dispose()
    {
        _provider.Dispose();
        _meter?.Dispose();
    }

    private List<Point> Collect()
    {
        _exported.Clear();
        Assert.True(_provider.ForceFlush());
        var points = new List<Point>();

        foreach (var metric in _exported)
        {
            foreach (var point in metric.MetricPoints)
            {
                var attributes = new Dictionary<string, object?>();

                foreach (var (name, value) in point.Tags)
                {
                    attributes[name] = value;
                }

                if (attributes.Remove("swim.node.name", out var name2) && _node.Equals(name2))
                {
                    points.Add(new Point(metric.Name, metric.Unit, attributes, ValueOf(metric, point)));
                }
            }
        }

        return points;
    }

    private static double ValueOf(MetricSnapshot metric, MetricPoint point) =>
        metric.MetricType switch
        {
            MetricType.Histogram => point.GetHistogramCount(),
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            var other => throw new InvalidOperationException($"{metric.Name} is a {other}"),
        };

    private sealed record Point(
        string Metric,
        string Unit,
        Dictionary<string, object?> Attributes,
        double Value
    );
}
