/// The protocol is a function: same state, same event, same result; and a state is a value.
module Swim.Core.Tests.DeterminismTests

open Expecto
open Swim
open Swim.Core

/// The events of an arbitrary trace.
let private events randomSeed = RandomTraces.run "" 200 randomSeed |> List.map fst

/// Takes the steps of a trace again, with rules that may differ; after each, the effects and the state.
let private again (alter: Rules<TestId> -> Rules<TestId>) randomSeed events =
    let _, rules, identity = RandomTraces.beginning randomSeed
    let rules = alter rules
    let mutable state = State.create identity randomSeed

    [
        for event in events do
            let struct (after, effects) = Protocol.step rules state event
            state <- after
            List.ofSeq effects, state
    ]

let private seeds = [ 1UL .. 25UL ]

let tests =
    testList
        "Determinism"
        [
            testCase "the same events give the same effects and the same states"
            <| fun () ->
                for randomSeed in seeds do
                    let events = events randomSeed
                    let results = List.zip (again id randomSeed events) (again id randomSeed events)

                    for (effects, state), (otherEffects, otherState) in results do
                        Expect.equal otherEffects effects $"effects, random seed {randomSeed}"

                        Expect.equal
                            (Digest.ofState otherState)
                            (Digest.ofState state)
                            $"random seed {randomSeed}"

            testCase "a step from a state that was kept is the step that it was"
            <| fun () ->
                for randomSeed in seeds do
                    let _, rules, identity = RandomTraces.beginning randomSeed
                    let events = events randomSeed
                    let results = again id randomSeed events
                    let befores = State.create identity randomSeed :: List.map snd results
                    let steps = List.zip3 (List.take events.Length befores) results events

                    // From the last to the first: what was done since changes nothing.
                    for before, (effects, after), event in List.rev steps do
                        let struct (state, repeated) = Protocol.step rules before event
                        Expect.equal (List.ofSeq repeated) effects $"effects, random seed {randomSeed}"
                        Expect.equal (Digest.ofState state) (Digest.ofState after) $"random seed {randomSeed}"

            testCase "fifty old states of a long trace stay as they were"
            <| fun () ->
                let dice = Dice(77UL)
                let core = CheckedMember(AnyEvent.rules dice, Given.renewableMe, 77UL)

                let kept =
                    [
                        for _ in 1..50 do
                            for _ in 1..40 do
                                AnyEvent.step dice core |> ignore

                            core.State, Digest.ofState core.State
                    ]

                for state, digest in kept do
                    Expect.equal (Digest.ofState state) digest "unchanged"

                    // Nor does anything that is done to it now change it.
                    Protocol.step core.Rules state LeaveCluster |> ignore
                    Protocol.step core.Rules state (Given.apply (List.map Given.alive [ 2..90 ])) |> ignore
                    Expect.equal (Digest.ofState state) digest "unchanged by steps from it"

            testCase "the hash of an address changes nothing"
            <| fun () ->
                for randomSeed in seeds do
                    let events = events randomSeed
                    let collide (rules: Rules<TestId>) = { rules with Identities = TestId.colliding }

                    let effects = again id randomSeed events |> List.map fst
                    let others = again collide randomSeed events |> List.map fst
                    Expect.equal others effects $"effects, random seed {randomSeed}"

            testCase "another random seed makes other choices"
            <| fun () ->
                let choices randomSeed =
                    let core = CheckedMember(Given.rules Given.simple, Given.me, randomSeed)
                    core.Step(Given.restore (List.map Given.alive [ 2..30 ])) |> ignore
                    List.init 10 (fun _ -> Given.answeredPeriod core)

                Expect.notEqual (choices 1UL) (choices 2UL) "who is probed"
        ]
