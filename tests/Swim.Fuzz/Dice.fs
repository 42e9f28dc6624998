namespace Swim.Fuzz

open Swim
open Swim.Core

/// Chance from a random seed: the same random seed makes the same input, on every machine.
[<Sealed>]
type internal Dice(randomSeed: uint64) =

    let mutable random = RandomGenerator.create randomSeed

    /// Any 64 bits.
    member _.Word() : uint64 = RandomGenerator.next &random

    /// From 0 to `bound` - 1.
    member _.Below(bound: int) : int = RandomGenerator.below &random bound

    /// From `low` to `high`, both included.
    member dice.Between(low: int, high: int) : int = low + dice.Below(high - low + 1)

    /// True so many times out of a hundred.
    member dice.Chance(percent: int) : bool = dice.Below 100 < percent

    member dice.Pick(choices: 'T[]) : 'T = choices[dice.Below choices.Length]

    member dice.Byte() : byte = byte (dice.Below 256)

    /// So many bytes of noise.
    member dice.Noise(length: int) : byte[] = Array.init length (fun _ -> dice.Byte())

    /// A length that is mostly small.
    member dice.Length(most: int) : int = dice.Below(1 + dice.Below(1 + most))
