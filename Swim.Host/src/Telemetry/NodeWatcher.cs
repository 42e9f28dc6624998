using Swim.Core;

namespace Swim.Host.Telemetry;

/// <summary>
/// Tells from the steps of a node what is worth counting. Runs on the node's loop, and costs a few comparisons a
/// step.
/// </summary>
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

    public void Stepped(
        Event<NodeIdentity>? happened,
        State<NodeIdentity> before,
        State<NodeIdentity> after,
        in Effects<NodeIdentity> effects
    )
    {
        var timer = (happened as Event<NodeIdentity>.TimerFired)?.Item;

        if (!ReferenceEquals(before.Probe, after.Probe))
        {
            FollowProbe(
                before.Probe,
                after.Probe,
                isPeriodOver: timer is Timer<NodeIdentity>.ProbeRandomMember
            );
        }

        if (after.Incarnation > before.Incarnation && after.Identity == before.Identity)
        {
            instruments.Refuted();
        }

        FollowEffects(effects, after, timer);

        if (timer is Timer<NodeIdentity>.ChangeSuspectToDown suspicion)
        {
            FollowSuspicion(suspicion, before, after);
        }
    }

    private void FollowProbe(Probe<NodeIdentity> before, Probe<NodeIdentity> after, bool isPeriodOver)
    {
        if (before.Number == after.Number && !before.Answered && after.Answered)
        {
            // A helper that passed the answer on is crossed out; the target itself is none of them.
            var isIndirect = after.Helpers.Length < before.Helpers.Length;
            End(before, isIndirect ? ProbeResult.Indirect : ProbeResult.Direct);
        }
        else if (isPeriodOver && before.Target.IsSome && !before.Answered)
        {
            End(before, before.ReachedIndirect ? ProbeResult.Failed : ProbeResult.Incomplete);
        }

        if (before.Number != after.Number)
        {
            _probeBegan = clock.GetTimestamp();
            _probeBeganAt = clock.GetUtcNow();
        }
    }

    private void End(Probe<NodeIdentity> probe, ProbeResult result)
    {
        TimeSpan? roundTrip = result is ProbeResult.Direct or ProbeResult.Indirect
            ? clock.GetElapsedTime(_probeBegan)
            : null;
        counters.ProbeEnded(result);
        instruments.ProbeEnded(result, roundTrip);

        if (result != ProbeResult.Incomplete)
        {
            var target = probe.Target.Value.Identity;
            probes.Add(new SwimProbe(target, _probeBeganAt, roundTrip, result == ProbeResult.Indirect));
        }
    }

    private void FollowEffects(
        in Effects<NodeIdentity> effects,
        State<NodeIdentity> after,
        Timer<NodeIdentity>? timer
    )
    {
        for (var index = 0; index < effects.Count; index++)
        {
            switch (effects[index])
            {
                case Effect<NodeIdentity>.Schedule { timer: Timer<NodeIdentity>.ChangeSuspectToDown }:
                    instruments.Suspicion(
                        timer is Timer<NodeIdentity>.ProbeRandomMember
                            ? SuspicionEvent.Raised
                            : SuspicionEvent.Learned
                    );
                    break;
                case Effect<NodeIdentity>.Notify { Item: var notification }:
                    FollowNotification(notification, after);
                    break;
            }
        }
    }

    private void FollowNotification(Notification<NodeIdentity> notification, State<NodeIdentity> after)
    {
        switch (notification)
        {
            case { IsActive: true }:
                instruments.Lifecycle(LifecycleEvent.Join);
                break;
            case { IsRejoin: true }:
                instruments.Lifecycle(LifecycleEvent.Rejoin);
                break;
            case { IsDefunct: true }:
                instruments.Lifecycle(after.HasLeft ? LifecycleEvent.Leave : LifecycleEvent.Defunct);
                break;
        }
    }

    /// <summary>A suspicion had its time (R7.5): the suspect went down, or had refuted it before.</summary>
    private void FollowSuspicion(
        Timer<NodeIdentity>.ChangeSuspectToDown suspicion,
        State<NodeIdentity> before,
        State<NodeIdentity> after
    )
    {
        if (after.Members.ActiveCount < before.Members.ActiveCount)
        {
            instruments.Suspicion(SuspicionEvent.Confirmed);
        }
        else if (
            new SwimSnapshot<NodeIdentity>(after).TryGetMember(suspicion.suspect, out var known)
            && known.Identity == suspicion.suspect
            && known.Incarnation > suspicion.incarnation
        )
        {
            instruments.Suspicion(SuspicionEvent.Refuted);
        }
    }
}
