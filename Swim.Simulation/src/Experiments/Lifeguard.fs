namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The threshold and the interval experiments of the Lifeguard paper (Dadgar, Phillips, Currey, DSN 2018):
/// 128 members, of which C are cut off for D. In the threshold experiment that happens once, in the interval
/// experiment again and again, with I between.
[<RequireQualifiedAccess>]
module Lifeguard =

    /// How many members there are.
    [<Literal>]
    let Members = 128

    /// C: how many have an anomaly at the same time.
    let concurrent = [ 1; 4; 8; 12; 16; 20; 24; 28; 32 ]

    /// D: how long an anomaly is, in milliseconds.
    let durations = [ 128; 512; 2048; 8192; 16384; 32768 ]

    /// I: the time between two anomalies, in milliseconds.
    let intervals = [ 1; 4; 16; 64; 256; 1024; 4096; 16384 ]

    /// How often each combination is run.
    [<Literal>]
    let Repetitions = 10

    /// As close as our parameters come to what memberlist computes for 128 members on a local network, with
    /// the paper's alpha of 5: a suspicion of 5 * log10(128) seconds, rounded down as memberlist does, and
    /// 4 * ceiling(log10(129)) transmissions.
    let config: SwimConfig =
        { SwimConfig.Lan Members with
            SuspectToDownAfter = TimeSpan.FromMilliseconds(5.0 * 2107.0)
            MaxTransmissions = 12
        }

    // No anomaly begins before this time.
    let private quiet = TimeSpan.FromSeconds 15.0

    // How long anomalies recur at least.
    let private testLength = TimeSpan.FromSeconds 120.0

    // Time for the effects of what the last anomaly held back.
    let private rest = TimeSpan.FromSeconds 5.0

    /// The two kinds of anomaly.
    type Anomaly =
        /// Packets are held back, timers fire.
        | Paused
        /// Packets and timers are held back.
        | Frozen

    // Draws C members.
    let private chosen count (random: byref<RandomGenerator>) =
        let members = [| 1..Members |]

        for index in 0 .. count - 1 do
            let other = index + RandomGenerator.below &random (Members - index)
            let member' = members[index]
            members[index] <- members[other]
            members[other] <- member'

        Array.truncate count members

    // When the anomalies of a run begin.
    let private starts (duration: TimeSpan) (interval: TimeSpan voption) : TimeSpan list =
        match interval with
        | ValueNone -> [ quiet ]
        | ValueSome interval ->
            let cycle = duration + interval
            let cycles = (testLength.Ticks + cycle.Ticks - 1L) / cycle.Ticks

            [ for index in 0L .. cycles - 1L -> quiet + TimeSpan.FromTicks(cycle.Ticks * index) ]

    /// The scenario of one run: `count` members have an anomaly for that long, once, or repeatedly with an
    /// interval between.
    let scenario
        anomaly
        count
        (duration: TimeSpan)
        (interval: TimeSpan voption)
        (randomSeed: uint64)
        : Scenario =
        let mutable random = RandomGenerator.create (randomSeed ^^^ 0x616E6F6D616C79UL)
        let members = chosen count &random
        let clocks = Clocks.outOfStep Members config &random
        let starts = starts duration interval

        let actions =
            [
                for start in starts do
                    for node in members do
                        match anomaly with
                        | Paused -> start, ScenarioAction.Pause(node, duration)
                        | Frozen -> start, ScenarioAction.Freeze(node, duration)
            ]

        let length = max (quiet + testLength) (List.last starts + duration) + rest

        { Scenario.quiet Members config length with Beginning = Joined }
        |> Scenario.withActions (clocks @ actions)

    let private run anomaly count duration interval (randomSeed: uint64) : Outcome =
        let options = { Measure.options IdentityScheme.node with WindowFrom = quiet }
        let scenario = scenario anomaly count duration interval randomSeed
        Measure.run options scenario randomSeed |> Outcome.create

    let private milliseconds (count: int) = TimeSpan.FromMilliseconds(float count)

    /// All runs, by C, D and I.
    let cases (randomSeed: uint64) (runs: int) : Case[] =
        [|
            for name, anomaly in [ "paused", Paused; "frozen", Frozen ] do
                for count in concurrent do
                    for duration in durations do
                        let key = $"C{count}/D{duration}"

                        for index in 1..runs do
                            run anomaly count (milliseconds duration) ValueNone
                            |> Case.create randomSeed $"lifeguard/{name}/threshold/{key}/{index}"

                        for interval in intervals do
                            for index in 1..runs do
                                run anomaly count (milliseconds duration) (ValueSome(milliseconds interval))
                                |> Case.create
                                    randomSeed
                                    $"lifeguard/{name}/interval/{key}/I{interval}/{index}"
        |]

    let private seconds choose percentiles = Table.percentile (TimeSpan.FromSeconds 1.0) 2 choose percentiles

    // The figures of the paper for its plain SWIM.
    let private paper =
        [
            Cell.Words "SWIM in the paper"
            Cell.Words "interval"
            Cell.Whole 4320L
            Cell.Whole 339_002L
            Cell.Whole 1_326L
            Table.ratio 339_002L 4320L 2
            Table.ratio 1_326L 4320L 2
            Cell.Empty
            Cell.Fraction(12.44m, 2)
            Cell.Fraction(16.96m, 2)
            Cell.Fraction(19.40m, 2)
            Cell.Fraction(12.90m, 2)
            Cell.Fraction(16.93m, 2)
            Cell.Fraction(20.17m, 2)
        ]

    let private row who experiment (outcomes: Outcome[]) =
        let runs = int64 outcomes.Length
        let positives = outcomes |> Seq.map _.FalsePositives |> MeasureSummary.addFalsePositives
        let first = outcomes |> Seq.collect _.FirstDetections |> Percentiles.create
        let full = outcomes |> Seq.collect _.FullDisseminations |> Percentiles.create

        [
            Cell.Words who
            Cell.Words experiment
            Cell.Whole runs
            Cell.Whole positives.AboutHealthy
            Cell.Whole positives.AtHealthy
            Table.ratio positives.AboutHealthy runs 2
            Table.ratio positives.AtHealthy runs 2
            Table.ratio positives.HealthyRejoins runs 2
            first |> seconds _.Median
            first |> seconds _.Percentile99
            first |> seconds _.Percentile999
            full |> seconds _.Median
            full |> seconds _.Percentile99
            full |> seconds _.Percentile999
        ]

    let private whole (select: string -> Outcome[]) : Table =
        {
            Title = "False positives, and seconds to notice an anomaly"
            Columns =
                [
                    "who"
                    "experiment"
                    "runs"
                    "FP"
                    "FP-"
                    "FP a run"
                    "FP- a run"
                    "rejoins a run"
                    "first, median"
                    "first, 99th"
                    "first, 99.9th"
                    "all, median"
                    "all, 99th"
                    "all, 99.9th"
                ]
            Rows =
                [
                    paper
                    row "Swim, members paused" "interval" (select "lifeguard/paused/interval/")
                    row "Swim, members paused" "threshold" (select "lifeguard/paused/threshold/")
                    row "Swim, members frozen" "interval" (select "lifeguard/frozen/interval/")
                    row "Swim, members frozen" "threshold" (select "lifeguard/frozen/threshold/")
                ]
        }

    // A table with one row for each value of C, D or I.
    let private by name unit (letter: string) (values: int list) (finished: (Case * Outcome)[]) : Table =
        let isOf value (case: Case) =
            case.Key.Contains("/paused/interval/", StringComparison.Ordinal)
            && Array.contains $"{letter}{value}" (case.Key.Split '/')

        {
            Title = $"Interval experiment, members paused, by {name}"
            Columns =
                [
                    unit
                    "runs"
                    "FP"
                    "FP-"
                    "FP a run"
                    "FP- a run"
                    "rejoins a run"
                    "anomalies"
                    "noticed"
                ]
            Rows =
                [
                    for value in values do
                        let outcomes = finished |> Array.filter (fst >> isOf value) |> Array.map snd
                        let runs = int64 outcomes.Length

                        let positives =
                            outcomes |> Seq.map _.FalsePositives |> MeasureSummary.addFalsePositives

                        [
                            Cell.Whole value
                            Cell.Whole runs
                            Cell.Whole positives.AboutHealthy
                            Cell.Whole positives.AtHealthy
                            Table.ratio positives.AboutHealthy runs 2
                            Table.ratio positives.AtHealthy runs 2
                            Table.ratio positives.HealthyRejoins runs 2
                            Cell.Whole(outcomes |> Seq.sumBy (fun outcome -> int64 outcome.Outages))
                            Cell.Whole(
                                outcomes |> Seq.sumBy (fun outcome -> int64 outcome.FirstDetections.Length)
                            )
                        ]
                ]
        }

    /// The tables of the outcomes of these cases.
    let tables (finished: (Case * Outcome)[]) : Table list =
        let select (prefix: string) =
            [|
                for case, outcome in finished do
                    if case.Key.StartsWith(prefix, StringComparison.Ordinal) then
                        outcome
            |]

        [
            whole select
            by "the number of members with an anomaly" "C" "C" concurrent finished
            by "the length of an anomaly" "D (ms)" "D" durations finished
            by "the time between anomalies" "I (ms)" "I" intervals finished
        ]
