using BenchmarkDotNet.Attributes;

namespace Swim.Benchmarks;

/// <summary>All works with BenchmarkDotNet: slower and more exact than the quick mode.</summary>
[MemoryDiagnoser]
public class FullMode
{
    private const int Operations = 1000;

    private Workload _workload = null!;

    public static IEnumerable<string> Works => Catalog.Works.Keys;

    public static IEnumerable<int> Sizes => Catalog.Sizes;

    [ParamsSource(nameof(Works))]
    public string Work { get; set; } = "";

    [ParamsSource(nameof(Sizes))]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup() => _workload = Catalog.Works[Work](Members);

    [IterationSetup]
    public void Prepare() => _workload.Prepare(Count);

    // All members at once are work enough.
    private int Count => Work == "apply-many" ? 1 : Operations;

    /// <summary>A thousand operations; one of apply-many.</summary>
    [Benchmark]
    public void Run()
    {
        for (var count = Count; count > 0; count--)
        {
            _workload.Run();
        }
    }
}
