using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Swim.Core;

namespace Swim;

/// <content>
/// Turns an operation into a step of the core, and the effects of the step into calls of the runtime.
/// </content>
public sealed partial class SwimInstance<TIdentity>
{
    // The default of a struct is no identity: no codec has to be able to write it.
    private static bool IsDefault(TIdentity? identity) =>
        identity is null || EqualityComparer<TIdentity>.Default.Equals(identity, default);

    private static void ThrowIfDefault(
        TIdentity identity,
        [CallerArgumentExpression(nameof(identity))] string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(identity, name);

        if (IsDefault(identity))
        {
            throw new ArgumentException("The identity must not be the default value.", name);
        }
    }

    private static MemberRecord<TIdentity> CheckedRecord(MemberRecord<TIdentity> member)
    {
        if (IsDefault(member.Identity) || member.Status > MemberStatus.Down)
        {
            throw new ArgumentException(
                $"The record '{member}' must have an identity, and a status that is Alive, Suspect or Down.",
                nameof(member)
            );
        }

        return Swim.Core.MemberRecord.create(member.Identity, member.Incarnation, member.Status);
    }

    private void Ask(in Event<TIdentity> request, ISwimRuntime<TIdentity> runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using var _ = Enter();
        var error = CarryOut(Step(request), runtime);

        if (error != SwimError.None)
        {
            throw new SwimException(error, Explain(error));
        }
    }

    private static string Explain(SwimError error) =>
        error switch
        {
            SwimError.NotConnected =>
                "This member has left the cluster. Change or reuse its identity before it takes part again.",
            SwimError.SameIdentity => "The identity must differ from the current one.",
            SwimError.NotUndead => "The identity is in use. Only a Defunct member can reuse its identity.",
            SwimError.Encode =>
                "The codec did not keep to its sizes, or a header alone exceeds MaxPacketSize.",
            _ => $"The operation was refused: {error}.",
        };

    /// <summary>
    /// Tells an observer of every step from now on. To be called before the first step, and at most once.
    /// </summary>
    internal void Observe(IStepObserver<TIdentity> observer)
    {
        _rules = observer.Observe(_rules);
        _observer = observer;
    }

    /// <summary>Tells a watcher of packets and probes from now on.</summary>
    internal void Watch(IInstanceWatcher<TIdentity> watcher) => _watcher = watcher;

    // Most steps change nothing.
    private void Become(State<TIdentity> before, State<TIdentity> state)
    {
        if (!ReferenceEquals(before, state))
        {
            _state = state;
        }
    }

    private Effects<TIdentity> Step(in Event<TIdentity> happened)
    {
        _observer?.Stepping();
        var before = _state;
        var (state, effects) = _steps.Step(_rules, before, happened);
        _observer?.Stepped(before, happened, state, effects);
        Become(before, state);

        if (_watcher is not null && !ReferenceEquals(before.Probe, state.Probe))
        {
            FollowProbe(_watcher, before.Probe, state.Probe);
        }

        return effects;
    }

    private static void FollowProbe(
        IInstanceWatcher<TIdentity> watcher,
        Probe<TIdentity> before,
        Probe<TIdentity> after
    )
    {
        if (before.Target.IsSome && !before.Answered)
        {
            if (after.Number == before.Number && after.Answered)
            {
                watcher.ProbeEnded(
                    before.Target.Value.Identity,
                    after.Answer == ProbeAnswer.Direct ? ProbeResult.Direct : ProbeResult.Indirect
                );
            }
            else if (after.Number != before.Number)
            {
                watcher.ProbeEnded(
                    before.Target.Value.Identity,
                    before.ReachedIndirect ? ProbeResult.Failed : ProbeResult.Incomplete
                );
            }
        }

        if (after.Number != before.Number)
        {
            watcher.ProbeStarted();
        }
    }

    /// <summary>
    /// Carries out effects in their order and returns the first error among them. An exception of the runtime does
    /// not lose the other effects: the first one is thrown after all effects were carried out.
    /// </summary>
    private SwimError CarryOut(Effects<TIdentity> effects, ISwimRuntime<TIdentity> runtime)
    {
        var error = SwimError.None;
        ExceptionDispatchInfo? thrown = null;

        for (var index = 0; index < effects.Count; index++)
        {
            try
            {
                error = FirstOf(error, CarryOut(effects[index], runtime));
            }
#pragma warning disable CA1031 // Thrown again below.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                thrown ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        thrown?.Throw();
        return error;
    }

    private SwimError CarryOut(Effect<TIdentity> effect, ISwimRuntime<TIdentity> runtime)
    {
        switch (effect)
        {
            case Effect<TIdentity>.Send send:
                return SendPacket(send.Item, runtime);
            case Effect<TIdentity>.Schedule schedule:
                runtime.Schedule(new SwimTimer<TIdentity>(schedule.timer), schedule.after);
                break;
            case Effect<TIdentity>.Notify notify:
                runtime.Notify(notify.Item);
                break;
            case Effect<TIdentity>.Report report:
                return report.Item;
        }

        return SwimError.None;
    }

    private SwimError SendPacket(in Packet<TIdentity> packet, ISwimRuntime<TIdentity> runtime)
    {
        int length;

        try
        {
            if (!_codec.TryEncode(packet, _sendBuffer.AsSpan(0, _config.MaxPacketSize), out length))
            {
                return SwimError.Encode;
            }
        }
#pragma warning disable CA1031 // A user's codec that throws is one that cannot write the packet.
        catch (Exception)
#pragma warning restore CA1031
        {
            return SwimError.Encode;
        }

        _watcher?.Sent(packet.Header.Kind, length);
        runtime.SendTo(packet.Header.Destination, _sendBuffer.AsSpan(0, length));
        return SwimError.None;
    }

    /// <summary>R9.5: asks the handler about each item, up to the first that fails.</summary>
    private SwimError Offer(Effects<TIdentity> effects)
    {
        for (var index = 0; index < effects.Count; index++)
        {
            if (effects[index] is not Effect<TIdentity>.OfferBroadcast offer)
            {
                continue;
            }

            try
            {
                var verdict = _broadcasts.Receive(
                    offer.payload.Span,
                    isLocal: false,
                    offer.sender,
                    out var key
                );

                if (verdict == BroadcastVerdict.Invalid)
                {
                    return SwimError.CustomBroadcast;
                }

                // Comparing keys is the user's code too.
                if (key is not null)
                {
                    Step(Event<TIdentity>.NewBroadcastAccepted(key, offer.payload.ToArray()));
                }
            }
#pragma warning disable CA1031 // An exception of the handler at data from the network is the data's fault.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LastBroadcastException = exception;
                return SwimError.CustomBroadcast;
            }
        }

        return SwimError.None;
    }

    private static SwimError FirstOf(SwimError first, SwimError second) =>
        first == SwimError.None ? second : first;

    private Exit Enter()
    {
        if (_busy)
        {
            throw new InvalidOperationException(
                "An operation is in progress: the runtime and the broadcast handler must not call the instance, "
                    + "and only one thread may drive it at a time."
            );
        }

        _busy = true;
        return new Exit(this);
    }

    private readonly ref struct Exit(SwimInstance<TIdentity> instance)
    {
        public void Dispose() => instance._busy = false;
    }
}
