namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The experiments of section 5 of the SWIM paper (Das, Gupta, Motivala, DSN 2002), with its parameters:
/// one helper, a protocol period of 2 seconds, 3 * ceiling(ln(n + 1)) transmissions of an update, and as
/// many periods until a suspected member is declared Down. No periodic gossip: updates ride on probes only.
[<RequireQualifiedAccess>]
module SwimPaper =

    /// The group sizes.
    let sizes = [ 8; 16; 24; 32; 40; 48; 56 ]

    let private period = TimeSpan.FromSeconds 2.0

    /// Transmissions of an update, and periods of a suspicion.
    let lambda (nodes: int) : int = 3 * int (Math.Ceiling(Math.Log(float nodes + 1.0)))

    /// The parameters of the paper, with suspicion or without it: then a suspicion expires after one tick.
    let config (nodes: int) (suspects: bool) : SwimConfig =
        { SwimConfig.Simple() with
            ProbePeriod = period
            IndirectProbes = 1
            MaxTransmissions = lambda nodes
            SuspectToDownAfter =
                if suspects then
                    TimeSpan.FromTicks(period.Ticks * int64 (lambda nodes))
                else
                    TimeSpan.FromTicks 1L
        }

    let private periods (count: int) = TimeSpan.FromTicks(period.Ticks * int64 count)

    let private scenario nodes config actions length : Scenario =
        { Scenario.quiet nodes config length with Beginning = Joined }
        |> Scenario.withActions actions

    let private measure windowFrom scenario randomSeed =
        let options =
            { Measure.options IdentityScheme.node with
                WindowFrom = windowFrom
                Bucket = periods 1
            }

        Measure.run options scenario randomSeed |> Outcome.create

    /// How the probe periods of the members are aligned.
    type private Phase =
        /// All begin at once, and the crash comes right before one, as the paper's analysis counts.
        | InStep
        /// They begin at different moments, and the crash comes at any moment.
        | OutOfStep

    /// One member crashes after the group has run for a while, at a random place in the probe order of the
    /// others.
    let private crash (nodes: int) suspects phase (randomSeed: uint64) : Outcome =
        let config = config nodes suspects
        let mutable random = RandomGenerator.create (randomSeed ^^^ 0x6372617368UL)
        let node = 1 + RandomGenerator.below &random nodes
        let pass = periods (nodes - 1)

        let clocks, at =
            match phase with
            | InStep ->
                let round = 20 + RandomGenerator.below &random (nodes - 1)
                [], periods round - TimeSpan.FromTicks 1L
            | OutOfStep ->
                let clocks = Clocks.outOfStep nodes config &random
                clocks, periods 20 + Clocks.within pass &random

        let toNotice = periods (20 + lambda nodes * (if suspects then 3 else 1))
        let actions = (at, ScenarioAction.Crash node) :: clocks
        measure TimeSpan.Zero (scenario nodes config actions (at + toNotice)) randomSeed

    /// No action for `length` periods; packets are lost with this probability, in parts per million.
    let private steady nodes suspects loss notifies (length: int) (randomSeed: uint64) : Outcome =
        let config = { config nodes suspects with NotifyDownMembers = notifies }
        let mutable random = RandomGenerator.create (randomSeed ^^^ 0x737465616479UL)
        let clocks = Clocks.outOfStep nodes config &random
        let from = periods 20
        let lossy = from, ScenarioAction.Network { Quality.perfect with Loss = loss }
        measure from (scenario nodes config (lossy :: clocks) (periods (20 + length))) randomSeed

    let private kinds (runs: int) : (string * int * int * (uint64 -> Outcome)) list =
        [
            for nodes in sizes do
                "in-step", nodes, runs, crash nodes false InStep
                "out-of-step", nodes, runs, crash nodes false OutOfStep
                "suspicion", nodes, runs, crash nodes true OutOfStep
                "steady", nodes, max 1 (runs / 20), steady nodes true 0 false 50
                "loss", nodes, max 1 (runs / 20), steady nodes true 100_000 true 300
                "loss-without-suspicion", nodes, max 1 (runs / 20), steady nodes false 100_000 true 300
        ]

    /// All runs, by kind and group size.
    let cases (randomSeed: uint64) (runs: int) : Case[] =
        [|
            for kind, nodes, count, run in kinds runs do
                for index in 1..count do
                    Case.create randomSeed $"swim-paper/{kind}/n{nodes}/{index}" run
        |]

    let private keyOf kind nodes = $"swim-paper/{kind}/n{nodes}/"

    let private durations (choose: Outcome -> TimeSpan[]) (outcomes: Outcome[]) =
        outcomes |> Seq.collect choose |> Percentiles.create

    let private inPeriods choose percentiles = Table.percentile period 2 choose percentiles

    /// The expected number of periods until a member is probed if each of the others probes a random member
    /// in each period, with all in step: e / (e - 1) for a large group.
    let private expected (nodes: int) =
        let missed = 1.0 - 1.0 / float (nodes - 1)
        Cell.Fraction(Math.Round(decimal (1.0 / (1.0 - Math.Pow(missed, float (nodes - 1)))), 2), 2)

    let private detection (outcomes: string -> int -> Outcome[]) : Table =
        {
            Title = "First detection of a crash, without suspicion, in protocol periods"
            Columns =
                [
                    "members"
                    "crashes"
                    "by lot, in step (theory)"
                    "mean, in step"
                    "mean, out of step"
                    "median, out of step"
                    "99th, out of step"
                    "longest, out of step"
                    "mean, with suspicion"
                    "time of a suspicion"
                ]
            Rows =
                [
                    for nodes in sizes do
                        let first kind = outcomes kind nodes |> durations _.FirstDetections
                        let free = first "out-of-step"

                        [
                            Cell.Whole nodes
                            Cell.Whole(int64 (outcomes "out-of-step" nodes).Length)
                            expected nodes
                            first "in-step" |> inPeriods _.Mean
                            free |> inPeriods _.Mean
                            free |> inPeriods _.Median
                            free |> inPeriods _.Percentile99
                            free |> inPeriods _.Longest
                            first "suspicion" |> inPeriods _.Mean
                            Cell.Whole(lambda nodes)
                        ]
                ]
        }

    let private perPeriod (choose: Traffic -> int64) (outcomes: Outcome[]) =
        let traffic = outcomes |> Seq.map _.Traffic |> MeasureSummary.addTraffic
        let memberPeriods = traffic.MemberTime.Ticks / period.Ticks
        Table.ratio (choose traffic) memberPeriods 2

    let private load (outcomes: string -> int -> Outcome[]) : Table =
        {
            Title = "Packets that a member sends in a protocol period"
            Columns = [ "members"; "packets"; "bytes"; "packets, 10% lost"; "bytes, 10% lost" ]
            Rows =
                [
                    for nodes in sizes do
                        [
                            Cell.Whole nodes
                            outcomes "steady" nodes |> perPeriod _.Messages
                            outcomes "steady" nodes |> perPeriod _.Bytes
                            outcomes "loss" nodes |> perPeriod _.Messages
                            outcomes "loss" nodes |> perPeriod _.Bytes
                        ]
                ]
        }

    let private dissemination (outcomes: string -> int -> Outcome[]) : Table =
        {
            Title = "From the first member that knows of a crash to the last, in protocol periods"
            Columns = [ "members"; "crashes"; "known to all"; "ln n"; "mean"; "median"; "99th"; "longest" ]
            Rows =
                [
                    for nodes in sizes do
                        let runs = outcomes "out-of-step" nodes
                        let spread = runs |> durations _.Spreads

                        [
                            Cell.Whole nodes
                            Cell.Whole(int64 runs.Length)
                            Cell.Whole(runs |> Seq.sumBy (fun run -> int64 run.Spreads.Length))
                            Cell.Fraction(Math.Round(decimal (Math.Log(float nodes)), 2), 2)
                            spread |> inPeriods _.Mean
                            spread |> inPeriods _.Median
                            spread |> inPeriods _.Percentile99
                            spread |> inPeriods _.Longest
                        ]
                ]
        }

    let private suspicion (outcomes: string -> int -> Outcome[]) : Table =
        let hour = TimeSpan.FromHours 1.0

        let perHour (runs: Outcome[]) =
            let traffic = runs |> Seq.map _.Traffic |> MeasureSummary.addTraffic
            let identities = runs |> Seq.sumBy _.FalsePositives.Identities
            Table.ratio (identities * hour.Ticks) traffic.MemberTime.Ticks 2

        let identities (runs: Outcome[]) = runs |> Seq.sumBy _.FalsePositives.Identities |> Cell.Whole

        {
            Title = "Members falsely declared Down while 10% of all packets are lost, 10 minutes a run"
            Columns =
                [
                    "members"
                    "runs"
                    "with suspicion"
                    "an hour and member"
                    "without suspicion"
                    "an hour and member, without"
                ]
            Rows =
                [
                    for nodes in sizes do
                        let suspecting = outcomes "loss" nodes
                        let plain = outcomes "loss-without-suspicion" nodes

                        [
                            Cell.Whole nodes
                            Cell.Whole suspecting.Length
                            identities suspecting
                            perHour suspecting
                            identities plain
                            perHour plain
                        ]
                ]
        }

    /// The tables of the outcomes of these cases.
    let tables (finished: (Case * Outcome)[]) : Table list =
        let outcomes kind nodes =
            let key = keyOf kind nodes

            [|
                for case, outcome in finished do
                    if case.Key.StartsWith(key, StringComparison.Ordinal) then
                        outcome
            |]

        [ detection outcomes; load outcomes; dissemination outcomes; suspicion outcomes ]
