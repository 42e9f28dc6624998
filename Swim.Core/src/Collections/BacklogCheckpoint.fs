namespace Swim.Core

open System

/// The slots of the entries with equally many transmissions left and the same size, from the bottom of the pile
/// to the top; -1 stands for an entry that waits no more.
[<NoEquality; NoComparison>]
type internal PileCheckpoint = { TransmissionsLeft: int; Size: int; Slots: int[] }

/// A backlog as plain data, from which it can be restored: its items by slot, and its piles. Entries that wait no
/// more are part of it, as they determine when the piles are rebuilt, and so the order of sending. Sizes are
/// below 65,536, as the keys of buckets require.
[<NoEquality; NoComparison>]
type internal BacklogCheckpoint<'Item> = { Items: 'Item[]; Piles: PileCheckpoint[] }

[<RequireQualifiedAccess>]
module internal BacklogCheckpoint =

    // Stands for an entry that waits no more.
    let private stale<'Item> () = BacklogEntry<'Item>(Unchecked.defaultof<'Item>, 0, 0, 0, Int32.MaxValue)

    let private slotsOf (backlog: Backlog<'Item>) (bucket: Bucket<'Item>) : int[] =
        let slots = ResizeArray<int>()
        let mutable entry = bucket.Top

        while not (isNull entry) do
            slots.Add(Backlog.slotOf entry backlog)
            entry <- entry.Below

        slots.Reverse()
        slots.ToArray()

    /// The checkpoint of a backlog.
    let ofBacklog (backlog: Backlog<'Item>) : BacklogCheckpoint<'Item> =
        {
            Items = Array.init backlog.Count (fun slot -> backlog.Entries[slot].Item)
            Piles =
                backlog.Buckets
                |> Array.map (fun bucket ->
                    {
                        TransmissionsLeft = Backlog.transmissionsOf bucket.Key
                        Size = Backlog.sizeOf bucket.Key
                        Slots = slotsOf backlog bucket
                    })
        }

    let private isInOrder (piles: PileCheckpoint[]) =
        piles
        |> Array.map (fun pile -> Backlog.keyOf pile.TransmissionsLeft pile.Size)
        |> Array.pairwise
        |> Array.forall (fun (key, next) -> key > next)

    let private isGood (image: BacklogCheckpoint<'Item>) =
        let inBounds (pile: PileCheckpoint) =
            pile.TransmissionsLeft >= 1
            && pile.TransmissionsLeft <= int Int16.MaxValue
            && pile.Size >= 0
            && pile.Size <= int UInt16.MaxValue
            && pile.Slots.Length > 0

        let waiting = image.Piles |> Array.collect _.Slots |> Array.filter (fun slot -> slot >= 0)

        Array.forall inBounds image.Piles
        && isInOrder image.Piles
        && Array.sort waiting = Array.init image.Items.Length id

    /// Restores the backlog; none if no backlog has such a checkpoint. `hashOf` gives the hash of an item from
    /// its slot and itself.
    let restore (hashOf: int -> 'Item -> int) (image: BacklogCheckpoint<'Item>) : Backlog<'Item> voption =
        if not (isGood image) then
            ValueNone
        else
            let owner = Owner()
            let waiting: BacklogEntry<'Item>[] = Array.zeroCreate image.Items.Length

            let entryAt (pile: PileCheckpoint) slot =
                if slot < 0 then
                    stale ()
                else
                    let item = image.Items[slot]

                    waiting[slot] <-
                        BacklogEntry(item, hashOf slot item, pile.Size, pile.TransmissionsLeft, slot)

                    waiting[slot]

            let lay (pile: PileCheckpoint) (below: BacklogEntry<'Item>) slot =
                let entry = entryAt pile slot
                entry.Below <- below
                entry

            let buckets =
                image.Piles
                |> Array.map (fun pile ->
                    {
                        Key = Backlog.keyOf pile.TransmissionsLeft pile.Size
                        Top = Array.fold (lay pile) null pile.Slots
                    })

            let mutable index = HashIndex.empty ()

            for slot in 0 .. waiting.Length - 1 do
                index <- HashIndex.add owner waiting[slot].Hash slot index

            let entries = Vector.ofArray owner waiting
            let piled = image.Piles |> Array.sumBy _.Slots.Length
            ValueSome(Backlog(owner, entries, index, buckets, piled))
