namespace Swim.Simulation

open System

/// The outages of one kind, summarized.
type OutageSummary =
    {
        /// How many there were.
        Count: int
        /// How many of them at least one member detected.
        Noticed: int
        /// How long until the first member detected it.
        FirstDetection: Percentiles voption
        /// How long until the last member detected it, for those that every member detected.
        FullDissemination: Percentiles voption
    }

/// Many measured runs, summarized.
type MeasureSummary =
    {
        Runs: int
        /// The number of runs with failures (`RunResult.Failures`).
        FailedRuns: int
        Crashes: OutageSummary
        Anomalies: OutageSummary
        FalsePositives: FalsePositives
        /// Over the runs in which all members came to know all.
        JoinTime: Percentiles voption
        /// Over the runs in which members came to know 999 of 1,000 of all that there is to know.
        MostlyJoinTime: Percentiles voption
        /// In the windows of all runs.
        Traffic: Traffic
        /// How many packets arrived.
        Delivered: int64
    }

[<RequireQualifiedAccess>]
module MeasureSummary =

    let private someOf (value: 'T voption) =
        match value with
        | ValueSome value -> Some value
        | ValueNone -> None

    /// Summarizes the outages of one kind, of one or many runs.
    let ofOutages (kind: OutageKind) (outages: seq<Outage>) : OutageSummary =
        let outages = outages |> Seq.filter (fun outage -> outage.Kind = kind) |> Array.ofSeq

        {
            Count = outages.Length
            Noticed = outages |> Seq.filter _.First.IsSome |> Seq.length
            FirstDetection = outages |> Seq.choose (_.First >> someOf) |> Percentiles.create
            FullDissemination = outages |> Seq.choose (_.Full >> someOf) |> Percentiles.create
        }

    /// Adds up false positives.
    let addFalsePositives (all: seq<FalsePositives>) : FalsePositives =
        let add (sum: FalsePositives) (one: FalsePositives) =
            {
                Identities = sum.Identities + one.Identities
                Total = sum.Total + one.Total
                AboutHealthy = sum.AboutHealthy + one.AboutHealthy
                AtHealthy = sum.AtHealthy + one.AtHealthy
                HealthyRejoins = sum.HealthyRejoins + one.HealthyRejoins
            }

        let none =
            {
                Identities = 0L
                Total = 0L
                AboutHealthy = 0L
                AtHealthy = 0L
                HealthyRejoins = 0L
            }

        Seq.fold add none all

    /// Adds up traffic.
    let addTraffic (all: seq<Traffic>) : Traffic =
        let add (sum: Traffic) (one: Traffic) =
            {
                Messages = sum.Messages + one.Messages
                Bytes = sum.Bytes + one.Bytes
                MemberTime = sum.MemberTime + one.MemberTime
            }

        Seq.fold add { Messages = 0L; Bytes = 0L; MemberTime = TimeSpan.Zero } all

    /// Summarizes many runs.
    let create (results: MeasureResult[]) : MeasureSummary =
        let outages = results |> Seq.collect _.Outages

        {
            Runs = results.Length
            FailedRuns = results |> Seq.filter (fun result -> not result.Run.Failures.IsEmpty) |> Seq.length
            Crashes = ofOutages OutageKind.Crashed outages
            Anomalies = ofOutages OutageKind.Anomaly outages
            FalsePositives = results |> Seq.map _.FalsePositives |> addFalsePositives
            JoinTime = results |> Seq.choose (_.JoinTime >> someOf) |> Percentiles.create
            MostlyJoinTime = results |> Seq.choose (_.MostlyJoinTime >> someOf) |> Percentiles.create
            Traffic = results |> Seq.map _.Traffic |> addTraffic
            Delivered = results |> Seq.sumBy _.Run.Delivered
        }

    /// The infection curve of outages: at each time, the share of witnesses that had detected the outage, in
    /// parts per million. Members that crashed, left, or learned of a successor instead do not count.
    let infection (outages: seq<Outage>) (times: TimeSpan[]) : int[] =
        let noticed = outages |> Seq.collect _.Noticed |> Array.ofSeq |> Array.sort

        let awaited = outages |> Seq.sumBy (fun outage -> int64 outage.Witnesses)

        let mutable index = 0

        [|
            for time in times do
                while index < noticed.Length && noticed[index] <= time do
                    index <- index + 1

                if awaited = 0L then 0 else int (int64 index * 1_000_000L / awaited)
        |]
