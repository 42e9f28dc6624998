using System.Diagnostics.Metrics;

namespace Swim.Host.Telemetry;

/// <summary>
/// What a node tells of itself, counted for its statistics and measured for its meter. The other parts of the node report
/// here what happens, and know nothing else of counters and instruments.
/// </summary>
internal sealed class NodeTelemetry : IInstanceWatcher<NodeIdentity>, IDisposable
{
    private readonly NodeCounters _counters = new();
    private readonly ProbeLog _probes = new();
    private readonly Instruments _instruments;
    private readonly TimeProvider _clock;
    private long _probeBegan;
    private DateTimeOffset _probeBeganAt;

    public NodeTelemetry(IMeterFactory? factory, string? nodeName, TimeProvider clock)
    {
        _instruments = new Instruments(factory, nodeName);
        _clock = clock;
    }

    public SwimNodeStatistics Statistics => _counters.Read();

    /// <summary>The last probes that ended, the latest last.</summary>
    public SwimProbe[] RecentProbes => _probes.Read();

    /// <summary>Begins to report the figures that are read at collection, until this is disposed.</summary>
    public void Observe(Func<SwimSnapshot<NodeIdentity>> snapshot, Func<int> queueLength) =>
        _instruments.Observe(snapshot, queueLength);

    public void Dispose() => _instruments.Dispose();

    /// <summary>A datagram was read from the socket.</summary>
    public void Received(int bytes) => _counters.Received(bytes);

    /// <summary>A datagram was given to the socket.</summary>
    public void Sent(int bytes) => _counters.Sent(bytes);

    /// <summary>A datagram was dropped because the queue of the loop was full.</summary>
    public void Dropped()
    {
        _counters.Dropped();
        _instruments.Dropped();
    }

    public void SendFailed() => _counters.SendFailed();

    public void ReceiveFailed() => _counters.ReceiveFailed();

    /// <summary>The protocol refused a datagram.</summary>
    public void Refused(SwimError reason)
    {
        _counters.Refused(reason);
        _instruments.Refused(reason);
    }

    /// <summary>A timer fired that long after it was due.</summary>
    public void Late(TimeSpan lateness) => _instruments.Late(lateness);

    /// <summary>The core reported a fault when a timer fired.</summary>
    public void TimerFault(SwimError fault) => _counters.TimerFault(fault);

    /// <summary>A slow reader of events lost its queue.</summary>
    public void Resynchronized() => _counters.Resynchronized();

    public void Received(MessageKind kind, int bytes)
    {
        _counters.Received(kind, bytes);
        _instruments.Packet(kind, bytes, isSent: false);
    }

    public void Sent(MessageKind kind, int bytes)
    {
        _counters.Sent(kind, bytes);
        _instruments.Packet(kind, bytes, isSent: true);
    }

    public void ProbeStarted()
    {
        _probeBegan = _clock.GetTimestamp();
        _probeBeganAt = _clock.GetUtcNow();
    }

    public void ProbeEnded(NodeIdentity target, ProbeResult result)
    {
        TimeSpan? roundTrip = result is ProbeResult.Direct or ProbeResult.Indirect
            ? _clock.GetElapsedTime(_probeBegan)
            : null;
        _counters.ProbeEnded(result);
        _instruments.ProbeEnded(result, roundTrip);

        if (result != ProbeResult.Incomplete)
        {
            _probes.Add(new SwimProbe(target, _probeBeganAt, roundTrip, result == ProbeResult.Indirect));
        }
    }

    /// <summary>An event of the node.</summary>
    public void Occurred(in SwimEvent<NodeIdentity> occurred)
    {
        if (occurred.IsAboutMember)
        {
            CountSuspicion(occurred);
        }
        else if (occurred.Kind == SwimEventKind.SelfRefuted)
        {
            _instruments.Refuted();
        }
        else if (LifecycleOf(occurred) is { } lifecycle)
        {
            _instruments.Lifecycle(lifecycle);
        }
    }

    private void CountSuspicion(in SwimEvent<NodeIdentity> occurred)
    {
        var wasSuspect = occurred is { HasBefore: true, Before.Status: MemberStatus.Suspect };
        var isSuspect = occurred is { HasAfter: true, After.Status: MemberStatus.Suspect };

        if (isSuspect)
        {
            _instruments.Suspicion(
                occurred.Cause == ChangeCause.Probe ? SuspicionEvent.Raised : SuspicionEvent.Learned
            );
        }
        else if (wasSuspect && occurred.Kind == SwimEventKind.MemberRefuted)
        {
            _instruments.Suspicion(SuspicionEvent.Refuted);
        }
        else if (wasSuspect && occurred.Cause == ChangeCause.Timer)
        {
            _instruments.Suspicion(SuspicionEvent.Confirmed);
        }
    }

    private static LifecycleEvent? LifecycleOf(in SwimEvent<NodeIdentity> occurred) =>
        occurred.Kind switch
        {
            SwimEventKind.Active => LifecycleEvent.Join,
            SwimEventKind.Rejoined => LifecycleEvent.Rejoin,
            SwimEventKind.AddressConflict => LifecycleEvent.AddressConflict,
            SwimEventKind.Defunct when occurred.Cause == ChangeCause.Leave => LifecycleEvent.Leave,
            SwimEventKind.Defunct => LifecycleEvent.Defunct,
            _ => null,
        };
}
