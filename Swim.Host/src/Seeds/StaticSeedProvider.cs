namespace Swim.Host;

/// <summary>Seeds that never change. A name among them is resolved anew each time that it is asked.</summary>
/// <param name="seeds">Whom to ask.</param>
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
