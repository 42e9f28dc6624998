namespace Swim.Core

/// "Choose k": a uniform random choice without repetition from a range of positions, by a shuffle
/// of which only the part that was drawn exists. A draw costs the same in any range.
[<Struct; NoEquality; NoComparison>]
type internal Choice =
    {
        First: int
        /// How many positions were not drawn yet; they are 0 .. Left-1, but for those moved.
        mutable Left: int
        /// Which places are not as in the beginning, each plus one; 0 is a free slot. An open hash
        /// table with a power of two of slots.
        mutable Places: int[]
        /// What is at those places now.
        mutable Positions: int[]
        mutable Moved: int
    }

[<RequireQualifiedAccess>]
module internal Choice =

    let private firstSlots = 8

    /// A choice among the `count` positions that begin at `first`.
    let among (first: int) (count: int) : Choice =
        {
            First = first
            Left = count
            Places = Array.empty
            Positions = Array.empty
            Moved = 0
        }

    /// The slot of a place, or the free one where it belongs.
    let private slotOf (place: int) (places: int[]) : int =
        let mask = places.Length - 1
        let mutable slot = int (uint32 place * 0x9E3779B1u >>> 7) &&& mask

        while places[slot] <> 0 && places[slot] <> place + 1 do
            slot <- (slot + 1) &&& mask

        slot

    let private positionAt (place: int) (choice: byref<Choice>) : int =
        if choice.Places.Length = 0 then
            place
        else
            let slot = slotOf place choice.Places
            if choice.Places[slot] = 0 then place else choice.Positions[slot]

    let private grow (choice: byref<Choice>) =
        let places = choice.Places
        let positions = choice.Positions
        let slots = max firstSlots (places.Length * 4)
        choice.Places <- Array.zeroCreate slots
        choice.Positions <- Array.zeroCreate slots

        for old in 0 .. places.Length - 1 do
            if places[old] <> 0 then
                let slot = slotOf (places[old] - 1) choice.Places
                choice.Places[slot] <- places[old]
                choice.Positions[slot] <- positions[old]

    let private move (place: int) (position: int) (choice: byref<Choice>) =
        if choice.Moved * 2 >= choice.Places.Length then
            grow &choice

        let slot = slotOf place choice.Places

        if choice.Places[slot] = 0 then
            choice.Places[slot] <- place + 1
            choice.Moved <- choice.Moved + 1

        choice.Positions[slot] <- position

    /// The next position, or -1 when all were drawn.
    let next (choice: byref<Choice>) (random: byref<Generator>) : int =
        if choice.Left = 0 then
            -1
        else
            choice.Left <- choice.Left - 1
            let last = choice.Left
            let drawn = Generator.below &random (last + 1)
            let position = positionAt drawn &choice

            if drawn <> last then
                move drawn (positionAt last &choice) &choice

            choice.First + position
