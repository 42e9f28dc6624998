namespace Swim.Host.Telemetry;

/// <summary>Counts and measures packets, probes and events of a node, on its loop.</summary>
internal sealed class NodeWatcher(
    NodeCounters counters,
    Instruments instruments,
    ProbeLog probes,
    TimeProvider clock
) : IInstanceWatcher<NodeIdentity>
{
    private long _probeBegan;
    private DateTimeOffset _probeBeganAt;

    public void Received(MessageKind kind, int bytes)
    {
        counters.Received(kind, bytes);
        instruments.Packet(kind, bytes, isSent: false);
    }

    public void Sent(MessageKind kind, int bytes)
    {
        counters.Sent(kind, bytes);
        instruments.Packet(kind, bytes, isSent: true);
    }

    public void ProbeStarted()
    {
        _probeBegan = clock.GetTimestamp();
        _probeBeganAt = clock.GetUtcNow();
    }

    public void ProbeEnded(NodeIdentity target, ProbeResult result)
    {
        TimeSpan? roundTrip = result is ProbeResult.Direct or ProbeResult.Indirect
            ? clock.GetElapsedTime(_probeBegan)
            : null;
        counters.ProbeEnded(result);
        instruments.ProbeEnded(result, roundTrip);

        if (result != ProbeResult.Incomplete)
        {
            probes.Add(new SwimProbe(target, _probeBeganAt, roundTrip, result == ProbeResult.Indirect));
        }
    }

    /// <summary>Counts an event of the node.</summary>
    public void Occurred(in SwimEvent<NodeIdentity> occurred)
    {
        if (occurred.IsAboutMember)
        {
            CountSuspicion(occurred);
        }
        else if (occurred.Kind == SwimEventKind.SelfRefuted)
        {
            instruments.Refuted();
        }
        else if (LifecycleOf(occurred) is { } lifecycle)
        {
            instruments.Lifecycle(lifecycle);
        }
    }

    private void CountSuspicion(in SwimEvent<NodeIdentity> occurred)
    {
        var wasSuspect = occurred is { HasBefore: true, Before.Status: MemberStatus.Suspect };
        var isSuspect = occurred is { HasAfter: true, After.Status: MemberStatus.Suspect };

        if (isSuspect)
        {
            instruments.Suspicion(
                occurred.Cause == ChangeCause.Probe ? SuspicionEvent.Raised : SuspicionEvent.Learned
            );
        }
        else if (wasSuspect && occurred.Kind == SwimEventKind.MemberRefuted)
        {
            instruments.Suspicion(SuspicionEvent.Refuted);
        }
        else if (wasSuspect && occurred.Cause == ChangeCause.Timer)
        {
            instruments.Suspicion(SuspicionEvent.Confirmed);
        }
    }

    private static LifecycleEvent? LifecycleOf(in SwimEvent<NodeIdentity> occurred) =>
        occurred.Kind switch
        {
            SwimEventKind.Active => LifecycleEvent.Join,
            SwimEventKind.Rejoined => LifecycleEvent.Rejoin,
            SwimEventKind.Defunct when occurred.Cause == ChangeCause.Leave => LifecycleEvent.Leave,
            SwimEventKind.Defunct => LifecycleEvent.Defunct,
            _ => null,
        };
}
