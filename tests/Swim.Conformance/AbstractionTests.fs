/// The abstraction itself: to the core and back is where one began.
module Swim.Conformance.AbstractionTests

open Expecto
open Swim
open Swim.Core

let private backAndForth (state: ModelState) =
    let rules = Replay.rulesFor true Set.empty

    Abstraction.ofState rules 0 (fun _ -> 255) state
    |> Abstraction.stateOf id state.Susp state.Rem

let tests (tables: (string * Lazy<Transition list>) list) =
    testList
        "Abstraction"
        [
            for name, table in tables do
                testCase $"R2.1 every state of {name} survives the way to the core and back"
                <| fun () ->
                    for transition in table.Value do
                        for state in [ transition.Before; transition.After ] do
                            if backAndForth state <> state then
                                failtestf "%A became %A" state (backAndForth state)

                testCase $"R8.5 every packet of {name} survives the way to the core and back"
                <| fun () ->
                    for transition in table.Value do
                        for packet in transition.Out do
                            for there in Abstraction.ofPacket packet do
                                Expect.equal (Abstraction.packetOf id there) packet "the same packet"

            testCase "a fresh member is a fresh member"
            <| fun () ->
                let second: ModelId = { Address = 2; Generation = 3 }
                let fresh = State.create second 1UL |> Abstraction.stateOf id Set.empty Set.empty
                Expect.equal fresh (backAndForth fresh) "knows no member"
        ]
