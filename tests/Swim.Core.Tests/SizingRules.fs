/// R15: sizes that follow from the members that are known, and questions to Down members.
module Swim.Core.Tests.SizingRules

open System
open Expecto
open Swim
open Swim.Core

let private config = Given.careful Given.refutable

let private knowing count = Given.knowingWith config (List.map Given.alive [ 2..count ])

let private sizeTests =
    [
        testCase "R15.1 transmissions follow from the number of decimal digits of the members that are known"
        <| fun () ->
            for members, transmissions in [ 3, 4; 9, 4; 10, 8; 99, 8; 100, 12; 999, 12; 1000, 16 ] do
                let core = knowing members
                core.Step(Given.apply [ MemberRecord.alive (Given.peer 2) 1us ]) |> ignore
                Expect.equal (Seen.backlog core |> List.map snd) [ transmissions ] $"{members} members"

        testCase "R15.1 the time to refute follows from the logarithm of the members that are known"
        <| fun () ->
            let plain = { config with SuspicionConfirmations = 0 }

            for members, periods in [ 3, 4.0; 10, 4.0; 100, 8.0; 1000, 12.0 ] do
                let core = Given.knowingWith plain (List.map Given.alive [ 2..members ])
                let effects = core.Step(Given.apply [ Given.suspect 2 ])

                Expect.equal
                    (Seen.schedules effects |> List.map snd)
                    [ periods * config.ProbePeriod ]
                    $"{members} members"

        testCase "R15.1 without multipliers the fixed sizes hold"
        <| fun () ->
            let core = Given.knowing (List.map Given.alive [ 2..500 ])
            let effects = core.Step(Given.apply [ Given.suspect 2 ])

            Expect.equal
                (Seen.schedules effects |> List.map snd)
                [ Given.simple.SuspectToDownAfter ]
                "the time"

            Expect.equal
                (Seen.backlog core |> List.map snd)
                [ Given.simple.MaxTransmissions ]
                "the transmissions"
    ]

let private asking = { config with PeriodicAnnounceToDown = Given.every 65_000 2 }

let private question effects =
    Seen.schedules effects
    |> List.tryPick (function
        | AskDown sequence, wait -> Some(sequence, wait)
        | _ -> None)

let private askTests =
    [
        testCase "R15.2 a member that went Down is asked after a second, and then ever more seldom"
        <| fun () ->
            let core = Given.knowingWith asking [ Given.alive 2; Given.alive 3 ]
            let first = question (core.Step(Given.apply [ Given.down 3 ]))
            Expect.equal (Option.map snd first) (Some(TimeSpan.FromSeconds 1.0)) "soon"
            let mutable pending = first
            let mutable waits = []
            let mutable asked = 0

            while pending.IsSome do
                let effects = core.Fire(AskDown(fst pending.Value))
                asked <- asked + (Seen.receivers Message.announce effects).Length
                pending <- question effects
                waits <- waits @ Option.toList (Option.map snd pending)

            let total = waits |> List.fold (+) TimeSpan.Zero
            Expect.equal asked (waits.Length + 1) "each time"

            Expect.isTrue
                (waits |> List.forall (fun wait -> wait < TimeSpan.FromSeconds 65.0))
                "no longer than the periodic one"

            Expect.isGreaterThan total (TimeSpan.FromSeconds 100.0) "until that one is as good"
            Expect.isLessThan waits.Length 60 "which takes few questions"

        testCase "R15.2 the latest that went is asked first, and one that left is not a reason to ask"
        <| fun () ->
            let core = Given.knowingWith asking (List.map Given.alive [ 2..6 ])
            Expect.isNone (question (core.Step(Given.apply [ Given.left 6 ]))) "it will not be back"

            for address in [ 3; 4; 5 ] do
                core.Step(Given.apply [ Given.down address ]) |> ignore

            let effects = core.Fire(AskDown core.State.DownQuestions.Sequence)
            Expect.contains (Seen.receivers Message.announce effects) 5 "the latest"

        testCase "R15.2 switched off, or without PeriodicAnnounceToDown, no Down member is asked early"
        <| fun () ->
            for config in [ { asking with AskDownEarly = false }; config ] do
                let core = Given.knowingWith config [ Given.alive 2; Given.alive 3 ]
                Expect.isNone (question (core.Step(Given.apply [ Given.down 3 ]))) "no timer"
    ]

let tests = testList "Sizes" (sizeTests @ askTests)
