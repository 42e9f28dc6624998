namespace Swim.Core

/// The operations on identities that the protocol needs (R1). They are pure: the same arguments give the same
/// answer for as long as the process runs. Equal identities have the same address, and identities with the same
/// address have the same address hash.
type IIdentityOperations<'Id> =

    /// Whether the two identities are equal.
    abstract SameIdentity: left: 'Id * right: 'Id -> bool

    /// Whether the two identities have the same address (R1.1). A table keeps one record per address (R1.2).
    abstract SameAddress: left: 'Id * right: 'Id -> bool

    /// A hash of the address alone. It influences only how fast a record is found, so it may differ between
    /// processes.
    abstract AddressHash: identity: 'Id -> int

    /// A new identity for the same address that wins over this one, or none if this kind of identity cannot be
    /// renewed.
    abstract Renew: identity: 'Id -> 'Id voption

    /// A new identity for the same address that wins over this one and over `rival`, an identity with the same
    /// address that wins over this one; or none if there is none (R13.5).
    abstract RenewAbove: identity: 'Id * rival: 'Id -> 'Id voption

    /// Whether `identity` wins over `other`, a different identity with the same address. Exactly one of the two
    /// wins, whichever of the two is asked; otherwise members may disagree permanently.
    abstract WinsAddressConflict: identity: 'Id * other: 'Id -> bool
