namespace Swim.Host;

/// <summary>Provides seeds that never change. A name among them is resolved each time.</summary>
/// <param name="seeds">The seeds.</param>
public sealed class StaticSeedProvider(params IEnumerable<SeedAddress> seeds) : ISeedProvider
{
    private readonly SeedAddress[] _seeds = [.. seeds];

    /// <summary>Never raised.</summary>
    public event EventHandler? SeedsChanged
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SeedAddress>>(_seeds);
}
