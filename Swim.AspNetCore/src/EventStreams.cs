using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Swim.AspNetCore;

/// <summary>
/// The server-sent events. A stream begins with <c>snapshot</c> and continues with <c>update</c>, one at least per
/// refresh period, so that silence means a lost connection. A browser that falls behind gets another snapshot.
/// </summary>
internal sealed class EventStreams(int capacity, CancellationToken stopping)
{
    /// <summary>How long a browser may take to accept one event before its stream ends.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The shortest time between two events: a storm of updates becomes a few events a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _count;

    /// <summary>Sends events until the browser disconnects, the server stops or the member ends.</summary>
    public async Task SendAsync(HttpContext context, DashboardMonitor monitor)
    {
        try
        {
            if (Interlocked.Increment(ref _count) > capacity)
            {
                await Answer
                    .ErrorAsync(
                        context,
                        StatusCodes.Status503ServiceUnavailable,
                        $"{capacity} browsers follow the events already; close one, or raise SwimDashboardOptions.MaxEventStreams"
                    )
                    .ConfigureAwait(false);
                return;
            }

            // Without this a page would connect repeatedly, for one snapshot each time.
            if (monitor.IsOver)
            {
                await Answer
                    .ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, Answer.Ended)
                    .ConfigureAwait(false);
                return;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted,
                stopping
            );
            await StreamAsync(context.Response, monitor, over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A stream ends in this way.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private static async Task StreamAsync(
        HttpResponse response,
        DashboardMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var position = await SendAllAsync(response, monitor, cancellationToken).ConfigureAwait(false);

        var isOver = false;

        while (!isOver)
        {
            await monitor.WaitAsync(position, cancellationToken).ConfigureAwait(false);

            // Read before the updates, so that the last ones are still sent.
            isOver = monitor.IsOver;

            if (monitor.ReadAfter(position) is { } read)
            {
                position = read.Position;
                await SendAsync(
                        response,
                        "update",
                        read.View,
                        DashboardJson.Default.UpdateView,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            else
            {
                position = await SendAllAsync(response, monitor, cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<LogPosition> SendAllAsync(
        HttpResponse response,
        DashboardMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        var (view, position) = monitor.ReadAll();
        await SendAsync(response, "snapshot", view, DashboardJson.Default.SnapshotView, cancellationToken)
            .ConfigureAwait(false);
        return position;
    }

    private static async Task SendAsync<T>(
        HttpResponse response,
        string name,
        T view,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        using var sent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        sent.CancelAfter(SendTimeout);
        var body = response.BodyWriter;

        // Waits for the browser while the pipe is full, so that no more than the pipe is kept for it.
        body.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        await JsonSerializer.SerializeAsync(body, view, type, sent.Token).ConfigureAwait(false);
        body.Write("\n\n"u8);
        await body.FlushAsync(sent.Token).ConfigureAwait(false);
    }
}
