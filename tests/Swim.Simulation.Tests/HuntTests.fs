/// The real protocol against random cases.
module Swim.Simulation.Tests.HuntTests

open Expecto

let private breaksNothing (name: string) (hunt: Hunt<'Case>) (cases: int) =
    testCase name
    <| fun () ->
        for seed in Hunt.seeds do
            match (Hunt.run hunt cases seed).Failure with
            | None -> ()
            | Some failure -> failtest failure

let tests =
    testList
        "Hunts"
        [
            breaksNothing
                "no trace of arbitrary events breaks a single core"
                (Traces.hunt (RealProtocol()) ignore)
                2000
            breaksNothing
                "no scenario of faults breaks a cluster of two to nine"
                (Scenarios.hunt (RealProtocol()) ignore)
                600
        ]
