using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>
/// Announces to the seeds whenever the node knows no active member (R12.3): to all at once, then repeatedly with
/// growing waits, until one of them is a member. Names are resolved each time. Once per <c>SeedRefreshPeriod</c> it
/// announces to the seeds that are not members (decision 26).
/// </summary>
internal sealed class Joiner(
    SwimNodeOptions options,
    SeedSources seeds,
    NodeIdentity self,
    NodeLoop loop,
    ILogger logger
)
{
    private readonly Channel<byte> _stateChanged = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    // Spreads the retries of nodes that start together. The protocol does not depend on it.
    private readonly Random _jitter = options.RandomSeed is { } randomSeed
        ? new Random((int)randomSeed)
        : new Random();

    /// <summary>To be called when the node's connection may have changed.</summary>
    public void Reconsider() => _stateChanged.Writer.TryWrite(0);

    public async Task RunAsync(Func<ConnectionState> connection, CancellationToken cancellationToken)
    {
        if (seeds.AreNone)
        {
            return;
        }

        var refresh = options.SeedRefreshPeriod ?? Timeout.InfiniteTimeSpan;
        var isNew = true;

        while (true)
        {
            var wait = options.JoinRetryMin;

            // A node that other members joined first keeps asking: otherwise its seeds, which start later, would
            // remain a cluster of their own.
            while (connection() != ConnectionState.Defunct)
            {
                var now = await seeds.GetAsync(cancellationToken).ConfigureAwait(false);
                var asked = now.Select(seed => AskAsync(seed, cancellationToken));
                var known = await Task.WhenAll(asked).ConfigureAwait(false);

                if (known.Contains(true) && connection() == ConnectionState.Active)
                {
                    break;
                }

                Log.JoinRetry(logger, wait);
                await WaitAsync(WithJitter(wait), cancellationToken).ConfigureAwait(false);
                wait = Min(wait * 2, options.JoinRetryMax);
            }

            if (isNew)
            {
                await new FeedGathering(options, loop, _jitter)
                    .RunAsync(connection, cancellationToken)
                    .ConfigureAwait(false);
            }

            // A node that was alone gathers Feeds again; otherwise it only checks whether the seeds are members.
            isNew = await WaitAsync(refresh, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Between half and all of the wait.</summary>
    private TimeSpan WithJitter(TimeSpan wait) => wait * (0.5 + (_jitter.NextDouble() / 2));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>
    /// Waits until the time is over, or the connection or the seeds may have changed. True if they may have.
    /// </summary>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(wait, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        try
        {
            await _stateChanged.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Announces to the endpoints of a seed. True if one of them is a member already.</summary>
    private async Task<bool> AskAsync(SeedAddress seed, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> endPoints;

        try
        {
            endPoints = await seed.ResolveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            Log.SeedUnresolved(logger, seed, exception.Message);
            return false;
        }

        var known = false;

        foreach (var endPoint in endPoints)
        {
            var destination = NodeIdentity.Unknown(endPoint);

            // A name that resolves to all members resolves to this one too.
            if (!destination.HasSameAddress(self))
            {
                Log.AskingSeed(logger, seed, endPoint);
                known |= await loop.InvokeAsync(
                        (instance, runtime) =>
                            IsMember(instance, destination) || Announce(instance, destination, runtime),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
        }

        return known;
    }

    private static bool IsMember(SwimInstance<NodeIdentity> instance, NodeIdentity destination) =>
        instance.Snapshot.TryGetMember(destination, out var member) && member.IsActive;

    private static bool Announce(
        SwimInstance<NodeIdentity> instance,
        NodeIdentity destination,
        ISwimRuntime<NodeIdentity> runtime
    )
    {
        if (instance.ConnectionState != ConnectionState.Defunct)
        {
            instance.Announce(destination, runtime);
        }

        return false;
    }
}
