namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The outcome of one run of an experiment. A value: it can be written and read back.
type Outcome =
    {
        /// A hash of all that happened in the run.
        Trace: uint64
        /// How many packets arrived.
        Delivered: int64
        FalsePositives: FalsePositives
        /// In the window.
        Traffic: Traffic
        /// How many outages there were.
        Outages: int
        /// How long until the first member detected it, for each outage that a member detected.
        FirstDetections: TimeSpan[]
        /// How long until the last member detected it, for each that all members detected.
        FullDisseminations: TimeSpan[]
        /// How long from the first to the last, for the same outages.
        Spreads: TimeSpan[]
        /// How many checks failed.
        Failures: int
    }

[<RequireQualifiedAccess>]
module Outcome =

    /// The outcome of a measured run.
    let create (result: MeasureResult) : Outcome =
        let choose (what: Outage -> TimeSpan voption) =
            [|
                for outage in result.Outages do
                    match what outage with
                    | ValueSome duration -> duration
                    | ValueNone -> ()
            |]

        let spread (outage: Outage) =
            match outage.First, outage.Full with
            | ValueSome first, ValueSome full -> ValueSome(full - first)
            | _ -> ValueNone

        {
            Trace = result.Run.Trace
            Delivered = result.Run.Delivered
            FalsePositives = result.FalsePositives
            Traffic = result.Traffic
            Outages = result.Outages.Length
            FirstDetections = choose _.First
            FullDisseminations = choose _.Full
            Spreads = choose spread
            Failures = result.Run.Failures.Length
        }

/// One run of an experiment.
[<NoComparison; NoEquality>]
type Case =
    {
        /// Identifies the run among all runs of the experiment.
        Key: string
        RandomSeed: uint64
        Run: uint64 -> Outcome
    }

[<RequireQualifiedAccess>]
module Case =

    // FNV-1a.
    let private hash (text: string) =
        let mutable hash = 0xCBF29CE484222325UL

        for letter in text do
            hash <- (hash ^^^ uint64 letter) * 0x100000001B3UL

        hash

    /// A case whose random seed follows from its key and the random seed of the experiment.
    let create (randomSeed: uint64) (key: string) (run: uint64 -> Outcome) : Case =
        let mutable random = RandomGenerator.create (hash key ^^^ randomSeed)
        { Key = key; RandomSeed = RandomGenerator.next &random; Run = run }

    /// A random part of the cases, in parts per million. A larger part includes every smaller one.
    let part (partsPerMillion: int) (cases: Case[]) : Case[] =
        let count = (int64 cases.Length * int64 partsPerMillion + 999_999L) / 1_000_000L

        let drawOf (case: Case) =
            let mutable random = RandomGenerator.create (case.RandomSeed ^^^ 0x706172745F6F66UL)
            RandomGenerator.next &random

        let chosen = cases |> Array.sortBy drawOf |> Seq.truncate (int count) |> Seq.map _.Key |> set

        cases |> Array.filter (fun case -> chosen.Contains case.Key)
