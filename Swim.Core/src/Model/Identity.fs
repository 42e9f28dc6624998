namespace Swim.Core

/// What the protocol asks of an identity (R1). The operations are pure: the same arguments give
/// the same answer for as long as the process runs. Two identities that are the same share an
/// address; two that share an address have the same address hash.
type IIdentityOperations<'Id> =

    /// Whether the two are one and the same identity.
    abstract SameIdentity: left: 'Id * right: 'Id -> bool

    /// Whether the two name the same place in the cluster (R1.1). Only one record per address is
    /// ever kept (R1.2).
    abstract SameAddress: left: 'Id * right: 'Id -> bool

    /// A hash of the address alone. It never influences what the protocol does, only how fast a
    /// record is found, so it may differ between processes.
    abstract AddressHash: identity: 'Id -> int

    /// A new identity for the same address that wins over this one, or none if this kind of
    /// identity cannot renew itself.
    abstract Renew: identity: 'Id -> 'Id voption

    /// Whether `identity` is to be kept when `other`, another identity with the same address, shows
    /// up. For views to converge exactly one of two different identities wins, whoever asks.
    abstract WinsAddressConflict: identity: 'Id * other: 'Id -> bool
