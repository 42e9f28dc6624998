using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swim.Host.Telemetry;

namespace Swim.Host;

/// <summary>
/// The loop that owns the state of a node: it takes requests, packets and due timers in turn. Nothing else drives the
/// instance.
/// </summary>
internal sealed class NodeLoop : ISwimRuntime<NodeIdentity>, IDisposable
{
    // The most packets that are taken before timers get their turn.
    private const int PacketBatch = 256;
    private const int RequestCapacity = 1024;

    // How often in a row late timers give way to packets. Without a limit a flood would stop the timers.
    private const int MaxDeferrals = 256;

    private readonly SwimInstance<NodeIdentity> _instance;
    private readonly UdpTransport _transport;
    private readonly NodeTelemetry _telemetry;
    private readonly EventFeed _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TimerQueue _timers = new();
    private readonly ITimer _alarm;
    private readonly Channel<Request> _requests = Channel.CreateBounded<Request>(
        new BoundedChannelOptions(RequestCapacity) { SingleReader = true }
    );

    // Holds a token while there may be something to do.
    private readonly Channel<byte> _signal = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    private long _alarmAt = long.MaxValue;
    private volatile bool _alarmRang;
    private int _deferrals;
    private volatile bool _stopping;

    public NodeLoop(
        SwimInstance<NodeIdentity> instance,
        UdpTransport transport,
        NodeTelemetry telemetry,
        EventFeed events,
        TimeProvider clock,
        ILogger logger
    )
    {
        _instance = instance;
        _transport = transport;
        _telemetry = telemetry;
        _events = events;
        _clock = clock;
        _logger = logger;
        _alarm = clock.CreateTimer(
            _ => RingAlarm(),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Raised on the loop for every event, after the state has changed.</summary>
    public event Action<SwimEvent<NodeIdentity>>? Occurred;

    public void Wake() => _signal.Writer.TryWrite(0);

    public void Stop()
    {
        _stopping = true;
        _requests.Writer.TryComplete();
        Wake();
    }

    /// <summary>
    /// Runs an operation on the loop and returns its result. Waits while too many operations are queued.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The node stops.</exception>
    public async Task<T> InvokeAsync<T>(
        Func<SwimInstance<NodeIdentity>, ISwimRuntime<NodeIdentity>, T> operation,
        CancellationToken cancellationToken
    )
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

        void Run()
        {
            try
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    completion.TrySetCanceled(cancellationToken);
                }
                else
                {
                    completion.TrySetResult(operation(_instance, this));
                }
            }
#pragma warning disable CA1031 // The caller gets the exception, not the loop.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                completion.TrySetException(exception);
            }
        }

        try
        {
            var request = new Request(Run, fault => completion.TrySetException(fault));
            await _requests.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SwimNode));
        }

        Wake();
        return await completion.Task.ConfigureAwait(false);
    }

    public async Task RunAsync()
    {
        try
        {
            await RunUntilStoppedAsync().ConfigureAwait(false);
        }
        finally
        {
            // Fail the requests that are still queued after the loop ended.
            Stop();

            while (_requests.Reader.TryRead(out var request))
            {
                request.Fail(new ObjectDisposedException(nameof(SwimNode)));
            }
        }
    }

    private async Task RunUntilStoppedAsync()
    {
        while (!_stopping)
        {
            RunRequests();
            var more = TakePackets();

            if (await FireTimersAsync().ConfigureAwait(false) || more)
            {
                continue;
            }

            SetAlarm();
            await _signal.Reader.ReadAsync().ConfigureAwait(false);
        }

        // Requests from before the stop are still answered.
        RunRequests();
    }

    public void Dispose() => _alarm.Dispose();

    void ISwimRuntime<NodeIdentity>.SendTo(NodeIdentity destination, ReadOnlySpan<byte> data) =>
        _transport.Send(destination, data);

    void ISwimRuntime<NodeIdentity>.Schedule(SwimTimer<NodeIdentity> timer, TimeSpan after)
    {
        var ticks = (long)(after.TotalSeconds * _clock.TimestampFrequency);
        _timers.Add(timer, _clock.GetTimestamp() + ticks);
    }

    void ISwimRuntime<NodeIdentity>.Notify(in SwimEvent<NodeIdentity> occurred)
    {
        Log.Occurred(_logger, occurred);
        _telemetry.Occurred(occurred);
        _events.Publish(new WatchedEvent(occurred, _instance.Snapshot));
        Occurred?.Invoke(occurred);
    }

    private void RunRequests()
    {
        while (_requests.Reader.TryRead(out var request))
        {
            request.Run();
        }
    }

    /// <summary>Handles received packets. True if more may wait.</summary>
    private bool TakePackets()
    {
        for (var taken = 0; taken < PacketBatch; taken++)
        {
            if (!_transport.TryTake(out var datagram))
            {
                return false;
            }

            var error = _instance.HandleData(datagram.Data, this);

            if (error != SwimError.None)
            {
                _telemetry.Refused(error);
                Log.Refused(_logger, datagram.Length, error);
            }

            datagram.Return();
        }

        return true;
    }

    /// <summary>
    /// Fires the timers that are due. After a pause of the whole process many timers are late, while the answers
    /// that would stop them still wait in the socket: the answers go first. True if packets must be taken before
    /// the timers can fire.
    /// </summary>
    private async ValueTask<bool> FireTimersAsync()
    {
        var now = _clock.GetTimestamp();
        var lateness = _clock.GetElapsedTime(Math.Min(_timers.Earliest, now), now);

        if (lateness > _instance.Config.ProbeRtt && _deferrals < MaxDeferrals)
        {
            if (_transport.HasQueued)
            {
                _deferrals++;
                return true;
            }

            if (_transport.HasUnqueued)
            {
                // The receiver signals for each datagram that it takes.
                _deferrals++;
                await _signal.Reader.ReadAsync().ConfigureAwait(false);
                return true;
            }
        }

        _deferrals = 0;

        while (_timers.TryTakeDue(now, out var timer, out var due))
        {
            _telemetry.Late(_clock.GetElapsedTime(due, now));
            var error = _instance.HandleTimer(timer, this);

            if (error != SwimError.None)
            {
                _telemetry.TimerFault(error);
                Log.TimerFault(_logger, error);
            }
        }

        return false;
    }

    /// <summary>An alarm may ring a little before its time; it is then set again.</summary>
    private void RingAlarm()
    {
        _alarmRang = true;
        Wake();
    }

    private void SetAlarm()
    {
        var earliest = _timers.Earliest;

        if (earliest == _alarmAt && !_alarmRang)
        {
            return;
        }

        _alarmRang = false;
        _alarmAt = earliest;

        if (earliest == long.MaxValue)
        {
            _alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = (earliest - _clock.GetTimestamp()) * 1000.0 / _clock.TimestampFrequency;

        // Rounded up, as an alarm that comes too early would find no due timer.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait))), Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Request(Action Run, Action<Exception> Fail);
}
