module Swim.Simulation.Tests.Main

open Expecto

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
            PercentilesTests.tests
            MeasureTests.tests
            ExperimentTests.tests
            SearchTests.tests
        ]

[<EntryPoint>]
let main arguments =
    match CommandLine.run (List.ofArray arguments) with
    | Some exitCode -> exitCode
    | None -> runTestsWithCLIArgs [] arguments tests
