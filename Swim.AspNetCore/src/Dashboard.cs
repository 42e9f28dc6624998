using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>One mapped dashboard: its endpoints, and the monitor behind them.</summary>
internal sealed class Dashboard
{
    private readonly SwimDashboardOptions _options;
    private readonly Lazy<DashboardMonitor> _monitor;
    private readonly CancellationToken _stopping;
    private readonly EventStreams _streams;

    public Dashboard(
        IServiceProvider services,
        Func<IServiceProvider, ISwimCluster> resolve,
        SwimDashboardOptions options
    )
    {
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        _options = options;
        _stopping = lifetime.ApplicationStopping;
        _streams = new EventStreams(options.MaxEventStreams, _stopping);
        _monitor = new Lazy<DashboardMonitor>(() => Start(services, resolve(services)));

        // From the beginning, so that the timeline holds what happened before the first browser opened it.
        lifetime.ApplicationStarted.Register(() => _ = _monitor.Value);
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        Get(endpoints, "", PageAssets.SendPageAsync);

        foreach (var name in PageAssets.Names)
        {
            Get(endpoints, name, context => PageAssets.SendAsync(context, name));
        }

        GetJson(endpoints, "status", monitor => monitor.ReadStatus(), DashboardJson.Default.StatusView);
        GetJson(
            endpoints,
            "members",
            monitor => monitor.ReadMembers(),
            DashboardJson.Default.IReadOnlyListMemberView
        );
        GetJson(
            endpoints,
            "events",
            monitor => monitor.ReadEvents(),
            DashboardJson.Default.IReadOnlyListEventView
        );
        GetJson(
            endpoints,
            "probes",
            monitor => monitor.ReadProbes(),
            DashboardJson.Default.IReadOnlyListProbeView
        );
        GetJson(
            endpoints,
            "messages",
            monitor => monitor.ReadMessages(),
            DashboardJson.Default.IReadOnlyListMessageView
        );
        Get(endpoints, "stream", context => WithMonitorAsync(context, _streams.SendAsync));
        endpoints.MapPost("leave", Guarded(context => WithMonitorAsync(context, LeaveAsync)));
    }

    private DashboardMonitor Start(IServiceProvider services, ISwimCluster cluster)
    {
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = loggers.CreateLogger("Swim.AspNetCore");
        var monitor = new DashboardMonitor(cluster, _options, clock, logger);
        _ = Task.Run(() => monitor.FollowAsync(_stopping), CancellationToken.None);
        return monitor;
    }

    private void Get(IEndpointRouteBuilder endpoints, string path, RequestDelegate handle) =>
        endpoints.MapMethods(path, [HttpMethods.Get], Guarded(handle));

    private void GetJson<T>(
        IEndpointRouteBuilder endpoints,
        string path,
        Func<DashboardMonitor, T> read,
        JsonTypeInfo<T> type
    ) =>
        Get(
            endpoints,
            path,
            context =>
                WithMonitorAsync(
                    context,
                    (_, monitor) => Answer.JsonAsync(context, StatusCodes.Status200OK, read(monitor), type)
                )
        );

    private RequestDelegate Guarded(RequestDelegate handle) =>
        context =>
        {
            Protection.AddHeaders(context.Response.Headers);

            return _options.RequireLoopbackHost && !Protection.IsLoopback(context.Request.Host)
                ? Answer.ErrorAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "this dashboard answers only by a loopback name; open it as http://127.0.0.1 or http://localhost"
                )
                : handle(context);
        };

    private async Task WithMonitorAsync(HttpContext context, Func<HttpContext, DashboardMonitor, Task> handle)
    {
        var monitor = _monitor.Value;
        await monitor.Ready.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        await handle(context, monitor).ConfigureAwait(false);
    }

    private async Task LeaveAsync(HttpContext context, DashboardMonitor monitor)
    {
        if (!_options.AllowControl)
        {
            await Answer
                .ErrorAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "this dashboard is read-only; its host allows control with SwimDashboardOptions.AllowControl"
                )
                .ConfigureAwait(false);
        }
        else if (!Protection.IsOwnRequest(context.Request))
        {
            await Answer
                .ErrorAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    $"only the dashboard's own page and tools may do this; send the header {Protection.ControlHeader}: 1, "
                        + "and no Origin of another site"
                )
                .ConfigureAwait(false);
        }
        else
        {
            await LeaveAsync(context, monitor.Cluster).ConfigureAwait(false);
        }
    }

    private static async Task LeaveAsync(HttpContext context, ISwimCluster cluster)
    {
        var identity = cluster.Identity;

        try
        {
            await cluster.LeaveAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            await Answer
                .ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, Answer.Ended)
                .ConfigureAwait(false);
            return;
        }

        await Answer
            .JsonAsync(
                context,
                StatusCodes.Status200OK,
                new LeftView(identity.ToString()),
                DashboardJson.Default.LeftView
            )
            .ConfigureAwait(false);
    }
}
