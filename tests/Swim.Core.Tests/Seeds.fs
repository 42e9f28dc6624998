/// Which seeds a randomized test runs with: a fixed range, so that every run of the suite is the same.
/// SWIM_SEED=n plays a single one again, SWIM_SEEDS=n tries that many.
[<RequireQualifiedAccess>]
module Swim.Core.Tests.Seeds

open System

let private variable name =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> None
    | text -> Some(UInt64.Parse text)

let upTo (count: uint64) : uint64 list =
    match variable "SWIM_SEED", variable "SWIM_SEEDS" with
    | Some seed, _ -> [ seed ]
    | None, Some count -> [ 1UL .. count ]
    | None, None -> [ 1UL .. count ]

/// The command that plays a failure again.
let replay (test: string) (seed: uint64) : string =
    "Again: SWIM_SEED="
    + string seed
    + " dotnet run --project tests/Swim.Core.Tests -- --filter-test-case \""
    + test
    + "\""
