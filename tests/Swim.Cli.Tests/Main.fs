module Swim.Cli.Tests.Main

open Expecto

// The tests redirect the console, which all of them share, so they run one after the other.
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
                ForgedRecordingTests.tests
                SteppingTests.tests
                MembersTests.tests
                RecordedCaseTests.tests
                RotatedRecordingTests.tests
            ]
    )

[<EntryPoint>]
let main arguments = runTestsWithCLIArgs [] arguments tests
