namespace Swim.Host.Telemetry;

/// <summary>The last probes that ended. The loop of the node writes it; any thread may read it.</summary>
internal sealed class ProbeLog
{
    /// <summary>The number of probes that are kept.</summary>
    public const int Capacity = 128;

    private readonly Lock _lock = new();
    private readonly SwimProbe[] _probes = new SwimProbe[Capacity];
    private long _count;

    public void Add(in SwimProbe probe)
    {
        lock (_lock)
        {
            _probes[_count++ % Capacity] = probe;
        }
    }

    /// <summary>A copy, the latest last.</summary>
    public SwimProbe[] Read()
    {
        lock (_lock)
        {
            var kept = (int)Math.Min(_count, Capacity);
            var copy = new SwimProbe[kept];

            for (var index = 0; index < kept; index++)
            {
                copy[index] = _probes[(_count - kept + index) % Capacity];
            }

            return copy;
        }
    }
}
