using System.Net;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <content>Joining a cluster.</content>
public sealed partial class SwimNode
{
    private static void RequireOtherSeeds(SwimNodeOptions options, NodeIdentity self, IPEndPoint local)
    {
        foreach (var seed in options.Seeds)
        {
            if (seed.Literal is { } literal && (literal.Equals(local) || literal.Equals(self.EndPoint)))
            {
                throw new ArgumentException(
                    $"Seeds must not contain this node itself ({seed}). Name other members, or none to start a cluster.",
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
            await _joiner.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The node stops.
        }
#pragma warning disable CA1031 // The node continues without its seeds, and logs it.
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
#pragma warning disable CA1031 // The caller that waits for the join gets the exception; the span records it too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            span.Fail(exception);
        }
    }
}
