namespace Swim.Core.Tests

open Swim.Core

/// Chance for tests, from a plain seed, so that a failure is played again by its number.
[<Sealed>]
type Dice(seed: uint64) =

    let mutable random = Generator.create seed

    /// From 0 to `bound` - 1.
    member _.Below(bound: int) : int = Generator.below &random bound

    /// From `low` to `high`, both included.
    member dice.Between(low: int, high: int) : int = low + dice.Below(high - low + 1)

    /// True so many times out of a hundred.
    member dice.Chance(percent: int) : bool = dice.Below 100 < percent

    member dice.Pick(choices: 'T list) : 'T = choices[dice.Below choices.Length]

    /// A list of `low` to `high` items.
    member dice.Many(low: int, high: int, item: unit -> 'T) : 'T list =
        List.init (dice.Between(low, high)) (fun _ -> item ())

    /// The same items in another order.
    member dice.Shuffle(items: 'T list) : 'T list =
        let shuffled = Array.ofList items

        for last in shuffled.Length - 1 .. -1 .. 1 do
            let drawn = dice.Below(last + 1)
            let item = shuffled[last]
            shuffled[last] <- shuffled[drawn]
            shuffled[drawn] <- item

        List.ofArray shuffled
