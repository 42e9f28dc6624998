namespace Swim.Core

open System.Collections.Generic

/// "Choose k": a uniform random choice without repetition from a range of positions, by a shuffle
/// of which only the part that was drawn exists. A draw costs the same in any range.
[<Struct; NoEquality; NoComparison>]
type internal Choice =
    {
        First: int
        /// How many positions were not drawn yet; they are 0 .. Left-1, but for those moved.
        mutable Left: int
        /// A small range: what is where now.
        Listed: int[]
        /// A large range: what is where now, for the places that are not as in the beginning.
        Moved: Dictionary<int, int>
    }

[<RequireQualifiedAccess>]
module internal Choice =

    let private small = 64

    /// A choice among the `count` positions that begin at `first`.
    let among (first: int) (count: int) : Choice =
        {
            First = first
            Left = count
            Listed = (if count <= small then Array.init count id else Array.empty)
            Moved = Dictionary(if count <= small then 0 else 8)
        }

    /// The next position, or -1 when all were drawn.
    let next (choice: byref<Choice>) (random: byref<Generator>) : int =
        if choice.Left = 0 then
            -1
        else
            choice.Left <- choice.Left - 1
            let last = choice.Left
            let drawn = Generator.below &random (last + 1)

            if choice.Listed.Length > 0 then
                let position = choice.Listed[drawn]
                choice.Listed[drawn] <- choice.Listed[last]
                choice.First + position
            else
                let mutable atLast = last

                if not (choice.Moved.TryGetValue(last, &atLast)) then
                    atLast <- last

                let mutable position = drawn

                if not (choice.Moved.TryGetValue(drawn, &position)) then
                    position <- drawn

                choice.Moved[drawn] <- atLast
                choice.First + position
