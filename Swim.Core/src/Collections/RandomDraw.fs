namespace Swim.Core

open System
open System.Numerics

/// "Choose k": a uniform random draw without repetition from a range of positions, by a shuffle of which only the
/// drawn part is stored. A draw costs the same in any range. One object makes one draw after the other.
[<Sealed; AllowNullLiteral>]
type internal RandomDraw() =

    // The smallest number of slots, and the largest that is kept for the next draw.
    static let fewest = 16
    static let mostKept = 4096

    // The places of the shuffle that changed, and the positions there: an open hash table. The upper half of a
    // slot is the place plus one, the lower half the position; 0 is free.
    let mutable slots: uint64[] = Array.zeroCreate fewest
    let mutable mask = fewest - 1
    let mutable moved = 0
    let mutable first = 0

    // The number of positions that were not drawn yet; they are at the places 0 .. left-1.
    let mutable left = 0

    /// The slot of a place, or the free slot where it belongs.
    member inline private _.SlotOf(place: int) : int =
        let mutable slot = int (uint32 place * 0x9E3779B1u >>> 7) &&& mask

        while slots[slot] <> 0UL && int (slots[slot] >>> 32) <> place + 1 do
            slot <- (slot + 1) &&& mask

        slot

    member inline private draw.PositionAt(place: int) : int =
        let found = slots[draw.SlotOf place]
        if found = 0UL then place else int (uint32 found)

    member private draw.Resize(capacity: int) =
        let before = slots
        slots <- Array.zeroCreate capacity
        mask <- capacity - 1

        for slot in before do
            if slot <> 0UL then
                slots[draw.SlotOf(int (slot >>> 32) - 1)] <- slot

    member private draw.Move(place: int, position: int) =
        if moved * 2 > mask then
            draw.Resize((mask + 1) * 4)

        let slot = draw.SlotOf place

        if slots[slot] = 0UL then
            moved <- moved + 1

        slots[slot] <- (uint64 (place + 1) <<< 32) ||| uint64 (uint32 position)

    /// Begins a draw among the `count` positions from `start`, of which about `expected` will be drawn.
    member draw.Begin(start: int, count: int, expected: int) =
        let capacity =
            int (BitOperations.RoundUpToPowerOf2(uint32 (max fewest (2 * min expected mostKept))))

        if moved > 0 then
            Array.Clear(slots, 0, mask + 1)

        if capacity > slots.Length || slots.Length > mostKept then
            slots <- Array.zeroCreate capacity

        mask <- capacity - 1
        moved <- 0
        first <- start
        left <- count

    /// The next position, or -1 when all were drawn.
    member draw.Next(random: byref<RandomGenerator>) : int =
        if left = 0 then
            -1
        else
            left <- left - 1
            let drawn = RandomGenerator.below &random (left + 1)
            let position = draw.PositionAt drawn

            if drawn <> left then
                draw.Move(drawn, draw.PositionAt left)

            first + position
