using System.Runtime.CompilerServices;
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

        if (
            member.Accuser is { } accuser
            && (member.Status != MemberStatus.Suspect || IsDefault(accuser.Identity))
        )
        {
            throw new ArgumentException(
                $"The record '{member}' must be Suspect to name an accuser, which must have an identity.",
                nameof(member)
            );
        }

        return member;
    }

    private void Ask(in Event<TIdentity> request, ISwimRuntime<TIdentity> runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        using var _ = Enter();
        var error = Handle(request, runtime);

        if (error != SwimError.None)
        {
            throw new SwimException(error, Explain(error));
        }
    }

    private SwimError Handle(in Event<TIdentity> happened, ISwimRuntime<TIdentity> runtime)
    {
        _effects.Begin(runtime);
        var error = _driver.Handle(happened);
        _effects.End();
        return error;
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

    /// <summary>Has an observer see every step from now on; to be called before the first.</summary>
    internal void Observe(IStepObserver<TIdentity> observer) => _driver.Observe(observer);

    /// <summary>Has a watcher see what is sent, received and probed from now on.</summary>
    internal void Watch(IInstanceWatcher<TIdentity> watcher)
    {
        _effects.Watcher = watcher;
        _driver.Observe(new ProbeObserver<TIdentity>(watcher));
    }

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
