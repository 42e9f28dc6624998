using System.Diagnostics.CodeAnalysis;

namespace Swim;

/// <summary>
/// The identity of a member (R1): an address, which is unique in the cluster, and what distinguishes this life of
/// the member at that address from earlier ones. foca's <c>Identity</c>.
/// </summary>
/// <remarks>
/// The answers are pure: the same arguments give the same answer. Equal identities have the same address, and
/// identities with the same address have the same address hash code. The default value of a struct is no identity.
/// Of two different identities with one address exactly one wins, whichever of the two is asked; otherwise members
/// may disagree permanently.
/// </remarks>
/// <typeparam name="TSelf">The type of the identity itself.</typeparam>
public interface IIdentity<TSelf> : IEquatable<TSelf>
    where TSelf : IIdentity<TSelf>
{
    /// <summary>Whether <paramref name="other"/> has the same address (R1.1).</summary>
    /// <param name="other">Another identity, or an equal one.</param>
    bool HasSameAddress(TSelf other);

    /// <summary>A hash code of the address alone.</summary>
    int GetAddressHashCode();

    /// <summary>
    /// Makes an identity for the same address that wins over this one. A member that was declared Down rejoins
    /// with it (R5.3).
    /// </summary>
    /// <param name="renewed">The new identity.</param>
    /// <returns>False if this kind of identity cannot renew itself.</returns>
    bool TryRenew([MaybeNullWhen(false)] out TSelf renewed);

    /// <summary>
    /// Makes an identity for the same address that wins over this one and over <paramref name="rival"/>. A member
    /// whose process restarted with a clock behind continues with it, as others know its earlier life (R13.5).
    /// </summary>
    /// <remarks>
    /// Unless implemented, it is the renewal of the rival. Implement it if identities hold more than an address and
    /// what orders its lives.
    /// </remarks>
    /// <param name="rival">Another identity with the same address, which wins over this one.</param>
    /// <param name="renewed">The new identity.</param>
    /// <returns>False if this kind of identity cannot renew itself, or no identity wins over the rival.</returns>
    bool TryRenewAbove(TSelf rival, [MaybeNullWhen(false)] out TSelf renewed)
    {
        renewed = default;
        return TryRenew(out _) && rival.TryRenew(out renewed);
    }

    /// <summary>
    /// Whether this identity wins over <paramref name="other"/> (R1.1, R2.3).
    /// </summary>
    /// <param name="other">A different identity with the same address.</param>
    bool WinsAddressConflict(TSelf other);
}
