/// The real protocol against random cases.
module Swim.Simulation.Tests.SearchTests

open Expecto

let private breaksNothing (name: string) (search: Search<'Case>) (cases: int) =
    testCase name
    <| fun () ->
        for seed in Search.seeds do
            match (Search.run search cases seed).Failure with
            | None -> ()
            | Some failure -> failtest failure

let tests =
    testList
        "Hunts"
        [
            breaksNothing
                "no trace of arbitrary events breaks a single core"
                (Traces.search (RealProtocol()) ignore)
                2000
            breaksNothing
                "no scenario of faults breaks a cluster of two to nine"
                (Scenarios.search (RealProtocol()) ignore)
                600
        ]
