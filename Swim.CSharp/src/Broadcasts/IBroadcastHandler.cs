using System.Diagnostics.CodeAnalysis;

namespace Swim;

/// <summary>
/// The key by which a broadcast handler names an item. foca's <c>Invalidates</c>. Keys are values: the answer never
/// changes.
/// </summary>
/// <typeparam name="TSelf">The type of the key itself.</typeparam>
public interface IInvalidates<TSelf>
    where TSelf : IInvalidates<TSelf>
{
    /// <summary>Whether an item with this key replaces one with the key <paramref name="other"/> (R8.7).</summary>
    /// <param name="other">The key of an item that waits to be disseminated.</param>
    bool Invalidates(TSelf other);
}

/// <summary>The verdict of a broadcast handler on an item (R9.5).</summary>
public enum BroadcastVerdict
{
    /// <summary>The item is new, and is disseminated.</summary>
    Fresh = 0,

    /// <summary>The item is known already, or older than a known one, and is not disseminated.</summary>
    Stale = 1,

    /// <summary>The item is invalid; its packet is reported as <see cref="SwimError.CustomBroadcast"/>.</summary>
    Invalid = 2,
}

/// <summary>
/// Receives the user's own data that is disseminated beside the updates (R8.7, R9.5). foca's
/// <c>BroadcastHandler</c>. Only the thread that drives the instance calls it.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <typeparam name="TKey">The key by which the handler names an item.</typeparam>
public interface IBroadcastHandler<TIdentity, TKey>
    where TIdentity : IIdentity<TIdentity>
    where TKey : IInvalidates<TKey>
{
    /// <summary>
    /// Judges an item. An exception counts as <see cref="BroadcastVerdict.Invalid"/> when the item came from the
    /// network.
    /// </summary>
    /// <param name="data">The item, valid only during the call.</param>
    /// <param name="isLocal">Whether the item comes from <c>AddBroadcast</c> of this member.</param>
    /// <param name="sender">The member that sent the packet; the default value when the item is local.</param>
    /// <param name="key">The key of a fresh item. Waiting items that it invalidates are dropped (R8.7).</param>
    /// <returns>The verdict.</returns>
    BroadcastVerdict Receive(
        ReadOnlySpan<byte> data,
        bool isLocal,
        TIdentity? sender,
        [MaybeNull] out TKey key
    );

    /// <summary>
    /// Whether packets to <paramref name="member"/> may carry items. It must be pure and quick: it is called for
    /// every packet while items wait.
    /// </summary>
    /// <param name="member">The receiver of a packet.</param>
    bool ShouldAddBroadcastData(TIdentity member) => true;
}
