module Swim.Simulation.Tests.Main

open System
open Expecto
open Swim.Core
open Swim.Simulation
open Swim.Simulation.Tests

let private hunted (name: string) (hunt: Hunt<'Case>) (cases: int) =
    testCase name
    <| fun () ->
        for seed in Hunt.seeds do
            match (Hunt.run hunt cases seed).Failure with
            | None -> ()
            | Some failure -> failtest failure

let private tests =
    testList
        "Swim.Simulation"
        [
            testCase "the same seed gives the same run"
            <| fun () ->
                let scenario = Scenario.quiet 5 (Config.local 5) (TimeSpan.FromSeconds 5.0)
                let first = Run.scenario Run.options scenario 1UL
                let second = Run.scenario Run.options scenario 1UL
                Expect.equal second.Trace first.Trace "hash of all that happened"
                Expect.isEmpty first.Failures "nothing is broken"

            hunted "traces" (Traces.hunt (RealProtocol()) ignore) 1000
            hunted "scenarios" (Scenarios.hunt (RealProtocol()) ignore) 100
        ]

[<EntryPoint>]
let main arguments =
    match CommandLine.run (List.ofArray arguments) with
    | Some exitCode -> exitCode
    | None -> runTestsWithCLIArgs [] arguments tests
