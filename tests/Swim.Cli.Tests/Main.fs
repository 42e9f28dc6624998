module Swim.Cli.Tests.Main

open Expecto

// The console is one.
let private tests =
    testSequenced (
        testList
            "Swim.Cli"
            [
                SimulateArgumentTests.tests
                SimulateTests.tests
                PlotTests.tests
                ExperimentTests.tests
                ReplayTests.tests
                ForgedTests.tests
                SteppingTests.tests
                MembersTests.tests
                RecordedCaseTests.tests
                RotatedTests.tests
            ]
    )

[<EntryPoint>]
let main arguments = runTestsWithCLIArgs [] arguments tests
