using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim;

/// <summary>The identity operations of the core, answered by the identities themselves.</summary>
internal sealed class IdentityOperations<TIdentity> : IIdentityOperations<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    public static IdentityOperations<TIdentity> Instance { get; } = new();

    public bool SameIdentity(TIdentity left, TIdentity right) => left.Equals(right);

    public bool SameAddress(TIdentity left, TIdentity right) => left.HasSameAddress(right);

    public int AddressHash(TIdentity identity) => identity.GetAddressHashCode();

    public FSharpValueOption<TIdentity> Renew(TIdentity identity) =>
        identity.TryRenew(out var renewed)
            ? FSharpValueOption<TIdentity>.Some(renewed)
            : FSharpValueOption<TIdentity>.None;

    public FSharpValueOption<TIdentity> RenewAbove(TIdentity identity, TIdentity rival) =>
        identity.TryRenewAbove(rival, out var renewed)
            ? FSharpValueOption<TIdentity>.Some(renewed)
            : FSharpValueOption<TIdentity>.None;

    public bool WinsAddressConflict(TIdentity identity, TIdentity other) =>
        identity.WinsAddressConflict(other);
}
