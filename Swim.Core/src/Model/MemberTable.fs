namespace Swim.Core

open Swim

/// A record as the table keeps it.
[<Struct; NoEquality; NoComparison>]
type internal Row<'Id> =
    {
        Identity: 'Id
        /// The last slot of the update about this address in the backlog, or -1. It saves a search.
        Slot: int
        Incarnation: uint16
        Status: MemberStatus
        /// The local health that the member last told us (R14.3).
        Health: byte
        /// How many probes in a row were answered through helpers only, at most `LocalHealth.MaxLinkFaults` (R14.5).
        LinkFaults: byte
        /// The suspicion of a Suspect member, otherwise null (R14.2).
        Suspicion: Suspicion<'Id>
    }

[<RequireQualifiedAccess>]
module internal Row =

    let create (record: MemberRecord<'Id>) slot (suspicion: Suspicion<'Id>) : Row<'Id> =
        {
            Identity = record.Identity
            Slot = slot
            Incarnation = record.Incarnation
            Status = record.Status
            Health = 0uy
            LinkFaults = 0uy
            Suspicion = suspicion
        }

    let record (row: inref<Row<'Id>>) : MemberRecord<'Id> =
        {
            Identity = row.Identity
            Incarnation = row.Incarnation
            Status = row.Status
            Accuser = if isNull row.Suspicion then null else row.Suspicion.First
        }

/// The members that are known: one record per address (R1.2), in one sequence of three parts,
///
///     0 .. Cursor-1            active, already probed in this pass
///     Cursor .. ActiveCount-1  active, not yet probed in this pass
///     ActiveCount .. Count-1   Down
///
/// so that choosing the next member to probe, drawing uniformly among the active or the Down members, and
/// changing a record cost the same at any size. The order within a part has no meaning: the next member to probe
/// is drawn from the second part, which makes a shuffle one draw at a time (R7.1).
[<Sealed>]
type MemberTable<'Id>
    internal (owner: Owner, rows: Vector<Row<'Id>>, index: IndexNode, cursor: int, activeCount: int) =

    /// The step that made the table may change it in place.
    member internal _.Owner = owner

    member val internal Rows = rows with get, set
    member val internal Index = index with get, set

    /// The number of active members that were probed in the current pass.
    member val Cursor = cursor with get, internal set

    /// The number of active members.
    member val ActiveCount = activeCount with get, internal set

    /// The number of records, Down ones included.
    member table.Count = table.Rows.Count

    /// The record at a position. The active ones come first.
    member table.Item
        with get (position: int): MemberRecord<'Id> =
            let row = &table.Rows.Reference position
            Row.record &row

/// Reads and changes of a `MemberTable`. The changes keep R2.4 and R7.1.
[<RequireQualifiedAccess>]
module MemberTable =

    /// A table without records.
    let empty<'Id> () : MemberTable<'Id> = MemberTable(Owner(), Vector.empty (), HashIndex.empty (), 0, 0)

    /// The position of the record with the address of `identity`, or -1.
    let find (identities: IIdentityOperations<'Id>) (identity: 'Id) (table: MemberTable<'Id>) : int =
        let rows = table.Rows

        table.Index
        |> HashIndex.findWhere (identities.AddressHash identity) (fun position ->
            identities.SameAddress(rows.Reference(position).Identity, identity))

    /// The record with the address of `identity`, if any.
    let tryFind identities (identity: 'Id) (table: MemberTable<'Id>) : MemberRecord<'Id> voption =
        let position = find identities identity table

        if position < 0 then ValueNone else ValueSome table[position]

    /// The position of exactly this identity if it is active, or -1.
    let internal findActive (identities: IIdentityOperations<'Id>) identity (table: MemberTable<'Id>) : int =
        let position = find identities identity table

        if
            position >= 0
            && position < table.ActiveCount
            && identities.SameIdentity(table.Rows.Reference(position).Identity, identity)
        then
            position
        else
            -1

    /// Whether exactly this identity is known and active.
    let isActive identities (identity: 'Id) (table: MemberTable<'Id>) : bool =
        findActive identities identity table >= 0

    /// The table itself if this step made it, else a copy that this step owns.
    let private own (owner: Owner) (table: MemberTable<'Id>) : MemberTable<'Id> =
        if obj.ReferenceEquals(table.Owner, owner) then
            table
        else
            MemberTable(owner, table.Rows, table.Index, table.Cursor, table.ActiveCount)

    let private swap
        (identities: IIdentityOperations<'Id>)
        owner
        left
        right
        (owned: MemberTable<'Id>)
        : unit =
        if left <> right then
            let first = owned.Rows[left]
            let second = owned.Rows[right]
            owned.Rows <- owned.Rows |> Vector.set owner left second |> Vector.set owner right first

            owned.Index <-
                owned.Index
                |> HashIndex.move owner (identities.AddressHash first.Identity) left right
                |> HashIndex.move owner (identities.AddressHash second.Identity) right left

    /// Moves the record at the first Down position to the active part, at a random position of the probe order
    /// (R2.4): among those already probed in this pass, or among the others.
    let private admit identities owner (random: byref<RandomGenerator>) (owned: MemberTable<'Id>) : unit =
        let last = owned.ActiveCount
        let drawn = RandomGenerator.below &random (last + 1)

        if drawn < owned.Cursor then
            swap identities owner owned.Cursor last owned
            owned.Cursor <- owned.Cursor + 1

        owned.ActiveCount <- last + 1

    let private expel identities owner position (owned: MemberTable<'Id>) : unit =
        let last = owned.ActiveCount - 1

        if position < owned.Cursor then
            let probed = owned.Cursor - 1
            swap identities owner position probed owned
            swap identities owner probed last owned
            owned.Cursor <- probed
        else
            swap identities owner position last owned

        owned.ActiveCount <- last

    /// R2.4: adds a row whose address is not in the table.
    let internal insert
        (identities: IIdentityOperations<'Id>)
        owner
        (random: byref<RandomGenerator>)
        (row: Row<'Id>)
        (table: MemberTable<'Id>)
        : MemberTable<'Id> =
        let owned = own owner table
        let position = owned.Count
        owned.Index <- HashIndex.add owner (identities.AddressHash row.Identity) position owned.Index
        owned.Rows <- Vector.push owner row owned.Rows

        if MemberRecord.isActiveStatus row.Status then
            swap identities owner owned.ActiveCount position owned
            admit identities owner &random owned

        owned

    /// Puts `row` in the place of the one at `position`, which has the same address.
    let internal replace
        identities
        owner
        (random: byref<RandomGenerator>)
        position
        (row: Row<'Id>)
        (table: MemberTable<'Id>)
        : MemberTable<'Id> =
        let isActive = MemberRecord.isActiveStatus row.Status
        let wasActive = position < table.ActiveCount
        let owned = own owner table
        owned.Rows <- Vector.set owner position row owned.Rows

        if wasActive && not isActive then
            expel identities owner position owned
        elif isActive && not wasActive then
            swap identities owner owned.ActiveCount position owned
            admit identities owner &random owned

        owned

    /// Changes what is remembered of the member at `position` beside its record.
    let internal setRow owner position (row: Row<'Id>) (table: MemberTable<'Id>) : MemberTable<'Id> =
        let owned = own owner table
        owned.Rows <- Vector.set owner position row owned.Rows
        owned

    /// Forgets the record at `position`.
    let internal remove (identities: IIdentityOperations<'Id>) owner position (table: MemberTable<'Id>) =
        let owned = own owner table
        let hash = identities.AddressHash owned[position].Identity
        let mutable position = position

        if position < owned.ActiveCount then
            expel identities owner position owned
            position <- owned.ActiveCount

        let last = owned.Count - 1
        swap identities owner position last owned
        owned.Rows <- Vector.pop owner owned.Rows
        owned.Index <- HashIndex.remove owner hash last owned.Index
        owned

    /// R7.1: the position of the next member to probe, drawn from those not yet probed in this pass. If all were
    /// probed, a new pass begins. The table must have an active member.
    let internal next
        identities
        owner
        (random: byref<RandomGenerator>)
        (table: MemberTable<'Id>)
        : struct (MemberTable<'Id> * int) =
        let cursor = if table.Cursor >= table.ActiveCount then 0 else table.Cursor
        let drawn = cursor + RandomGenerator.below &random (table.ActiveCount - cursor)
        let owned = own owner table
        swap identities owner cursor drawn owned
        owned.Cursor <- cursor + 1
        struct (owned, cursor)
