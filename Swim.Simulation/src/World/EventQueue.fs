namespace Swim.Simulation

open System

/// A queue of events, soonest first. Events due at the same time come in the order in which they were added.
/// Times are ticks of 100 ns since the run began.
///
/// A heap with four children to a node, over keys without references: moving one costs no write barrier.
[<Sealed>]
type EventQueue<'T>() =

    let mutable times: int64[] = Array.zeroCreate 64
    let mutable sequences: int64[] = Array.zeroCreate 64
    let mutable slots: int[] = Array.zeroCreate 64
    let mutable count = 0
    let mutable sequence = 0L

    // Items do not move; their slots are used again.
    let mutable items: 'T[] = Array.zeroCreate 64
    let mutable free: int[] = Array.init 64 (fun slot -> 63 - slot)
    let mutable freeCount = 64

    let grow () =
        let size = items.Length * 2
        Array.Resize(&times, size)
        Array.Resize(&sequences, size)
        Array.Resize(&slots, size)
        Array.Resize(&items, size)
        Array.Resize(&free, size)

        for slot in size - 1 .. -1 .. size / 2 do
            free[freeCount] <- slot
            freeCount <- freeCount + 1

    let isBefore time order position =
        time < times[position] || (time = times[position] && order < sequences[position])

    let put position time order slot =
        times[position] <- time
        sequences[position] <- order
        slots[position] <- slot

    /// How many events are in the queue.
    member _.Count = count

    /// When the next event is due. Only if there is one.
    member _.NextTime = times[0]

    member _.Add(time: int64, item: 'T) : unit =
        if freeCount = 0 then
            grow ()

        freeCount <- freeCount - 1
        let slot = free[freeCount]
        items[slot] <- item

        let order = sequence
        sequence <- sequence + 1L
        let mutable position = count
        count <- count + 1

        while position > 0 && isBefore time order ((position - 1) / 4) do
            let parent = (position - 1) / 4
            put position times[parent] sequences[parent] slots[parent]
            position <- parent

        put position time order slot

    /// Takes the next event. Only if there is one.
    member _.Take() : 'T =
        let slot = slots[0]
        let item = items[slot]
        items[slot] <- Unchecked.defaultof<'T>
        free[freeCount] <- slot
        freeCount <- freeCount + 1
        count <- count - 1

        let time = times[count]
        let order = sequences[count]
        let moved = slots[count]
        let mutable position = 0
        let mutable child = 1

        while child < count do
            let mutable least = child

            for other in child + 1 .. min (child + 3) (count - 1) do
                if isBefore times[other] sequences[other] least then
                    least <- other

            if isBefore time order least then
                child <- count
            else
                put position times[least] sequences[least] slots[least]
                position <- least
                child <- 4 * least + 1

        put position time order moved
        item
