using Swim.Core;

namespace Swim;

/// <summary>Tells a watcher when probes begin and how they end (R7).</summary>
internal sealed class ProbeObserver<TIdentity>(IInstanceWatcher<TIdentity> watcher) : IStepObserver<TIdentity>
{
    public Rules<TIdentity> Observe(Rules<TIdentity> rules) => rules;

    public void Stepping() { }

    public void Stepped(
        State<TIdentity> before,
        in Event<TIdentity> @event,
        State<TIdentity> after,
        Effects<TIdentity> effects
    )
    {
        if (!ReferenceEquals(before.Probe, after.Probe))
        {
            Follow(before.Probe, after.Probe);
        }
    }

    public void RolledBack() { }

    public void ConfigChanged(SwimConfig config) { }

    private void Follow(Probe<TIdentity> before, Probe<TIdentity> after)
    {
        var isNext = after.Number != before.Number;

        if (before.Target.IsSome && !before.Answered && (isNext || after.Answered))
        {
            watcher.ProbeEnded(before.Target.Value.Identity, ResultOf(isNext ? before : after));
        }

        if (isNext)
        {
            watcher.ProbeStarted();
        }
    }

    private static ProbeResult ResultOf(Probe<TIdentity> probe) =>
        probe.Answer switch
        {
            ProbeAnswer.Direct => ProbeResult.Direct,
            ProbeAnswer.Indirect => ProbeResult.Indirect,
            _ => probe.ReachedIndirect ? ProbeResult.Failed : ProbeResult.Incomplete,
        };
}
