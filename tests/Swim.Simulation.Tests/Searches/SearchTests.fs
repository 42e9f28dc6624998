/// Random cases against the real protocol.
module Swim.Simulation.Tests.SearchTests

open Expecto

let private findsNoFailure (name: string) (search: Search<'Case>) (cases: int) =
    testCase name
    <| fun () ->
        for randomSeed in Search.randomSeeds do
            match (Search.run search cases randomSeed).Failure with
            | None -> ()
            | Some failure -> failtest failure

let tests =
    testList
        "Random cases"
        [
            findsNoFailure
                "no trace of arbitrary events makes a check of a single member fail"
                (Traces.search (RealProtocol()) ignore)
                2000
            findsNoFailure
                "no scenario of faults makes a check of a cluster of two to nine members fail"
                (Scenarios.search (RealProtocol()) ignore)
                600
        ]
