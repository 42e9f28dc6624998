using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>
/// Asks the seeds to be let in whenever the node knows no active member (R12.3): all at once, then again and
/// again with growing waits, until one of them is a member. Names are resolved anew each time. From time to time it
/// looks whether there are seeds that are no members.
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

    // Spreads the retries of nodes that start together; nothing depends on it.
    private readonly Random _jitter = options.RandomSeed is { } seed ? new Random((int)seed) : new Random();

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

            // A node that others joined first goes on asking: else its seeds, starting later, would be a
            // cluster of their own for ever.
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

            // Whoever was alone begins anew; the others only look whether the seeds have become members.
            isNew = await WaitAsync(refresh, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Between half and all of the wait.</summary>
    private TimeSpan WithJitter(TimeSpan wait) => wait * (0.5 + (_jitter.NextDouble() / 2));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>Waits that long, or until the connection or the seeds may have changed; whether they may.</summary>
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

    /// <summary>Asks whoever the seed stands for; whether one of them is a member already.</summary>
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

            // A name that stands for all members stands for this one too.
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
