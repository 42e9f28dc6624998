using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Swim.Host;

/// <summary>
/// Resolves the seeds anew each time they are needed. A name that its name server answers late does not hold up the
/// other seeds: its endpoints belong to the first call after the answer.
/// </summary>
/// <param name="seeds">Where the seeds come from.</param>
/// <param name="self">This node. A name that stands for all members stands for this one too, and is left out.</param>
/// <param name="clock">Measures the patience.</param>
/// <param name="logger">Is told of names that cannot be resolved.</param>
/// <param name="lookUp">Resolves one seed; fails with a <see cref="SocketException"/> if it cannot.</param>
/// <param name="resolvedLate">Called when a name was resolved that a call did not wait for.</param>
internal sealed class SeedResolver(
    SeedSources seeds,
    NodeIdentity self,
    TimeProvider clock,
    ILogger logger,
    Func<SeedAddress, CancellationToken, Task<IReadOnlyList<IPEndPoint>>> lookUp,
    Action resolvedLate
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<SeedAddress, Task<IReadOnlyList<IPEndPoint>>> _pending = [];

    /// <summary>The endpoints of the seeds that could be resolved in time, each once. One call at a time.</summary>
    public async Task<IReadOnlyList<NodeIdentity>> ResolveAsync(CancellationToken cancellationToken)
    {
        foreach (var seed in await seeds.GetAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_pending.ContainsKey(seed))
            {
                _pending.Add(seed, ResolveAsync(seed, cancellationToken));
            }
        }

        var all = Task.WhenAll(_pending.Values);

        if (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(Patience, clock, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var resolved = _pending.Where(pair => pair.Value.IsCompleted).ToList();

        foreach (var (seed, _) in resolved)
        {
            _pending.Remove(seed);
        }

        if (_pending.Count > 0)
        {
            _ = Task.WhenAny(_pending.Values)
                .ContinueWith(
                    _ => resolvedLate(),
                    cancellationToken,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
        }

        return
        [
            .. resolved
                .SelectMany(pair => pair.Value.Result)
                .Distinct()
                .Select(NodeIdentity.Unknown)
                .Where(seed => !seed.HasSameAddress(self)),
        ];
    }

    private async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(
        SeedAddress seed,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await lookUp(seed, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            Log.SeedUnresolved(logger, seed, exception.Message);
            return [];
        }
    }
}
