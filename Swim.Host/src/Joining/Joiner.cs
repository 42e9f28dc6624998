using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swim.Core;

namespace Swim.Host;

/// <summary>
/// Runs the policy of joining (<c>JoinPolicy</c>; R12.3, decisions 0024 and 0026) over the node's loop: resolves the
/// seeds, sends what the policy decides, and waits until its next decision.
/// </summary>
internal sealed class Joiner
{
    private readonly SeedSources _seeds;
    private readonly SeedResolver _resolver;
    private readonly NodeLoop _loop;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly JoinSettings _settings;
    private JoinProgress _progress;

    private readonly Channel<byte> _stateChanged = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    public Joiner(
        SwimNodeOptions options,
        SeedSources seeds,
        NodeIdentity self,
        NodeLoop loop,
        ILogger logger
    )
    {
        _seeds = seeds;
        _resolver = new SeedResolver(
            seeds,
            self,
            options.TimeProvider,
            logger,
            (seed, cancellationToken) => seed.ResolveAsync(cancellationToken),
            ResolvedLate
        );
        _loop = loop;
        _clock = options.TimeProvider;
        _logger = logger;

        _settings = new JoinSettings(
            options.JoinRetryMin,
            options.JoinRetryMax,
            options.SeedRefreshPeriod,
            JoinPolicy.feedPace(options.Config)
        );

        var randomSeed =
            options.RandomSeed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _progress = JoinPolicy.start(_settings, randomSeed);
    }

    /// <summary>To be called when the node became Idle, may take part again, or may have other seeds.</summary>
    public void Reconsider() => _stateChanged.Writer.TryWrite(0);

    // A node that has joined does not wait for seeds.
    private void ResolvedLate()
    {
        if (_progress.Phase == JoinPhase.AskingSeeds)
        {
            Reconsider();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_seeds.AreNone)
        {
            return;
        }

        while (true)
        {
            IReadOnlyList<NodeIdentity> seeds =
                _progress.Phase == JoinPhase.GatheringFeeds
                    ? []
                    : await _resolver.ResolveAsync(cancellationToken).ConfigureAwait(false);

            var wait = await _loop
                .InvokeAsync((instance, runtime) => Decide(instance, runtime, seeds), cancellationToken)
                .ConfigureAwait(false);

            if (await WaitAsync(wait, cancellationToken).ConfigureAwait(false))
            {
                _progress = JoinPolicy.reconsider(_settings, _progress);
            }
        }
    }

    /// <summary>Does what the policy decides now; how long until it decides again.</summary>
    private TimeSpan? Decide(
        SwimInstance<NodeIdentity> instance,
        ISwimRuntime<NodeIdentity> runtime,
        IReadOnlyList<NodeIdentity> seeds
    )
    {
        var snapshot = instance.Snapshot;
        var isMember = seeds.ToLookup(seed => snapshot.TryGetMember(seed, out var member) && member.IsActive);
        var view = new JoinView(snapshot.ConnectionState, snapshot.Members.Count, isMember[true].Any());
        var (decision, progress) = JoinPolicy.decide(_settings, view, _progress);
        _progress = progress;

        switch (decision.Action)
        {
            case JoinAction.AskSeeds:
                foreach (var seed in isMember[false])
                {
                    Log.AskingSeed(_logger, seed.EndPoint);
                    instance.Announce(seed, runtime);
                }

                break;
            case JoinAction.AskMember:
                instance.Announce(snapshot.Members[decision.Position].Identity, runtime);
                break;
        }

        if (progress.Phase == JoinPhase.AskingSeeds && decision.Wait is { } wait)
        {
            Log.JoinRetry(_logger, wait);
        }

        return decision.Wait;
    }

    /// <summary>Waits that long, or until something may have changed; whether it may.</summary>
    private async Task<bool> WaitAsync(TimeSpan? wait, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(wait ?? Timeout.InfiniteTimeSpan, _clock);
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
}
