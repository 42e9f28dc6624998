module Swim.Simulation.Tests.MeasureTests

open System
open Expecto
open Swim
open Swim.Core
open Swim.Simulation

let private seconds (count: float) = TimeSpan.FromSeconds count

let private config =
    { SwimConfig.Local 5 with
        PeriodicGossip = Nullable { Frequency = TimeSpan.FromMilliseconds 50.0; Members = 3 }
    }

let private joined nodes config length actions : Scenario =
    { Scenario.quiet nodes config length with Beginning = Joined }
    |> Scenario.withActions actions

let private measure scenario randomSeed =
    Measure.run (Measure.options IdentityScheme.node) scenario randomSeed

let private value what (option: 'T voption) =
    match option with
    | ValueSome value -> value
    | ValueNone -> failtest $"{what}: none"

let private outages =
    testList
        "outages"
        [
            testCase "each of the other members detects a crash soon after a suspicion expired"
            <| fun () ->
                let at = seconds 3.0
                let scenario = joined 5 config (seconds 20.0) [ at, ScenarioAction.Crash 2 ]
                let result = measure scenario 1UL
                let crash = Expect.wantSome (Array.tryExactlyOne result.Outages) "one outage"
                Expect.equal (crash.Node, crash.Kind, crash.At) (2, OutageKind.Crashed, at) "which"
                Expect.equal (crash.Awaited, crash.Noticed.Length, crash.Excused) (4, 4, 0) "who noticed"
                Expect.equal (Array.sort crash.Noticed) crash.Noticed "soonest first"
                let first, full = value "first" crash.First, value "full" crash.Full
                Expect.isGreaterThan first config.SuspectToDownAfter "not before the suspicion's end"
                Expect.isLessThan first (config.SuspectToDownAfter + seconds 2.0) "soon after it"
                Expect.isLessThan first full "the last comes after the first"
                Expect.equal result.FalsePositives.Total 0L "it is true"

            testCase "a crash is not known to all while a member that should detect it is cut off"
            <| fun () ->
                let actions =
                    [
                        seconds 3.0, ScenarioAction.Split [ [ 1 ]; [ 2; 3; 4; 5 ] ]
                        seconds 3.1, ScenarioAction.Crash 2
                    ]

                let result = measure (joined 5 config (seconds 3.5) actions) 1UL
                Expect.equal result.Outages[0].Full ValueNone "no member could know yet"

            testCase "a crash is known to all without the members that crash or leave meanwhile"
            <| fun () ->
                let actions =
                    [
                        seconds 3.0, ScenarioAction.Crash 2
                        seconds 3.01, ScenarioAction.Crash 3
                        seconds 3.01, ScenarioAction.Leave 4
                    ]

                let result = measure (joined 5 config (seconds 20.0) actions) 1UL
                let crash = result.Outages[0]
                Expect.equal (crash.Awaited, crash.Excused, crash.Noticed.Length) (4, 2, 2) "1 and 5 remain"
                Expect.isTrue crash.Full.IsSome "and they noticed"

            testCase "a restart is notified as a rename, not as a crash"
            <| fun () ->
                let result =
                    measure (joined 5 config (seconds 20.0) [ seconds 3.0, ScenarioAction.Restart 2 ]) 1UL

                let crash = result.Outages[0]
                Expect.equal (crash.Awaited, crash.Renamed, crash.Noticed.Length) (4, 4, 0) "renamed"
                Expect.equal result.FalsePositives.Total 0L "no false positive"

            testCase "a crash is not known to all if some learn of the successor first"
            <| fun () ->
                let crashOf actions =
                    let result =
                        measure
                            (joined 5 config (seconds 20.0) ((seconds 3.0, ScenarioAction.Crash 2) :: actions))
                            1UL

                    result.Outages[0]

                // It is back before the first that noticed could tell anyone.
                let back = seconds 3.0 + value "first" (crashOf []).First + TimeSpan.FromMicroseconds 50.0
                let crash = crashOf [ back, ScenarioAction.Restart 2 ]
                Expect.isNonEmpty crash.Noticed "one noticed"
                Expect.isGreaterThan crash.Renamed 0 "others had no time to"
                Expect.equal crash.Witnesses crash.Noticed.Length "which is how it ended"
                Expect.equal crash.Full ValueNone "not all noticed"

            testCase "only members that are never paused are to detect a pause"
            <| fun () ->
                let actions =
                    [ for node in [ 1; 2 ] -> seconds 3.0, ScenarioAction.Pause(node, seconds 15.0) ]

                let result = measure (joined 5 config (seconds 25.0) actions) 1UL

                for outage in result.Outages do
                    Expect.equal (outage.Kind, outage.Awaited) (OutageKind.Anomaly, 3) "three are healthy"
                    Expect.equal outage.Noticed.Length 3 "and all of them noticed"
        ]

let private falsePositives =
    testList
        "false positives"
        [
            testCase "in a partition each side has one false positive about each member of the other"
            <| fun () ->
                let actions = [ seconds 3.0, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4; 5 ] ] ]
                let alarms = (measure (joined 5 config (seconds 20.0) actions) 1UL).FalsePositives
                Expect.equal alarms.Total 12L "2 about 3, and 3 about 2"
                Expect.equal alarms.AboutHealthy 12L "none was paused"
                Expect.equal alarms.AtHealthy 12L "nor those who said so"
                Expect.equal alarms.Identities 5L "of five"

            testCase "false positives at a paused member and about it are counted apart"
            <| fun () ->
                let actions = [ seconds 3.0, ScenarioAction.Pause(2, seconds 60.0) ]
                let alarms = (measure (joined 5 config (seconds 20.0) actions) 1UL).FalsePositives
                Expect.equal alarms.AboutHealthy 4L "member 2 is wrong about four"
                Expect.equal alarms.AtHealthy 0L "no other is wrong about them"
                Expect.equal alarms.Total 8L "and four take it for down, which runs"

            testCase "a crash that is detected late is no false positive, though the same identity runs again"
            <| fun () ->
                let actions =
                    [
                        seconds 3.0, ScenarioAction.Crash 2
                        seconds 3.0, ScenarioAction.Split [ [ 2 ]; [ 1; 3; 4; 5 ] ]
                        seconds 3.1, ScenarioAction.RestartSame 2
                    ]

                let result = measure (joined 5 config (seconds 10.0) actions) 1UL
                Expect.equal result.Outages[0].Noticed.Length 4 "the crash"
                Expect.equal result.FalsePositives.Total 0L "no false positive"

            testCase "declaring a former identity Down is no false positive"
            <| fun () ->
                let actions =
                    [
                        seconds 3.0, ScenarioAction.Split [ [ 2 ]; [ 1; 3; 4; 5 ] ]
                        seconds 3.1, ScenarioAction.ChangeIdentity 2
                    ]

                let alarms = (measure (joined 5 config (seconds 10.0) actions) 1UL).FalsePositives
                Expect.equal (alarms.Total, alarms.Identities) (4L, 4L) "only member 2 is wrong"

            testCase "a member that leaves is no false positive"
            <| fun () ->
                let result =
                    measure (joined 5 config (seconds 10.0) [ seconds 3.0, ScenarioAction.Leave 2 ]) 1UL

                Expect.equal result.FalsePositives.Total 0L "it disseminated that itself"
        ]

let private joining =
    testList
        "joining"
        [
            testCase "the time to join ends when all members know all"
            <| fun () ->
                let result = measure (Scenario.quiet 12 (SwimConfig.Local 12) (seconds 20.0)) 3UL
                let all, most = value "join" result.JoinTime, value "mostly" result.MostlyJoinTime
                Expect.isGreaterThan all TimeSpan.Zero "not at once"
                Expect.isLessThan all (seconds 5.0) "soon"
                Expect.isLessThanOrEqual most all "most is not more than all"

            testCase "the time to join is zero when all are joined, and none when some are cut off"
            <| fun () ->
                let result = measure (joined 5 config (seconds 1.0) []) 1UL
                Expect.equal result.JoinTime (ValueSome TimeSpan.Zero) "they were"

                let split = [ TimeSpan.Zero, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4; 5 ] ] ]
                let scenario = Scenario.quiet 5 config (seconds 5.0) |> Scenario.withActions split
                Expect.equal (measure scenario 1UL).JoinTime ValueNone "never"
        ]

// Counts packets independently, until a given time.
type private SendCounter(until: TimeSpan) =
    let mutable sent = 0L
    member _.Sent = sent

    interface IRunObserver<Swim.NodeIdentity> with
        member _.Started(_, _) = ()
        member _.Stopped(_, _) = ()
        member _.Configured(_, _) = ()
        member _.Acted(_, _) = ()

        member _.Stepped(time, _, _, _, effects) =
            for effect in effects do
                match effect with
                | Send _ when time < until.Ticks -> sent <- sent + 1L
                | _ -> ()

let private traffic =
    testList
        "traffic"
        [
            testCase "without periodic messages a member sends a ping and an ack each period"
            <| fun () ->
                let period = seconds 1.0
                let config = { SwimConfig.Simple() with ProbePeriod = period }
                let options = Measure.options IdentityScheme.node

                let options =
                    { options with
                        WindowFrom = seconds 10.5
                        WindowTo = seconds 20.5
                        Bucket = period
                    }

                let result = Measure.run options (joined 6 config (seconds 30.5) []) 1UL
                Expect.equal result.Traffic.Messages (6L * 2L * 10L) "in the window"
                Expect.equal result.Traffic.MemberTime (seconds 60.0) "six members for ten seconds"
                Expect.equal result.Traffic.MessageRate 2.0 "a second"
                Expect.equal result.Buckets.Length 30 "full buckets"
                let inBuckets = result.Buckets |> Seq.skip 2 |> Seq.map _.Traffic.Messages |> Seq.distinct
                Expect.equal (List.ofSeq inBuckets) [ 12L ] "each second, once all began"

            testCase "the traffic of the buckets and of the window is what an observer counts"
            <| fun () ->
                let counter = SendCounter(seconds 10.0)
                let options = Measure.options IdentityScheme.node
                let options = { options with Run = { options.Run with Observer = Some counter } }
                let actions = [ seconds 3.0, ScenarioAction.Crash 2; seconds 5.0, ScenarioAction.Restart 2 ]
                let result = Measure.run options (joined 5 config (seconds 10.0) actions) 1UL
                let inBuckets = result.Buckets |> Array.sumBy _.Traffic.Messages
                Expect.equal inBuckets result.Traffic.Messages "all seconds are all the time"
                Expect.equal result.Traffic.Messages counter.Sent "every packet"
                Expect.equal result.Traffic.MemberTime (seconds (5.0 * 10.0 - 2.0)) "one was away for 2 s"

            testCase "an empty measuring window is refused"
            <| fun () ->
                let options = { Measure.options IdentityScheme.node with WindowFrom = seconds 10.0 }

                Expect.throwsT<ArgumentException>
                    (fun () -> Measure.run options (joined 3 config (seconds 10.0) []) 1UL |> ignore)
                    "it begins at the end"
        ]

let private lossy =
    let actions =
        [ seconds 3.0, ScenarioAction.Crash 2; seconds 4.0, ScenarioAction.Pause(3, seconds 5.0) ]

    let scenario = joined 6 config (seconds 15.0) actions
    { scenario with Quality = { Quality.perfect with Loss = 100_000 } }

let private manyRuns =
    testList
        "many runs"
        [
            testCase "measuring a run does not change it"
            <| fun () ->
                let options = { Run.options with Checks = false; Settles = false }
                let plain = Run.scenario options lossy 7UL
                Expect.equal (measure lossy 7UL).Run.Trace plain.Trace "hash of all that happened"

            testCase "measurements on two threads are the same as on one"
            <| fun () ->
                let randomSeeds = [| 1UL .. 8UL |]

                let on threads =
                    Measure.runs
                        threads
                        (fun _ _ -> ())
                        (fun () -> Measure.options IdentityScheme.node)
                        lossy
                        randomSeeds

                let one, two = on 1, on 2
                Expect.equal (two |> Array.map _.Run.Trace) (one |> Array.map _.Run.Trace) "traces"
                Expect.equal (two |> Array.map _.Outages) (one |> Array.map _.Outages) "outages"
                Expect.equal (MeasureSummary.create two) (MeasureSummary.create one) "taken together"
                Expect.hasLength (one |> Array.distinctBy _.Run.Trace) 8 "each random seed gives another run"

            testCase "the progress of measuring counts every run once"
            <| fun () ->
                let told = ResizeArray<int>()
                let tell count _ = told.Add count

                Measure.runs 2 tell (fun () -> Measure.options IdentityScheme.node) lossy [| 1UL .. 5UL |]
                |> ignore

                Expect.equal (List.ofSeq told) [ 1..5 ] "in order"

            testCase "the first error of parallel work is raised for all of it"
            <| fun () ->
                let work = [| for index in 1..5 -> fun () -> if index = 3 then failwith "third" else index |]

                Expect.throwsC (fun () -> Measure.inParallel 2 (fun _ _ -> ()) work |> ignore) (fun error ->
                    Expect.stringContains error.Message "third" "which")

            testCase "the infection curve goes from none to all members that were to detect a crash"
            <| fun () ->
                let scenario = joined 5 config (seconds 20.0) [ seconds 3.0, ScenarioAction.Crash 2 ]
                let result = measure scenario 1UL
                let noticed = result.Outages[0].Noticed
                let times = [| TimeSpan.Zero; noticed[0]; noticed[1]; noticed[3] |]
                let curve = MeasureSummary.infection result.Outages times
                Expect.equal curve [| 0; 250_000; 500_000; 1_000_000 |] "parts per million"
        ]

let tests = testList "Measure" [ outages; falsePositives; joining; traffic; manyRuns ]
