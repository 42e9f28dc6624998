namespace Swim.Core

open System
open Swim

/// A state as plain data, from which it can be restored: all that determines what a member does next, in an order
/// that does so too. The indexes, which only make searches fast, are not part of it.
[<NoEquality; NoComparison>]
type internal Checkpoint<'Id> =
    {
        Identity: 'Id
        Incarnation: uint16
        Connection: ConnectionState
        HasLeft: bool
        AwaitingActive: bool
        AnnouncesToDown: bool
        Token: uint64
        /// The current random seed of the generator.
        RandomSeed: uint64
        /// In the order of the table, without the slots of updates.
        Members: Row<'Id>[]
        Cursor: int
        /// The tombstones that stand, the oldest first.
        Tombstones: Tombstone<'Id>[]
        NextTombstone: uint64
        Updates: BacklogCheckpoint<MemberRecord<'Id>>
        Broadcasts: BacklogCheckpoint<BroadcastItem>
        Probe: Probe<'Id>
        PendingReply: PacketHeader<'Id> voption
        Claims: AddressClaims<'Id>
        Health: LocalHealth<'Id>
        DownQuestions: DownQuestions
    }

[<RequireQualifiedAccess>]
module internal Checkpoint =

    /// The checkpoint of a state. The cost is linear in what the member knows.
    let ofState (state: State<'Id>) : Checkpoint<'Id> =
        let ring = state.Tombstones.Ring

        {
            Identity = state.Identity
            Incarnation = state.Incarnation
            Connection = state.Connection
            HasLeft = state.HasLeft
            AwaitingActive = state.AwaitingActive
            AnnouncesToDown = state.AnnouncesToDown
            Token = state.Token
            RandomSeed = state.Random.Seed
            Members =
                Array.init state.Members.Count (fun position ->
                    { state.Members.Rows[position] with Slot = -1 })
            Cursor = state.Members.Cursor
            Tombstones =
                Array.init ring.Count (fun slot -> ring[slot])
                |> Array.filter _.Standing
                |> Array.sortBy _.Sequence
            NextTombstone = state.Tombstones.NextSequence
            Updates = BacklogCheckpoint.ofBacklog state.Updates
            Broadcasts = BacklogCheckpoint.ofBacklog state.Broadcasts
            Probe = state.Probe
            PendingReply = state.PendingReply
            Claims = state.Claims
            Health = state.Health
            DownQuestions = state.DownQuestions
        }

    /// An index of the identities by their addresses; none if two have one address.
    let private tryIndex (identities: IIdentityOperations<'Id>) owner (placed: struct (int * 'Id)[]) =
        let known = Collections.Generic.Dictionary<int, 'Id>()

        let add (index: IndexNode voption) (struct (place, identity)) =
            index
            |> ValueOption.bind (fun index ->
                let hash = identities.AddressHash identity

                let found =
                    index
                    |> HashIndex.findWhere hash (fun other -> identities.SameAddress(known[other], identity))

                if found >= 0 then
                    ValueNone
                else
                    known[place] <- identity
                    ValueSome(HashIndex.add owner hash place index))

        Array.fold add (ValueSome(HashIndex.empty ())) placed

    let private tryTable identities (image: Checkpoint<'Id>) : MemberTable<'Id> voption =
        let owner = Owner()
        let rows = image.Members
        let isActive (row: Row<'Id>) = MemberRecord.isActiveStatus row.Status
        let activeCount = rows |> Array.filter isActive |> Array.length
        let isInOrder = rows |> Array.truncate activeCount |> Array.forall isActive

        if isInOrder && image.Cursor >= 0 && image.Cursor <= activeCount then
            rows
            |> Array.mapi (fun position row -> struct (position, row.Identity))
            |> tryIndex identities owner
            |> ValueOption.map (fun index ->
                MemberTable(owner, Vector.ofArray owner rows, index, image.Cursor, activeCount))
        else
            ValueNone

    let private tryTombstones identities (image: Checkpoint<'Id>) : Tombstones<'Id> voption =
        let owner = Owner()
        let capacity = uint64 Tombstones.Capacity
        let length = int (min capacity image.NextTombstone)
        let ring: Tombstone<'Id>[] = Array.zeroCreate length
        let oldest = image.NextTombstone - uint64 length

        let isInPlace (stone: Tombstone<'Id>) =
            stone.Standing && stone.Sequence >= oldest && stone.Sequence < image.NextTombstone

        let isInOrder =
            image.Tombstones
            |> Array.pairwise
            |> Array.forall (fun (one, next) -> one.Sequence < next.Sequence)

        if Array.forall isInPlace image.Tombstones && isInOrder then
            let slotOf (stone: Tombstone<'Id>) = int (stone.Sequence % capacity)

            for stone in image.Tombstones do
                ring[slotOf stone] <- stone

            image.Tombstones
            |> Array.map (fun stone -> struct (slotOf stone, stone.Identity))
            |> tryIndex identities owner
            |> ValueOption.map (fun index ->
                Tombstones(Vector.ofArray owner ring, index, image.NextTombstone, image.Tombstones.Length))
        else
            ValueNone

    let private tryUpdates (identities: IIdentityOperations<'Id>) (image: Checkpoint<'Id>) =
        image.Updates.Items
        |> Array.mapi (fun slot record -> struct (slot, record.Identity))
        |> tryIndex identities (Owner())
        |> ValueOption.bind (fun _ ->
            image.Updates
            |> BacklogCheckpoint.restore (fun _ record -> identities.AddressHash record.Identity))

    /// Whether what is remembered of a member beside its record is within its bounds.
    let private isRow (row: Row<'Id>) =
        let suspicion = row.Suspicion

        int row.Health <= LocalHealth.Worst
        && row.LinkFaults <= LocalHealth.MaxLinkFaults
        && (isNull suspicion
            || (row.Status = MemberStatus.Suspect
                && suspicion.Confirmations >= 0
                && suspicion.Confirmations <= suspicion.Wanted
                && suspicion.Pending <= suspicion.Wanted))

    /// Whether everything that has a bound is within it (R13.5, R13.6, R14).
    let private isBounded (image: Checkpoint<'Id>) =
        image.Claims.Renewals <= AddressClaims.MaxRenewals
        && image.Claims.Reminded.Length <= AddressClaims.MaxReminders
        && image.Health.Score <= LocalHealth.Worst
        && image.Health.Helped.Length <= LocalHealth.MaxHelped
        && Array.forall isRow image.Members

    /// Restores the state, which then behaves as the one that the checkpoint was made of. None if no state has
    /// such a checkpoint.
    let restore (identities: IIdentityOperations<'Id>) (image: Checkpoint<'Id>) : State<'Id> voption =
        let parts =
            struct (tryTable identities image,
                    tryTombstones identities image,
                    tryUpdates identities image,
                    BacklogCheckpoint.restore (fun slot _ -> slot) image.Broadcasts)

        match parts with
        | struct (ValueSome members, ValueSome tombstones, ValueSome updates, ValueSome broadcasts) when
            isBounded image
            ->
            ValueSome(
                State(
                    image.Identity,
                    image.RandomSeed,
                    Incarnation = image.Incarnation,
                    Connection = image.Connection,
                    HasLeft = image.HasLeft,
                    AwaitingActive = image.AwaitingActive,
                    AnnouncesToDown = image.AnnouncesToDown,
                    Token = image.Token,
                    Members = members,
                    Tombstones = tombstones,
                    Updates = updates,
                    Broadcasts = broadcasts,
                    Probe = image.Probe,
                    PendingReply = image.PendingReply,
                    Claims = image.Claims,
                    Health = image.Health,
                    DownQuestions = image.DownQuestions
                )
            )
        | _ -> ValueNone
