using System.Diagnostics.CodeAnalysis;

namespace Swim;

/// <summary>
/// Who a member is (R1). An identity names an address, unique in the cluster, and tells this life of the
/// member at that address from earlier ones. foca's <c>Identity</c>.
/// </summary>
/// <remarks>
/// The members are pure: the same arguments give the same answer. Identities that are equal have the same
/// address; identities with the same address have the same address hash code. The default value of a struct is
/// no identity. Of two different identities
/// with one address exactly one wins, whoever asks; otherwise members may come to differ for good.
/// </remarks>
/// <typeparam name="TSelf">The identity itself.</typeparam>
public interface IIdentity<TSelf> : IEquatable<TSelf>
    where TSelf : IIdentity<TSelf>
{
    /// <summary>Whether <paramref name="other"/> names the same address (R1.1).</summary>
    bool HasSameAddress(TSelf other);

    /// <summary>A hash code of the address alone.</summary>
    int GetAddressHashCode();

    /// <summary>
    /// Makes an identity for the same address that wins over this one, with which a member that was declared
    /// down rejoins by itself (R5.3).
    /// </summary>
    /// <returns>False if this kind of identity cannot renew itself.</returns>
    bool TryRenew([MaybeNullWhen(false)] out TSelf renewed);

    /// <summary>
    /// Whether this identity is kept when <paramref name="other"/>, a different one with the same address,
    /// shows up (R2.3).
    /// </summary>
    bool WinsAddressConflict(TSelf other);
}
