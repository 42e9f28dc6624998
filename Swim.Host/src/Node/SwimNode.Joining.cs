using System.Net;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <content>How a node finds its way into the cluster.</content>
public sealed partial class SwimNode
{
    private static void RequireOtherSeeds(SwimNodeOptions options, NodeIdentity self, IPEndPoint local)
    {
        foreach (var seed in options.Seeds)
        {
            if (seed.Literal is { } literal && (literal.Equals(local) || literal.Equals(self.EndPoint)))
            {
                throw new ArgumentException(
                    $"Seeds must not contain this node itself ({seed}); name other members, or none to start a cluster",
                    nameof(options)
                );
            }
        }
    }

    private async Task JoinAsync()
    {
        var span = TraceJoinAsync();

        try
        {
            await _joiner.RunAsync(() => ConnectionState, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // The node goes on without its seeds, but not without a word.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.JoinFailed(_logger, exception);
        }

        await span.ConfigureAwait(false);
    }

    private async Task TraceJoinAsync()
    {
        if (_seeds.AreNone)
        {
            return;
        }

        using var span = Tracing.StartJoin();

        try
        {
            await _firstActive.Task.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever waits for the join is told why it failed; the span is told too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            span.Fail(exception);
        }
    }
}
