using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>All seeds of a node: those of its options and providers, and the remembered members.</summary>
internal sealed class SeedSources : IDisposable
{
    private readonly IReadOnlyList<SeedAddress> _fixed;
    private readonly Source[] _sources;
    private readonly ILogger _logger;

    public SeedSources(SwimNodeOptions options, RememberedMembers? remembered, ILogger logger)
    {
        _logger = logger;
        _fixed = [.. options.Seeds, .. remembered?.Known ?? []];
        _sources = [.. options.SeedProviders.Select(provider => new Source(provider))];

        foreach (var source in _sources)
        {
            source.Provider.SeedsChanged += OnChanged;
        }
    }

    /// <summary>Raised when the seeds may have changed.</summary>
    public event Action? Changed;

    /// <summary>Whether the node has no seeds and no providers.</summary>
    public bool AreNone => _fixed.Count == 0 && _sources.Length == 0;

    /// <summary>The current seeds, each once.</summary>
    public async Task<SeedAddress[]> GetAsync(CancellationToken cancellationToken)
    {
        IEnumerable<SeedAddress> seeds = _fixed;

        foreach (var source in _sources)
        {
            try
            {
                source.Last = await source.Provider.GetSeedsAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // A provider is the user's code; if it throws, the node keeps the earlier seeds.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.SeedsUnavailable(_logger, exception, source.Provider.GetType().Name);
            }

            seeds = seeds.Concat(source.Last);
        }

        return [.. seeds.DistinctBy(seed => seed.ToString())];
    }

    public void Dispose()
    {
        foreach (var source in _sources)
        {
            source.Provider.SeedsChanged -= OnChanged;
        }
    }

    private void OnChanged(object? sender, EventArgs e) => Changed?.Invoke();

    private sealed class Source(ISeedProvider provider)
    {
        public ISeedProvider Provider => provider;

        public IReadOnlyList<SeedAddress> Last { get; set; } = [];
    }
}
