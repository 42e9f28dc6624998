namespace Swim.Simulation.Tests

open System
open Hedgehog
open Hedgehog.FSharp

/// Small generators. Each shrinks to its first argument.
[<RequireQualifiedAccess>]
module Draw =

    /// A number from `low` to `high`, both included; shrinks to `low`.
    let between (low: int) (high: int) : Gen<int> = Gen.integral (Range.constantFrom low low high)

    /// The same, but smaller numbers at smaller sizes.
    let upTo (low: int) (high: int) : Gen<int> = Gen.integral (Range.linear low high)

    /// One of these, evenly distributed.
    let oneOf (choices: 'T list) : Gen<'T> = Gen.item choices

    /// The usual value, but so many times out of a hundred another.
    let mostly (usual: Gen<'T>) (percent: int) (other: Gen<'T>) : Gen<'T> =
        Gen.frequency [ 100 - percent, usual; percent, other ]

    /// None, but so many times out of a hundred a value.
    let sometimes (percent: int) (other: Gen<'T>) : Gen<'T option> =
        mostly (Gen.constant None) percent (Gen.map Some other)

    /// True so many times out of a hundred.
    let chance (percent: int) : Gen<bool> =
        Gen.frequency [ 100 - percent, Gen.constant false; percent, Gen.constant true ]

    let milliseconds (low: int) (high: int) : Gen<TimeSpan> =
        between low high |> Gen.map (float >> TimeSpan.FromMilliseconds)

    /// A probability in parts per million: mostly 0, else up to so many percent.
    let probability (percent: int) : Gen<int> =
        mostly (Gen.constant 0) 40 (between 1 percent |> Gen.map (fun percent -> percent * 10_000))
