namespace Swim.Host;

/// <summary>
/// A Feed holds as many members as fit into one packet (R8.5). Whoever joins a larger cluster goes on asking,
/// one random member at a time, until several Feeds in a row named nobody new. Decision 24.
/// </summary>
internal sealed class FeedGathering(SwimNodeOptions options, NodeLoop loop, Random random)
{
    // Each asks for one packet. So many in a row that hold nothing new leave few members unknown.
    internal const int QuietFeeds = 10;

    // Twenty Feeds in a probe period are a burst that a joining member may cause.
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

    /// <summary>Asks one of the active members; answers how many there are.</summary>
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
