namespace Swim.Core

open Swim

/// A forgotten Down member (R12.7).
[<Struct>]
type Tombstone<'Id> =
    {
        /// The identity that was Down when it was forgotten.
        Identity: 'Id
        /// The incarnation of the record that was forgotten: a higher one passes (R13.7).
        Incarnation: uint16
        /// The number of the tombstone: an older one has a lower number.
        Sequence: uint64
        /// False after it expired, or after its address has a record again.
        Standing: bool
    }

/// The tombstones (R12.7): they keep a delayed packet from bringing back a forgotten member. They are bounded in
/// number (`Tombstones.Capacity`; the oldest gives way) and in age (each has a timer).
[<Sealed>]
type Tombstones<'Id>
    internal (ring: Vector<Tombstone<'Id>>, index: IndexNode, nextSequence: uint64, count: int) =

    member internal _.Ring = ring
    member internal _.Index = index

    /// The sequence number of the next tombstone.
    member _.NextSequence = nextSequence

    /// The number of tombstones that stand.
    member _.Count = count

/// Reads and changes of `Tombstones`.
[<RequireQualifiedAccess>]
module Tombstones =

    /// The largest number of tombstones of one member.
    [<Literal>]
    let Capacity = 16384

    /// No tombstones.
    let empty<'Id> () : Tombstones<'Id> = Tombstones(Vector.empty (), HashIndex.empty (), 0UL, 0)

    let private slotOf (sequence: uint64) = int (sequence % uint64 Capacity)

    let private findSlot (identities: IIdentityOperations<'Id>) (identity: 'Id) (stones: Tombstones<'Id>) =
        if stones.Count = 0 then
            -1
        else
            stones.Index
            |> HashIndex.findWhere (identities.AddressHash identity) (fun slot ->
                identities.SameAddress(stones.Ring[slot].Identity, identity))

    /// The tombstone with the address of `identity`, if there is one.
    let tryFind identities (identity: 'Id) (stones: Tombstones<'Id>) : Tombstone<'Id> voption =
        let slot = findSlot identities identity stones

        if slot < 0 then ValueNone else ValueSome stones.Ring[slot]

    let private clear (identities: IIdentityOperations<'Id>) owner slot (stones: Tombstones<'Id>) =
        let stone = stones.Ring[slot]

        Tombstones(
            Vector.set owner slot { stone with Standing = false } stones.Ring,
            HashIndex.remove owner (identities.AddressHash stone.Identity) slot stones.Index,
            stones.NextSequence,
            stones.Count - 1
        )

    /// Removes the tombstone with the address of `identity`, if there is one.
    let internal remove identities owner (identity: 'Id) (stones: Tombstones<'Id>) =
        let slot = findSlot identities identity stones
        if slot < 0 then stones else clear identities owner slot stones

    /// Removes the tombstone with that sequence number if it still stands.
    let internal expire identities owner (sequence: uint64) (stones: Tombstones<'Id>) =
        let slot = slotOf sequence

        if
            slot < stones.Ring.Count
            && stones.Ring[slot].Sequence = sequence
            && stones.Ring[slot].Standing
        then
            clear identities owner slot stones
        else
            stones

    /// Adds a tombstone for a record that is forgotten; at capacity the oldest gives way. Its sequence number is
    /// `NextSequence` of `stones`.
    let internal add
        (identities: IIdentityOperations<'Id>)
        owner
        (record: MemberRecord<'Id>)
        (stones: Tombstones<'Id>)
        =
        let stones = remove identities owner record.Identity stones
        let sequence = stones.NextSequence
        let slot = slotOf sequence

        let stones =
            if slot < stones.Ring.Count && stones.Ring[slot].Standing then
                clear identities owner slot stones
            else
                stones

        let stone =
            {
                Identity = record.Identity
                Incarnation = record.Incarnation
                Sequence = sequence
                Standing = true
            }

        let ring =
            if slot < stones.Ring.Count then
                Vector.set owner slot stone stones.Ring
            else
                Vector.push owner stone stones.Ring

        let index = HashIndex.add owner (identities.AddressHash record.Identity) slot stones.Index
        Tombstones(ring, index, sequence + 1UL, stones.Count + 1)
