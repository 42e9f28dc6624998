using System.Diagnostics.CodeAnalysis;

namespace Swim;

/// <summary>
/// What a broadcast handler calls an item. foca's <c>Invalidates</c>. Keys are values: the answer never
/// changes.
/// </summary>
/// <typeparam name="TSelf">The key itself.</typeparam>
public interface IInvalidates<TSelf>
    where TSelf : IInvalidates<TSelf>
{
    /// <summary>Whether an item with this key makes one with the key <paramref name="other"/> worthless.</summary>
    bool Invalidates(TSelf other);
}

/// <summary>What became of an item that was offered to a broadcast handler.</summary>
public enum BroadcastVerdict
{
    /// <summary>It is news, and is disseminated further.</summary>
    Fresh = 0,

    /// <summary>It was known already, or is older than what is known; it goes no further.</summary>
    Stale = 1,

    /// <summary>It makes no sense; the packet is reported as <see cref="SwimError.CustomBroadcast"/>.</summary>
    Invalid = 2,
}

/// <summary>
/// Understands the user's own data that is disseminated beside the membership (R8.7, R9.5). foca's
/// <c>BroadcastHandler</c>. It is only called by the thread that drives its instance.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <typeparam name="TKey">What items are called.</typeparam>
public interface IBroadcastHandler<TIdentity, TKey>
    where TIdentity : IIdentity<TIdentity>
    where TKey : IInvalidates<TKey>
{
    /// <summary>
    /// Looks at an item. Throwing counts as <see cref="BroadcastVerdict.Invalid"/> when the item came from the
    /// network.
    /// </summary>
    /// <param name="data">The item. Only valid during the call.</param>
    /// <param name="isLocal">Whether it is ours, from <c>AddBroadcast</c>.</param>
    /// <param name="sender">Who passed it on; the default when it is ours.</param>
    /// <param name="key">What a fresh item is called; those that this key invalidates are dropped.</param>
    BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        TIdentity? sender,
        [MaybeNull] out TKey key
    );

    /// <summary>
    /// Whether packets to <paramref name="member"/> may carry items. Pure, and quick: it is asked for every
    /// packet while items wait.
    /// </summary>
    bool ShouldAddBroadcastData(TIdentity member) => true;
}
