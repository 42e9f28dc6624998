using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <summary>
/// A running member of a cluster over UDP. It joins through its seeds, keeps track of the other members, and leaves
/// when it is disposed.
/// </summary>
/// <remarks>
/// Safe for use by any thread. Properties read a snapshot, which is consistent and costs nothing.
/// </remarks>
public sealed partial class SwimNode : ISwimCluster, IAsyncDisposable
{
    private readonly SwimNodeOptions _options;
    private readonly SwimInstance<NodeIdentity> _instance;
    private readonly UdpTransport _transport;
    private readonly NodeTelemetry _telemetry;
    private readonly EventFeed _events;
    private readonly NodeLoop _loop;
    private readonly SeedSources _seeds;
    private readonly Joiner _joiner;
    private readonly NodeRecorder? _recorder;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstActive = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Task _running;
    private readonly Task _receiving;
    private readonly Task _joining;
    private readonly Task _remembering;
    private int _disposed;

    private SwimNode(
        SwimNodeOptions options,
        UdpTransport transport,
        NodeTelemetry telemetry,
        RememberedMembers? remembered,
        SwimInstance<NodeIdentity> instance,
        ulong randomSeed
    )
    {
        _options = options;
        _transport = transport;
        _telemetry = telemetry;
        _instance = instance;
        _logger = options.LoggerFactory.CreateLogger<SwimNode>();
        _recorder = NodeRecorder.Start(options, instance, randomSeed, _logger);
        instance.Watch(telemetry);
        telemetry.Observe(() => instance.Snapshot, () => transport.QueueLength);
        _events = new EventFeed(options.EventQueueCapacity, () => instance.Snapshot, telemetry);
        _loop = new NodeLoop(instance, transport, telemetry, _events, options.TimeProvider, _logger);
        _seeds = new SeedSources(options, remembered, _logger);
        _joiner = new Joiner(options, _seeds, instance.Identity, _loop, _logger);
        _seeds.Changed += _joiner.Reconsider;
        _loop.Occurred += OnOccurred;
        Log.Started(_logger, instance.Identity, transport.LocalEndPoint);
        _running = Task.Run(RunAsync);
        _receiving = Task.Run(() => transport.ReceiveAsync(_loop.Wake, _stop.Token));
        _joining = Task.Run(JoinAsync);
        _remembering = remembered is null
            ? Task.CompletedTask
            : Task.Run(() => remembered.RunAsync(() => instance.Snapshot, _stop.Token));
    }

    /// <summary>
    /// Starts a member: binds its socket and begins to join. The member rejects custom broadcasts.
    /// </summary>
    /// <param name="options">The options of the node.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of bounds, or a seed is this node itself; the message names it.
    /// </exception>
    /// <exception cref="SwimStartException">
    /// The socket cannot be bound, or the file of the recording cannot be made, for instance because it exists.
    /// </exception>
    public static SwimNode Start(SwimNodeOptions options) =>
        Start(
            options,
            (identity, randomSeed) =>
                new SwimInstance<NodeIdentity>(
                    identity,
                    options.Config,
                    NodeIdentityCodec.Instance,
                    randomSeed
                )
        );

    /// <summary>Starts a member that disseminates custom broadcasts.</summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="handler">
    /// Receives the custom broadcasts and tells new ones from known ones. The loop of the node calls it, so it
    /// should be quick.
    /// </param>
    /// <typeparam name="TKey">The key by which the handler names an item.</typeparam>
    /// <inheritdoc cref="Start(SwimNodeOptions)"/>
    public static SwimNode Start<TKey>(SwimNodeOptions options, IBroadcastHandler<NodeIdentity, TKey> handler)
        where TKey : IInvalidates<TKey>
    {
        ArgumentNullException.ThrowIfNull(handler);

        return Start(
            options,
            (identity, randomSeed) =>
                SwimInstance<NodeIdentity>.WithCustomBroadcast(
                    identity,
                    options.Config,
                    NodeIdentityCodec.Instance,
                    randomSeed,
                    handler
                )
        );
    }

    /// <summary>The identity of this node. It changes when the node is declared Down and rejoins (R5.3).</summary>
    public NodeIdentity Identity => _instance.Identity;

    /// <summary>The endpoint at which this node listens.</summary>
    public IPEndPoint LocalEndPoint => _transport.LocalEndPoint;

    /// <summary>Whether this node is Idle, Active or Defunct (R4.1).</summary>
    public ConnectionState ConnectionState => _instance.ConnectionState;

    /// <summary>The other active members, in no particular order.</summary>
    public IReadOnlyList<MemberRecord<NodeIdentity>> Members => _instance.Members;

    /// <summary>All that this node knows at this moment.</summary>
    public SwimSnapshot<NodeIdentity> Snapshot => _instance.Snapshot;

    /// <summary>The figures of this node since it started.</summary>
    public SwimNodeStatistics Statistics => _telemetry.Statistics;

    /// <summary>The last probes that ended, at most 128, the latest last (R7).</summary>
    public IReadOnlyList<SwimProbe> RecentProbes => _telemetry.RecentProbes;

    /// <summary>
    /// Completes when the node ends: successfully after <see cref="DisposeAsync"/>, with an exception if it failed.
    /// </summary>
    public Task Completion => _running;

    /// <summary>While true the node neither sends nor receives, as on a network that is down. For tests.</summary>
    internal bool IsCutOff
    {
        get => _transport.IsCutOff;
        set => _transport.IsCutOff = value;
    }

    /// <summary>
    /// Leaves the cluster, unless <see cref="SwimNodeOptions.LeaveOnDispose"/> is off, and stops. It takes at most
    /// <see cref="SwimNodeOptions.LeaveTimeout"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();

        if (_options.LeaveOnDispose && !_running.IsCompleted && !Snapshot.HasLeft)
        {
            try
            {
                await LeaveAsync().WaitAsync(_options.LeaveTimeout).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Log.LeaveTimedOut(_logger, _options.LeaveTimeout);
            }
            catch (ObjectDisposedException)
            {
                // The loop ended by itself, and can send no farewell.
            }
#pragma warning disable CA1031 // The node must stop even if the user's code throws while leaving.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.LeaveFailed(_logger, exception);
            }
        }

        _seeds.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        _loop.Stop();

        // A user's handler that hangs is not awaited for longer than LeaveTimeout.
        var left = _options.LeaveTimeout - Stopwatch.GetElapsedTime(started);
        var stopped = Task.WhenAll(_running, _receiving, _joining, _remembering);
        await Task.WhenAny(stopped, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            .ConfigureAwait(false);

        _transport.Dispose();
        _loop.Dispose();
        _events.Complete();
        _recorder?.Dispose();
        _telemetry.Dispose();
        _firstActive.TrySetException(new ObjectDisposedException(nameof(SwimNode)));

        // Read, so that it is no unobserved exception when no caller waits for it.
        _ = _firstActive.Task.Exception;
        _stop.Dispose();
        Log.Stopped(_logger, Identity);
    }

    private static SwimNode Start(
        SwimNodeOptions options,
        Func<NodeIdentity, ulong, SwimInstance<NodeIdentity>> create
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var telemetry = new NodeTelemetry(options.MeterFactory, options.NodeName, options.TimeProvider);
        UdpTransport? transport = null;

        try
        {
            transport = new UdpTransport(options, telemetry);
            var advertised = options.AdvertiseEndPoint ?? options.BindEndPoint;

            if (advertised.Port == 0)
            {
                advertised = new IPEndPoint(advertised.Address, transport.LocalEndPoint.Port);
            }

            var remembered = RememberedMembers.Open(options, options.LoggerFactory.CreateLogger<SwimNode>());
            var identity = NodeIdentity.Create(advertised, options.TimeProvider);
            identity = remembered?.Supersede(identity) ?? identity;
            RequireOtherSeeds(options, identity, transport.LocalEndPoint);
            var randomSeed =
                options.RandomSeed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
            return new SwimNode(
                options,
                transport,
                telemetry,
                remembered,
                create(identity, randomSeed),
                randomSeed
            );
        }
        catch
        {
            transport?.Dispose();
            telemetry.Dispose();
            throw;
        }
    }

    private void OnOccurred(SwimEvent<NodeIdentity> occurred)
    {
        switch (occurred.Kind)
        {
            case SwimEventKind.Active:
                _firstActive.TrySetResult();
                break;
            case SwimEventKind.Idle:
                _joiner.Reconsider();
                break;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _loop.RunAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.LoopFailed(_logger, exception, Identity);
            _firstActive.TrySetException(exception);
            throw;
        }
        finally
        {
            _events.Complete();
        }
    }
}
