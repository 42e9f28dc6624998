namespace Swim.Core

/// A record as the table keeps it.
[<Struct; NoEquality; NoComparison>]
type internal Row<'Id> =
    {
        Identity: 'Id
        /// Where the update about this address waited last in the backlog, or -1: it saves a search.
        Slot: int
        Incarnation: uint16
        Status: Status
    }

[<RequireQualifiedAccess>]
module internal Row =

    let create (record: Member<'Id>) slot : Row<'Id> =
        {
            Identity = record.Identity
            Slot = slot
            Incarnation = record.Incarnation
            Status = record.Status
        }

    let record (row: inref<Row<'Id>>) : Member<'Id> =
        { Identity = row.Identity; Incarnation = row.Incarnation; Status = row.Status }

/// The members that are known: one record per address (R1.2), in one sequence of three parts,
///
///     0 .. Cursor-1            active, already probed in this pass
///     Cursor .. ActiveCount-1  active, not yet probed in this pass
///     ActiveCount .. Count-1   Down
///
/// so that the next member to probe, a uniform draw among the active or the Down, and every change
/// of a record cost the same at any size. The order inside a part carries no meaning: the member to
/// probe next is drawn from the second part, which is a shuffle that is made one draw at a time
/// (R7.1).
[<Sealed>]
type MemberTable<'Id> internal (rows: Vector<Row<'Id>>, index: IndexNode, cursor: int, activeCount: int) =

    member internal _.Rows = rows
    member internal _.Index = index

    /// How many active members were probed in the current pass.
    member _.Cursor = cursor

    /// How many members are Alive or Suspect.
    member _.ActiveCount = activeCount

    /// How many records there are, the Down ones included.
    member _.Count = rows.Count

    /// The record at a position: the active ones come first.
    member _.Item
        with get (position: int): Member<'Id> =
            let row = &rows.Reference position
            Row.record &row

/// Reads and changes of a `MemberTable`. The changes keep R2.4 and R7.1.
[<RequireQualifiedAccess>]
module MemberTable =

    /// A table without records.
    let empty<'Id> () : MemberTable<'Id> = MemberTable(Vector.empty (), HashIndex.empty (), 0, 0)

    /// The position of the record with the address of `identity`, or -1.
    let find (identities: IIdentityOperations<'Id>) (identity: 'Id) (table: MemberTable<'Id>) : int =
        let rows = table.Rows

        table.Index
        |> HashIndex.findWhere (identities.AddressHash identity) (fun position ->
            identities.SameAddress(rows.Reference(position).Identity, identity))

    /// The record with the address of `identity`, if any.
    let tryFind identities (identity: 'Id) (table: MemberTable<'Id>) : Member<'Id> voption =
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

    let private swap (identities: IIdentityOperations<'Id>) owner left right (table: MemberTable<'Id>) =
        if left = right then
            table
        else
            let first = table.Rows[left]
            let second = table.Rows[right]

            let rows = table.Rows |> Vector.set owner left second |> Vector.set owner right first

            let index =
                table.Index
                |> HashIndex.move owner (identities.AddressHash first.Identity) left right
                |> HashIndex.move owner (identities.AddressHash second.Identity) right left

            MemberTable(rows, index, table.Cursor, table.ActiveCount)

    let private withBounds cursor activeCount (table: MemberTable<'Id>) =
        MemberTable(table.Rows, table.Index, cursor, activeCount)

    /// Takes the record at the first Down position into the active part, at a random position of
    /// the probe order (R2.4): among those already probed in this pass, or those still to come.
    let private admit identities owner (random: byref<RandomGenerator>) (table: MemberTable<'Id>) =
        let last = table.ActiveCount
        let drawn = RandomGenerator.below &random (last + 1)

        if drawn < table.Cursor then
            swap identities owner table.Cursor last table |> withBounds (table.Cursor + 1) (last + 1)
        else
            withBounds table.Cursor (last + 1) table

    let private expel identities owner position (table: MemberTable<'Id>) =
        let last = table.ActiveCount - 1

        if position < table.Cursor then
            let probed = table.Cursor - 1

            swap identities owner position probed table
            |> swap identities owner probed last
            |> withBounds probed last
        else
            swap identities owner position last table |> withBounds table.Cursor last

    /// R2.4: adds a record whose address is not in the table. `slot` is where its update waits, or -1.
    let internal insert
        (identities: IIdentityOperations<'Id>)
        owner
        (random: byref<RandomGenerator>)
        (record: Member<'Id>)
        slot
        (table: MemberTable<'Id>)
        =
        let position = table.Count
        let index = HashIndex.add owner (identities.AddressHash record.Identity) position table.Index

        let added =
            MemberTable(
                Vector.push owner (Row.create record slot) table.Rows,
                index,
                table.Cursor,
                table.ActiveCount
            )

        if Member.isActive record then
            let arranged = swap identities owner added.ActiveCount position added
            admit identities owner &random arranged
        else
            added

    /// Puts `record` in the place of the one at `position`, which has the same address. `slot` is where its
    /// update waits, or -1.
    let internal replace
        identities
        owner
        (random: byref<RandomGenerator>)
        position
        (record: Member<'Id>)
        slot
        (table: MemberTable<'Id>)
        =
        let wasActive = position < table.ActiveCount

        let replaced =
            MemberTable(
                Vector.set owner position (Row.create record slot) table.Rows,
                table.Index,
                table.Cursor,
                table.ActiveCount
            )

        match wasActive, Member.isActive record with
        | true, false -> expel identities owner position replaced
        | false, true ->
            let arranged = swap identities owner replaced.ActiveCount position replaced
            admit identities owner &random arranged
        | _ -> replaced

    /// Forgets the record at `position`.
    let internal remove (identities: IIdentityOperations<'Id>) owner position (table: MemberTable<'Id>) =
        let hash = identities.AddressHash table[position].Identity

        let table, position =
            if position < table.ActiveCount then
                let expelled = expel identities owner position table
                expelled, expelled.ActiveCount
            else
                table, position

        let last = table.Count - 1
        let table = swap identities owner position last table

        MemberTable(
            Vector.pop owner table.Rows,
            HashIndex.remove owner hash last table.Index,
            table.Cursor,
            table.ActiveCount
        )

    /// R7.1: the position of the next member to probe, drawn from those not yet probed in this
    /// pass; when all were, a new pass begins. The table must have an active member.
    let internal next
        identities
        owner
        (random: byref<RandomGenerator>)
        (table: MemberTable<'Id>)
        : struct (MemberTable<'Id> * int) =
        let cursor = if table.Cursor >= table.ActiveCount then 0 else table.Cursor
        let drawn = cursor + RandomGenerator.below &random (table.ActiveCount - cursor)

        let table =
            swap identities owner cursor drawn table |> withBounds (cursor + 1) table.ActiveCount

        struct (table, cursor)
