module Swim.Cli.Tests.SimulateTests

open System
open System.IO
open System.Text.Json
open Argu
open Expecto
open Swim.Cli
open Swim.Cli.Simulate
open Swim.Simulation

/// Every fault that options can cause, in short runs.
let private eventful =
    "simulate --nodes 8 --config local --loss 5 --latency 1ms..5ms --kill 1 --pause 1 --partition 2 --runs 4"

let private options words =
    ArgumentParser.Create<SimulateArgument>(programName = "simulate").Parse(Array.ofList words)
    |> Options.read

/// A run with failed checks, which the protocol itself never has.
let private brokenRun (options: Options) : MeasureResult =
    let measured =
        Measure.run (Measure.options IdentityScheme.node) options.Scenario options.FirstRandomSeed

    let failure property : Failure =
        {
            Property = property
            At = TimeSpan.FromSeconds 1.5
            Node = 3
            Detail = "it is so"
        }

    { measured with
        Run =
            { measured.Run with
                Failures = [ failure "Agreement"; failure "Recovery"; failure "NoStorm"; failure "Agreement" ]
            }
    }

let tests =
    testList
        "simulate"
        [
            testCase "a small simulation prints exactly the text of small-run.txt"
            <| fun () ->
                // This fails when the protocol or the simulator changes what members do. If the change is intended,
                // replace the file by what `swim simulate --nodes 5 --config local --loss 10 --runs 3` prints.
                let printed = Tool.succeed "simulate --nodes 5 --config local --loss 10 --runs 3"

                Expect.equal
                    printed.Output
                    (File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "small-run.txt")))
                    "all of it"

            testCase "the same random seeds give the same bytes, on one thread and on two"
            <| fun () ->
                let one = Tool.succeed $"{eventful} --json --threads 1"
                let again = Tool.succeed $"{eventful} --json --threads 1"
                let two = Tool.succeed $"{eventful} --json --threads 2"
                Expect.equal again.Output one.Output "again"
                Expect.equal two.Output one.Output "on two threads"

                let others = Tool.succeed $"{eventful} --json --random-seed 2"
                Expect.notEqual others.Output one.Output "other random seeds give other runs"

            testCase "runs take consecutive random seeds, and each run can be repeated alone"
            <| fun () ->
                let runs (printed: Tool.Printed) =
                    use document = JsonDocument.Parse printed.Output

                    [
                        for run in document.RootElement.GetProperty("runs").EnumerateArray() ->
                            run.GetProperty("random_seed").GetUInt64(), run.GetProperty("trace").GetString()
                    ]

                let all = Tool.succeed $"{eventful} --json --random-seed 7" |> runs
                Expect.equal (List.map fst all) [ 7UL .. 10UL ] "the random seeds"

                let third =
                    Tool.succeed
                        "simulate --nodes 8 --config local --loss 5 --latency 1ms..5ms --kill 1 --pause 1 --partition 2 --runs 1 --random-seed 9 --json"
                    |> runs

                Expect.equal third [ all[2] ] "the third alone"

            testCase "the checks do not change a run"
            <| fun () ->
                let outages (printed: Tool.Printed) =
                    use document = JsonDocument.Parse printed.Output
                    let root = document.RootElement
                    root.GetProperty("checked").GetBoolean(), root.GetProperty("crashes").GetRawText()

                let isChecked, crashes = Tool.succeed $"{eventful} --json" |> outages
                let isUnchecked, same = Tool.succeed $"{eventful} --json --unchecked" |> outages
                Expect.isTrue (isChecked && not isUnchecked) "only one is checked"
                Expect.equal same crashes "the same was measured"

            testCase "the JSON of simulate has durations in milliseconds, and counts"
            <| fun () ->
                use document = JsonDocument.Parse (Tool.succeed $"{eventful} --json").Output
                let root = document.RootElement

                let number (path: string list) =
                    let mutable element = root

                    for name in path do
                        element <- element.GetProperty name

                    element.GetDecimal()

                Expect.isTrue (root.GetProperty("ok").GetBoolean()) "nothing is broken"
                Expect.equal (number [ "crashes"; "count" ]) 4m "one crash in each run"
                Expect.equal (number [ "pauses"; "count" ]) 4m "one pause in each run"

                for path in
                    [
                        [ "crashes"; "first_detection_ms"; "median" ]
                        [ "crashes"; "full_dissemination_ms"; "p99" ]
                        [ "join_ms"; "max" ]
                        [ "messages_per_member_per_second" ]
                        [ "bytes_per_member_per_second" ]
                    ] do
                    Expect.isGreaterThan (number path) 0m $"{path}"

                // A suspicion of local lasts 800 ms, and no member is declared down before.
                Expect.isGreaterThan (number [ "crashes"; "first_detection_ms"; "median" ]) 800m "detection"

            testCase "failed checks are reported with the command that reproduces the run"
            <| fun () ->
                let options =
                    options
                        [
                            "--nodes"
                            "5"
                            "--config"
                            "local"
                            "max-transmissions=3"
                            "--kill"
                            "1"
                            "at"
                            "2s"
                            "--random-seed"
                            "7"
                            "--runs"
                            "3"
                            "--json"
                            "--threads"
                            "2"
                        ]

                let again =
                    "swim simulate --nodes 5 --config local max-transmissions=3 --kill 1 at 2s --random-seed 7 --runs 1"

                let broken = brokenRun options

                Expect.equal
                    (TextReport.failures options [| broken |])
                    [
                        "the run with random seed 7 failed these checks:"
                        "  Agreement at member 3 after 1.500 s: it is so"
                        "  Recovery at member 3 after 1.500 s: it is so"
                        "  NoStorm at member 3 after 1.500 s: it is so"
                        "  and 1 more"
                        $"  to reproduce: {again}"
                    ]
                    "in lines"

                use document = JsonDocument.Parse(JsonReport.text options [| broken |])
                Expect.isFalse (document.RootElement.GetProperty("ok").GetBoolean()) "not ok"
                let run = document.RootElement.GetProperty("runs")[0]
                Expect.equal (run.GetProperty("again").GetString()) again "in JSON"
                Expect.equal (run.GetProperty("failures").GetArrayLength()) 4 "all of them"

            testCase "the command that reproduces a run quotes words that a shell would split"
            <| fun () ->
                let options = options [ "--kill"; "1 at 2s"; "--config"; "lan" ]

                Expect.equal
                    (options.CommandOf 3UL)
                    "swim simulate --kill '1 at 2s' --config lan --random-seed 3 --runs 1"
                    "quoted"
        ]
