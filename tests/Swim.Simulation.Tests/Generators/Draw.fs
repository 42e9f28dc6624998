namespace Swim.Simulation.Tests

open System
open Hedgehog
open Hedgehog.FSharp

/// Small generators. All shrink to the first thing that is named.
[<RequireQualifiedAccess>]
module Draw =

    /// From one to the other, both included; shrinks to the first.
    let between (low: int) (high: int) : Gen<int> = Gen.integral (Range.constantFrom low low high)

    /// The same, but small at small sizes.
    let upTo (low: int) (high: int) : Gen<int> = Gen.integral (Range.linear low high)

    /// One of these, all as likely.
    let oneOf (choices: 'T list) : Gen<'T> = Gen.item choices

    /// The usual thing, but so many times out of a hundred something else.
    let mostly (usual: Gen<'T>) (percent: int) (other: Gen<'T>) : Gen<'T> =
        Gen.frequency [ 100 - percent, usual; percent, other ]

    /// Nothing, but so many times out of a hundred something.
    let sometimes (percent: int) (other: Gen<'T>) : Gen<'T option> =
        mostly (Gen.constant None) percent (Gen.map Some other)

    /// True so many times out of a hundred.
    let chance (percent: int) : Gen<bool> =
        Gen.frequency [ 100 - percent, Gen.constant false; percent, Gen.constant true ]

    let milliseconds (low: int) (high: int) : Gen<TimeSpan> =
        between low high |> Gen.map (float >> TimeSpan.FromMilliseconds)

    /// A likelihood in parts per million: mostly 0, else up to so many percent.
    let likelihood (percent: int) : Gen<int> =
        mostly (Gen.constant 0) 40 (between 1 percent |> Gen.map (fun percent -> percent * 10_000))
