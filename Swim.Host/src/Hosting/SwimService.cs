using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Swim.Host;

/// <summary>Starts a node with the given options.</summary>
internal delegate SwimNode NodeStarter(SwimNodeOptions options);

/// <summary>
/// The member of a cluster that a host runs. It joins after all other hosted services have started, as other members
/// send it work from then on, and leaves before any of them stops.
/// </summary>
internal sealed class SwimService(IServiceProvider services, string name)
    : ISwimCluster,
        IHostedLifecycleService,
        IAsyncDisposable
{
    private readonly TaskCompletionSource<SwimNode> _started = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private FileSeedProvider? _seedsFile;

    /// <summary>The node, from its start to its end; null before and after.</summary>
    public SwimNode? Running { get; private set; }

    public NodeIdentity Identity => Node.Identity;

    public IPEndPoint LocalEndPoint => Node.LocalEndPoint;

    public ConnectionState ConnectionState => Node.ConnectionState;

    public IReadOnlyList<MemberRecord<NodeIdentity>> Members => Node.Members;

    public SwimSnapshot<NodeIdentity> Snapshot => Node.Snapshot;

    public SwimNodeStatistics Statistics => Node.Statistics;

    public IReadOnlyList<SwimProbe> RecentProbes => Node.RecentProbes;

    // Its properties stay readable after the end.
    private SwimNode Node =>
        _started.Task.IsCompletedSuccessfully
            ? _started.Task.Result
            : throw new InvalidOperationException(
                "The member starts after all other services of the host. Wait for it with WaitUntilActiveAsync or WatchAsync."
            );

    public async Task WaitUntilActiveAsync(CancellationToken cancellationToken = default)
    {
        var node = await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await node.WaitUntilActiveAsync(cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<WatchedEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var node = await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

        await foreach (var watched in node.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return watched;
        }
    }

    public async Task<bool> BroadcastAsync(
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default
    )
    {
        var node = await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await node.BroadcastAsync(data, cancellationToken).ConfigureAwait(false);
    }

    public Task LeaveAsync(CancellationToken cancellationToken = default) =>
        Node.LeaveAsync(cancellationToken);

    public Task RejoinAsync(CancellationToken cancellationToken = default) =>
        Node.RejoinAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptionsMonitor<SwimOptions>>().Get(name);
        var starter = services.GetKeyedService<NodeStarter>(name) ?? SwimNode.Start;

        try
        {
            Running = starter(Prepare(options));
        }
        catch (Exception exception)
        {
            _started.TrySetException(exception);
            throw;
        }

        _started.TrySetResult(Running);

        if (options.JoinTimeout is { } limit)
        {
            await JoinWithinAsync(Running, limit, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Running is not { ConnectionState: not ConnectionState.Defunct } node)
        {
            return;
        }

        var limit = services.GetRequiredService<IOptionsMonitor<SwimOptions>>().Get(name).LeaveTimeout;

        try
        {
            await node.LeaveAsync(cancellationToken)
                .WaitAsync(limit, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Disposing tries once more, and logs if it fails.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Running is { } node)
        {
            Running = null;
            await node.DisposeAsync().ConfigureAwait(false);
        }

        _seedsFile?.Dispose();

        // Ends the waits for a start that did not happen.
        _started.TrySetException(new ObjectDisposedException(nameof(ISwimCluster)));
        _ = _started.Task.Exception;
    }

    private static async Task JoinWithinAsync(
        SwimNode node,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await node.WaitUntilActiveAsync(cancellationToken)
                .WaitAsync(limit, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new SwimStartException(
                $"{node.Identity} did not join a cluster within JoinTimeout ({limit}). Check that a seed runs and can be reached over UDP.",
                exception
            );
        }
    }

    private SwimNodeOptions Prepare(SwimOptions options)
    {
        var node = options.ToNodeOptions();
        var seeds = services.GetKeyedServices<ISeedProvider>(name);

        if (options.SeedsFile is { } path)
        {
            _seedsFile = new FileSeedProvider(path);
            seeds = seeds.Append(_seedsFile);
        }

        return node with
        {
            SeedProviders = [.. node.SeedProviders, .. seeds],
            LoggerFactory = services.GetService<ILoggerFactory>() ?? node.LoggerFactory,
            MeterFactory = node.MeterFactory ?? services.GetService<IMeterFactory>(),
            TimeProvider = services.GetService<TimeProvider>() ?? node.TimeProvider,
            NodeName = node.NodeName ?? (name.Length == 0 ? null : name),
        };
    }
}
