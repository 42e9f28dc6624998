namespace Swim.Host;

/// <summary>
/// Says whom to ask to be let in, anew each time that a node asks: whenever it knows no active member, and every
/// <see cref="SwimNodeOptions.SeedRefreshPeriod"/>.
/// </summary>
public interface ISeedProvider
{
    /// <summary>
    /// The seeds as of now. What it throws is logged, and the node goes on with the seeds that it had from here
    /// before.
    /// </summary>
    ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken);

    /// <summary>Raised, on any thread, when there may be other seeds than before: they are asked at once.</summary>
    event EventHandler? SeedsChanged;
}
