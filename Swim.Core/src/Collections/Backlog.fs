namespace Swim.Core

/// An item that is being disseminated. After each transmission another entry takes its place. The step that made
/// an entry lays it on one pile; from then on the entry never changes.
[<Sealed; AllowNullLiteral>]
type internal BacklogEntry<'Item>(item: 'Item, hash: int, size: int, transmissionsLeft: int, slot: int) =

    member _.Item = item

    /// Finds the entry again in the index.
    member _.Hash = hash

    /// The bytes of the item on the wire.
    member _.Size = size

    /// The number of packets that may still carry the item.
    member _.TransmissionsLeft = transmissionsLeft

    /// The slot of the table at which it was added. It is still there unless another entry was moved there.
    member _.Slot = slot

    /// The entry beneath it in its pile, if any.
    member val Below: BacklogEntry<'Item> = null with get, set

/// The pile of the entries with equally many transmissions left and of equal size; the one that was added last is
/// on top. Some of them wait no more, as they were replaced, removed or sent since; they are skipped when they
/// reach the top.
[<Struct>]
type internal Bucket<'Item> = { Key: int; mutable Top: BacklogEntry<'Item> }

/// The items that wait to be disseminated (R3.1, R8.6): a dense table of entries, an index by hash, and buckets
/// by (transmissions left, size) in the order of sending. Adding, replacing and sending cost the same at any
/// length. The step that made a backlog may change it in place.
[<Sealed>]
type Backlog<'Item>
    internal
    (
        owner: Owner,
        entries: Vector<BacklogEntry<'Item>>,
        index: IndexNode,
        buckets: Bucket<'Item>[],
        piled: int
    ) =

    member internal _.Owner = owner
    member val internal Entries = entries with get, set
    member val internal Index = index with get, set
    member val internal Buckets = buckets with get, set

    /// The number of entries in the piles, including those that wait no more.
    member val internal Piled = piled with get, set

    /// The number of entries that wait.
    member backlog.Count = backlog.Entries.Count

[<RequireQualifiedAccess>]
module internal Backlog =

    let empty<'Item> () : Backlog<'Item> = Backlog(Owner(), Vector.empty (), HashIndex.empty (), [||], 0)

    /// The backlog itself if this step made it, otherwise a copy that this step owns.
    let private own (owner: Owner) (backlog: Backlog<'Item>) : Backlog<'Item> =
        if obj.ReferenceEquals(backlog.Owner, owner) then
            backlog
        else
            Backlog(owner, backlog.Entries, backlog.Index, Array.copy backlog.Buckets, backlog.Piled)

    /// The key of the bucket for a number of transmissions left and a size.
    let keyOf transmissionsLeft size = (transmissionsLeft <<< 16) ||| size

    let transmissionsOf key = key >>> 16

    let sizeOf key = key &&& 0xFFFF

    /// The index of the first bucket whose key is not above `key`. Buckets are in descending order of their keys.
    let private locate key (buckets: Bucket<'Item>[]) : int =
        let mutable low = 0
        let mutable high = buckets.Length

        while low < high do
            let middle = (low + high) / 2

            if buckets[middle].Key > key then low <- middle + 1 else high <- middle

        low

    let private pile (owned: Backlog<'Item>) (entry: BacklogEntry<'Item>) : unit =
        let key = keyOf entry.TransmissionsLeft entry.Size
        let at = locate key owned.Buckets

        if at = owned.Buckets.Length || owned.Buckets[at].Key <> key then
            owned.Buckets <- Array.insertAt at { Key = key; Top = null } owned.Buckets

        entry.Below <- owned.Buckets[at].Top
        owned.Buckets[at].Top <- entry
        owned.Piled <- owned.Piled + 1

    /// The slot of an entry, or -1 if it waits no more.
    let slotOf (entry: BacklogEntry<'Item>) (backlog: Backlog<'Item>) : int =
        let slot = entry.Slot

        if slot < backlog.Count && obj.ReferenceEquals(backlog.Entries[slot], entry) then
            slot
        else
            backlog.Index
            |> HashIndex.findWhere entry.Hash (fun slot -> obj.ReferenceEquals(backlog.Entries[slot], entry))

    /// Rebuilds the piles when most of their entries wait no more, so that a change costs the same on average and
    /// the piles stay as small as the table.
    let private tidy owner (owned: Backlog<'Item>) : Backlog<'Item> =
        if owned.Piled > 2 * owned.Count + 32 then
            owned.Buckets <- [||]
            owned.Piled <- 0

            for slot in 0 .. owned.Count - 1 do
                // Earlier backlogs have the entry in their piles.
                let entry = owned.Entries[slot]
                let again = BacklogEntry(entry.Item, entry.Hash, entry.Size, entry.TransmissionsLeft, slot)
                owned.Entries <- Vector.set owner slot again owned.Entries
                pile owned again

        owned

    let private drop owner slot (owned: Backlog<'Item>) : unit =
        let last = owned.Count - 1
        owned.Index <- HashIndex.remove owner owned.Entries[slot].Hash slot owned.Index

        if slot <> last then
            let moved = owned.Entries[last]
            owned.Entries <- Vector.set owner slot moved owned.Entries
            owned.Index <- HashIndex.move owner moved.Hash last slot owned.Index

        owned.Entries <- Vector.pop owner owned.Entries

    /// Removes the entry at `slot`. The last entry of the table takes its place.
    let removeAt owner slot (backlog: Backlog<'Item>) : Backlog<'Item> =
        let owned = own owner backlog
        drop owner slot owned
        tidy owner owned

    /// Adds an entry with a fresh budget.
    let add owner (item: 'Item) hash size transmissions (backlog: Backlog<'Item>) : Backlog<'Item> =
        let owned = own owner backlog
        let entry = BacklogEntry(item, hash, size, transmissions, owned.Count)
        owned.Index <- HashIndex.add owner hash owned.Count owned.Index
        owned.Entries <- Vector.push owner entry owned.Entries
        pile owned entry
        tidy owner owned

    /// Puts another item, with the same hash and a fresh budget, in the place of the one at `slot`.
    let replaceAt owner slot (item: 'Item) size transmissions (backlog: Backlog<'Item>) : Backlog<'Item> =
        let owned = own owner backlog
        let entry = BacklogEntry(item, owned.Entries[slot].Hash, size, transmissions, slot)
        owned.Entries <- Vector.set owner slot entry owned.Entries
        pile owned entry
        tidy owner owned

    /// Charges the entry at `slot` one transmission. If it has any left, it is added to `spent`.
    let private charge owner slot (spent: ResizeArray<BacklogEntry<'Item>>) (owned: Backlog<'Item>) : unit =
        let entry = owned.Entries[slot]

        if entry.TransmissionsLeft <= 1 then
            drop owner slot owned
        else
            let next = BacklogEntry(entry.Item, entry.Hash, entry.Size, entry.TransmissionsLeft - 1, slot)
            owned.Entries <- Vector.set owner slot next owned.Entries
            spent.Add next

    let private withoutEmpty (buckets: Bucket<'Item>[]) =
        if Array.exists (fun bucket -> isNull bucket.Top) buckets then
            Array.filter (fun bucket -> not (isNull bucket.Top)) buckets
        else
            buckets

    /// R8.6: takes what fits into `room` bytes, each entry with `overhead` bytes of its own, and
    /// charges one transmission for each. `leading` is a slot that goes first, or -1. The chosen
    /// items are added to `chosen`; the bytes that they take are returned with the new backlog.
    let fill
        owner
        room
        overhead
        leading
        (chosen: ResizeArray<'Item>)
        (backlog: Backlog<'Item>)
        : struct (Backlog<'Item> * int) =
        if backlog.Count = 0 then
            struct (backlog, 0)
        else
            let owned = own owner backlog
            let mutable left = room

            // An entry that is taken returns to the piles at the end, so that no packet carries it twice.
            let taken = ResizeArray<BacklogEntry<'Item>>()

            if leading >= 0 && owned.Entries[leading].Size + overhead <= left then
                left <- left - owned.Entries[leading].Size - overhead
                chosen.Add owned.Entries[leading].Item
                charge owner leading taken owned

            let mutable at = 0

            while at < owned.Buckets.Length do
                let top = owned.Buckets[at].Top
                let size = sizeOf owned.Buckets[at].Key

                if isNull top then
                    at <- at + 1
                elif size + overhead <= left then
                    owned.Buckets[at].Top <- top.Below
                    owned.Piled <- owned.Piled - 1
                    let slot = slotOf top owned

                    if slot >= 0 then
                        left <- left - size - overhead
                        chosen.Add top.Item
                        charge owner slot taken owned
                else
                    // Skips the entries that are too large: to the largest that fits with as many
                    // transmissions left, or to fewer transmissions.
                    at <-
                        locate
                            (keyOf (transmissionsOf owned.Buckets[at].Key) (max 0 (left - overhead)))
                            owned.Buckets

            owned.Buckets <- withoutEmpty owned.Buckets

            for entry in taken do
                pile owned entry

            struct (tidy owner owned, room - left)
