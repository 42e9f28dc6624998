namespace Swim.Host;

/// <summary>
/// A Feed holds as many members as fit into one packet (R8.5). A node that joins a larger cluster keeps asking one
/// random member after the other, until several Feeds in a row named no new member. Decision 24.
/// </summary>
internal sealed class FeedGathering(SwimNodeOptions options, NodeLoop loop, Random random)
{
    // After so many Feeds in a row without a new member, few members are unknown.
    internal const int QuietFeeds = 10;

    // A joining member may cause a burst of twenty Feeds in a probe period.
    private readonly TimeSpan _pace = options.Config.ProbePeriod / 20;

    public async Task RunAsync(Func<ConnectionState> connection, CancellationToken cancellationToken)
    {
        var known = 0;

        for (var quiet = 0; quiet < QuietFeeds && connection() == ConnectionState.Active; quiet++)
        {
            var now = await loop.InvokeAsync(Ask, cancellationToken).ConfigureAwait(false);

            if (now > known)
            {
                quiet = 0;
                known = now;
            }

            await Task.Delay(_pace, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks one of the active members, and returns the number of active members.</summary>
    private int Ask(SwimInstance<NodeIdentity> instance, ISwimRuntime<NodeIdentity> runtime)
    {
        var members = instance.Members;

        if (members.Count > 0 && instance.ConnectionState == ConnectionState.Active)
        {
            instance.Announce(members[random.Next(members.Count)].Identity, runtime);
        }

        return members.Count;
    }
}
