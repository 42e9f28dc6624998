using Swim.Core;

namespace Swim;

/// <summary>A broadcast handler without the type of its keys, as the instance uses it.</summary>
internal abstract class BroadcastAdapter<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    public abstract BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        TIdentity? sender,
        out BroadcastKey? key
    );

    public abstract bool ShouldAdd(TIdentity member);
}

/// <summary>No handler was given: every custom broadcast is rejected.</summary>
internal sealed class NoBroadcasts<TIdentity> : BroadcastAdapter<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    public override BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        TIdentity? sender,
        out BroadcastKey? key
    )
    {
        key = null;
        return BroadcastVerdict.Invalid;
    }

    public override bool ShouldAdd(TIdentity member) => true;
}

/// <summary>A user's handler.</summary>
internal sealed class HandlerBroadcasts<TIdentity, TKey>(IBroadcastHandler<TIdentity, TKey> handler)
    : BroadcastAdapter<TIdentity>
    where TIdentity : IIdentity<TIdentity>
    where TKey : IInvalidates<TKey>
{
    public override BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        TIdentity? sender,
        out BroadcastKey? key
    )
    {
        var verdict = handler.Receive(data, isLocal, sender, out var named);
        key = verdict == BroadcastVerdict.Fresh && named is not null ? new NamedKey(named) : null;

        // A fresh item without a key cannot be told from others.
        return verdict == BroadcastVerdict.Fresh && key is null ? BroadcastVerdict.Invalid : verdict;
    }

    // Called within a step, where nothing may throw: a member that the filter throws at gets no items.
    public override bool ShouldAdd(TIdentity member)
    {
        try
        {
            return handler.ShouldAddBroadcastData(member);
        }
#pragma warning disable CA1031 // A filter that throws did not accept the member.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private sealed class NamedKey(TKey value) : BroadcastKey
    {
        private readonly TKey _value = value;

        public override bool Invalidates(BroadcastKey other) =>
            other is NamedKey named && _value.Invalidates(named._value);
    }
}
