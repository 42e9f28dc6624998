namespace Swim.Core.Tests

open Swim
open Swim.Core

/// The smallest identity that does all that an identity may do: share its address with another, win
/// over it by its generation, and renew itself or not.
type TestId =
    {
        Address: int
        Generation: int
        Renewable: bool
    }

    override identity.ToString() =
        let kind = if identity.Renewable then "r" else ""
        $"{identity.Address}.{identity.Generation}{kind}"

[<RequireQualifiedAccess>]
module TestId =

    let private rank (identity: TestId) = struct (identity.Generation, identity.Renewable)

    /// The operations with a hash and a renewal of the test's own choice.
    let operationsWith (addressHash: int -> int) (renew: TestId -> TestId voption) =
        { new IIdentityOperations<TestId> with
            member _.SameIdentity(left, right) = (left = right)
            member _.SameAddress(left, right) = left.Address = right.Address
            member _.AddressHash identity = addressHash identity.Address
            member _.Renew identity = renew identity

            member _.RenewAbove(identity, rival) =
                renew { identity with Generation = max identity.Generation rival.Generation }

            member _.WinsAddressConflict(identity, other) = rank identity > rank other
        }

    /// The next generation, for those that can renew themselves.
    let renew (identity: TestId) : TestId voption =
        if identity.Renewable then
            ValueSome { identity with Generation = identity.Generation + 1 }
        else
            ValueNone

    /// As they are meant to be.
    let operations = operationsWith id renew

    /// Three addresses out of four share their hash with others: lookups must compare addresses.
    let colliding = operationsWith (fun address -> address % 4) renew

    /// The older of two identities wins, to see that the core leaves that to the identity.
    let oldestWins =
        { new IIdentityOperations<TestId> with
            member _.SameIdentity(left, right) = (left = right)
            member _.SameAddress(left, right) = left.Address = right.Address
            member _.AddressHash identity = identity.Address
            member _.Renew identity = renew identity
            member _.RenewAbove(_, _) = ValueNone
            member _.WinsAddressConflict(identity, other) = rank identity < rank other
        }

    /// Sizes of one's own choice.
    let sizesWith (headerSize: PacketHeader<TestId> -> int) (memberSize: MemberRecord<TestId> -> int) =
        { new ISizes<TestId> with
            member _.HeaderSize header = headerSize header
            member _.MemberSize record = memberSize record
        }

    let private headerSize (header: PacketHeader<TestId>) = if header.NamesMember then 28 else 20

    /// A header takes 20 bytes, 28 if it names a third member; a record takes 8.
    let sizes = sizesWith headerSize (fun _ -> 8)

    /// As `sizes`, but a record takes 6 to 10 bytes, by its address.
    let unevenSizes = sizesWith headerSize (fun record -> 6 + record.Identity.Address % 5)
