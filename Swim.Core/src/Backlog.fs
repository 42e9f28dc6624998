namespace Swim.Core

/// One thing that is being disseminated.
[<Struct>]
type internal BacklogEntry<'Item> =
    {
        Item: 'Item
        /// Finds the entry again in the index.
        Hash: int
        /// Bytes on the wire.
        Size: int
        /// How many more packets may carry it.
        TransmissionsLeft: int
        /// Where its bucket lists it; -1 while it is in none.
        Place: int
    }

/// The entries with equally many transmissions left and of equal size.
[<Sealed>]
type internal Bucket(key: int, slots: Vector<int>) =
    member _.Key = key
    member _.Slots = slots

/// What waits to be disseminated (R3.1, R8.6): a dense table of entries, an index by hash, and
/// buckets by (transmissions left, size) with the first to be sent first. Adding, replacing and
/// sending cost the same however long the backlog is.
[<Sealed>]
type Backlog<'Item> internal (entries: Vector<BacklogEntry<'Item>>, index: IndexNode, buckets: Bucket[]) =

    member internal _.Entries = entries
    member internal _.Index = index
    member internal _.Buckets = buckets

    /// How many entries wait.
    member _.Count = entries.Count

[<RequireQualifiedAccess>]
module internal Backlog =

    let empty<'Item> () : Backlog<'Item> = Backlog(Vector.empty (), HashIndex.empty (), [||])

    let private keyOf transmissionsLeft size = (transmissionsLeft <<< 16) ||| size

    /// The first bucket that is not ahead of `key`; buckets stand in falling order of their keys.
    let private locate key (buckets: Bucket[]) : int =
        let mutable low = 0
        let mutable high = buckets.Length

        while low < high do
            let middle = (low + high) / 2

            if buckets[middle].Key > key then low <- middle + 1 else high <- middle

        low

    let private setBucket (at: int) (bucket: Bucket) (buckets: Bucket[]) : Bucket[] =
        let copy = Array.copy buckets
        copy[at] <- bucket
        copy

    /// Lists the entry at `slot`, which is in no bucket, in the one where it belongs.
    let private attach edit slot (backlog: Backlog<'Item>) : Backlog<'Item> =
        let entry = backlog.Entries[slot]
        let key = keyOf entry.TransmissionsLeft entry.Size
        let at = locate key backlog.Buckets

        let place, buckets =
            if at < backlog.Buckets.Length && backlog.Buckets[at].Key = key then
                let slots = backlog.Buckets[at].Slots
                slots.Count, setBucket at (Bucket(key, Vector.push edit slot slots)) backlog.Buckets
            else
                0, Array.insertAt at (Bucket(key, Vector.push edit slot (Vector.empty ()))) backlog.Buckets

        Backlog(Vector.set edit slot { entry with Place = place } backlog.Entries, backlog.Index, buckets)

    /// Takes the entry at `slot` out of its bucket.
    let private detach edit slot (backlog: Backlog<'Item>) : Backlog<'Item> =
        let entry = backlog.Entries[slot]

        if entry.Place < 0 then
            backlog
        else
            let at = locate (keyOf entry.TransmissionsLeft entry.Size) backlog.Buckets
            let bucket = backlog.Buckets[at]
            let lastPlace = bucket.Slots.Count - 1
            let lastSlot = bucket.Slots[lastPlace]
            let entries = Vector.set edit slot { entry with Place = -1 } backlog.Entries

            let entries =
                if lastSlot = slot then
                    entries
                else
                    Vector.set edit lastSlot { entries[lastSlot] with Place = entry.Place } entries

            let buckets =
                if lastPlace = 0 then
                    Array.removeAt at backlog.Buckets
                else
                    let slots = Vector.set edit entry.Place lastSlot bucket.Slots |> Vector.pop edit
                    setBucket at (Bucket(bucket.Key, slots)) backlog.Buckets

            Backlog(entries, backlog.Index, buckets)

    /// Removes the entry at `slot`; the last one takes its place in the table.
    let removeAt edit slot (backlog: Backlog<'Item>) : Backlog<'Item> =
        let backlog = detach edit slot backlog
        let last = backlog.Count - 1
        let index = HashIndex.remove edit backlog.Entries[slot].Hash slot backlog.Index

        if slot = last then
            Backlog(Vector.pop edit backlog.Entries, index, backlog.Buckets)
        else
            let moved = backlog.Entries[last]
            let entries = Vector.set edit slot moved backlog.Entries |> Vector.pop edit
            let index = HashIndex.move edit moved.Hash last slot index

            let buckets =
                if moved.Place < 0 then
                    backlog.Buckets
                else
                    let at = locate (keyOf moved.TransmissionsLeft moved.Size) backlog.Buckets
                    let bucket = backlog.Buckets[at]
                    let slots = Vector.set edit moved.Place slot bucket.Slots
                    setBucket at (Bucket(bucket.Key, slots)) backlog.Buckets

            Backlog(entries, index, buckets)

    /// Adds an entry with a fresh budget.
    let add edit (item: 'Item) hash size transmissions (backlog: Backlog<'Item>) : Backlog<'Item> =
        let entry =
            {
                Item = item
                Hash = hash
                Size = size
                TransmissionsLeft = transmissions
                Place = -1
            }

        let slot = backlog.Count

        Backlog(
            Vector.push edit entry backlog.Entries,
            HashIndex.add edit hash slot backlog.Index,
            backlog.Buckets
        )
        |> attach edit slot

    /// Puts another item, with the same hash and a fresh budget, in the place of the one at `slot`.
    let replaceAt edit slot (item: 'Item) size transmissions (backlog: Backlog<'Item>) : Backlog<'Item> =
        let detached = detach edit slot backlog

        let entry =
            { detached.Entries[slot] with
                Item = item
                Size = size
                TransmissionsLeft = transmissions
            }

        Backlog(Vector.set edit slot entry detached.Entries, detached.Index, detached.Buckets)
        |> attach edit slot

    /// R8.6: takes what fits into `room` bytes, each entry with `overhead` bytes of its own, and
    /// charges one transmission for each. `leading` is a slot that goes first, or -1. The chosen
    /// items are added to `chosen`; the bytes that they take are returned with the new backlog.
    let fill
        edit
        room
        overhead
        leading
        (chosen: ResizeArray<'Item>)
        (backlog: Backlog<'Item>)
        : struct (Backlog<'Item> * int) =
        let mutable current = backlog
        let mutable left = room
        let taken = ResizeArray<int>()

        // An entry that is taken stays out of the buckets until the end, so that no packet carries
        // it twice.
        let take slot (backlog: Backlog<'Item>) =
            chosen.Add backlog.Entries[slot].Item
            taken.Add slot
            detach edit slot backlog

        if leading >= 0 && current.Entries[leading].Size + overhead <= left then
            left <- left - current.Entries[leading].Size - overhead
            current <- take leading current

        let mutable at = 0

        while at < current.Buckets.Length do
            let bucket = current.Buckets[at]
            let size = bucket.Key &&& 0xFFFF

            if size + overhead <= left then
                left <- left - size - overhead
                current <- take bucket.Slots[bucket.Slots.Count - 1] current
            else
                // Skip all that are too large: to the largest that fits with as many
                // transmissions left, or on to fewer transmissions.
                at <- locate (keyOf (bucket.Key >>> 16) (max 0 (left - overhead))) current.Buckets

        // From the last slot down: a removal moves only entries that were dealt with already.
        taken.Sort()

        for slotAt in taken.Count - 1 .. -1 .. 0 do
            let slot = taken[slotAt]
            let entry = current.Entries[slot]

            if entry.TransmissionsLeft <= 1 then
                current <- removeAt edit slot current
            else
                let spent = { entry with TransmissionsLeft = entry.TransmissionsLeft - 1 }

                current <-
                    Backlog(Vector.set edit slot spent current.Entries, current.Index, current.Buckets)
                    |> attach edit slot

        struct (current, room - left)
