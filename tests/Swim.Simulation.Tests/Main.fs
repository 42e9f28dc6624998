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
            EventQueueTests.tests
            NetworkTests.tests
            AnomalyTests.tests
            DeterminismTests.tests
            VerdictTests.tests
            ScenarioTextTests.tests
            ScenarioTextFaultTests.tests
            MistakeTests.tests
            hunted "traces" (Traces.hunt (RealProtocol()) ignore) 1000
            hunted "scenarios" (Scenarios.hunt (RealProtocol()) ignore) 100
        ]

[<EntryPoint>]
let main arguments =
    match CommandLine.run (List.ofArray arguments) with
    | Some exitCode -> exitCode
    | None -> runTestsWithCLIArgs [] arguments tests
