namespace Swim.Core.Tests

open System
open Swim
open Swim.Core

/// Chance for tests, from a random seed, so that a failure is played again by its number.
[<Sealed>]
type Dice(randomSeed: uint64) =

    let mutable random = RandomGenerator.create randomSeed

    /// From 0 to `bound` - 1.
    member _.Below(bound: int) : int = RandomGenerator.below &random bound

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

/// The random seeds that a randomized test runs with: a fixed range, so that every run of the suite is the same.
/// SWIM_SEED=n plays a single one again, SWIM_SEEDS=n tries that many.
[<RequireQualifiedAccess>]
module Seeds =

    let private variable name =
        match Environment.GetEnvironmentVariable name with
        | null
        | "" -> None
        | text -> Some(UInt64.Parse text)

    let upTo (count: uint64) : uint64 list =
        match variable "SWIM_SEED", variable "SWIM_SEEDS" with
        | Some randomSeed, _ -> [ randomSeed ]
        | None, Some count -> [ 1UL .. count ]
        | None, None -> [ 1UL .. count ]

    /// The command that plays a failure again.
    let replay (test: string) (randomSeed: uint64) : string =
        "Again: SWIM_SEED="
        + string randomSeed
        + " dotnet run --project tests/Swim.Core.Tests -- --filter-test-case \""
        + test
        + "\""
