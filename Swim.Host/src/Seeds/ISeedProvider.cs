namespace Swim.Host;

/// <summary>
/// Provides the addresses through which a node joins. The node asks for them whenever it knows no active member, and
/// once per <see cref="SwimNodeOptions.SeedRefreshPeriod"/>.
/// </summary>
public interface ISeedProvider
{
    /// <summary>
    /// The current seeds. If it throws, the node logs the exception and keeps the seeds that it got before.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the node stops.</param>
    ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken);

    /// <summary>Raised, on any thread, when the seeds may have changed. The node then asks them at once.</summary>
    event EventHandler? SeedsChanged;
}
