/// R3: what follows from an update.
module Swim.Core.Tests.UpdateRules

open System
open Expecto
open Swim
open Swim.Core

let private ten = Given.simple.MaxTransmissions
let private second = Given.newer (Given.peer 2)

let private backlogTests =
    [
        testCase "R3.1 an update that changed the table is disseminated"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            core.Step(Given.apply [ Given.alive 2; Given.down 3 ]) |> ignore
            Expect.equal (Seen.backlog core) [ Given.alive 2, ten; Given.down 3, ten ] "both"

        testCase "R3.1 an update that changed nothing is not"
        <| fun () ->
            let core = Given.knowing [ Given.suspect 2 ]
            core.Step(Given.apply [ Given.suspect 2; Given.alive 2 ]) |> ignore
            Expect.isEmpty (Seen.backlog core) "nothing waits"

        testCase "R3.1 nothing is disseminated that is not to be broadcast"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            core.Step(Given.restore [ Given.alive 2 ]) |> ignore
            Expect.isEmpty (Seen.backlog core) "nothing waits"

        testCase "R3.1 it takes the place of any entry about the address, with a fresh budget"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            core.Step(Given.apply [ Given.alive 2 ]) |> ignore
            core.Step GossipNow |> ignore
            Expect.equal (Seen.backlog core) [ Given.alive 2, ten - 1 ] "one packet carried it"

            core.Step(Given.apply [ Given.suspect 2 ]) |> ignore
            Expect.equal (Seen.backlog core) [ Given.suspect 2, ten ] "same identity"

            core.Step(Given.apply [ MemberRecord.alive second 0us ]) |> ignore
            Expect.equal (Seen.backlog core) [ MemberRecord.alive second 0us, ten ] "other identity"
    ]

let private removalTests =
    [
        testCase "R3.2 a record that becomes Down is removed after RemoveDownAfter"
        <| fun () ->
            let expected = [ RemoveDown(Given.peer 2), Given.simple.RemoveDownAfter ]

            for before in [ []; [ Given.alive 2 ]; [ Given.suspect 2 ] ] do
                let core = Given.knowing (Given.alive 9 :: before)
                let effects = core.Step(Given.apply [ Given.down 2 ])
                Expect.equal (Seen.schedules effects) expected $"after %A{before}"

        testCase "R3.2 a record that was Down already is not scheduled again"
        <| fun () ->
            let core = Given.knowing [ Given.down 2 ]
            Expect.isEmpty (core.Step(Given.apply [ Given.down 2 ])) "nothing happens"

        testCase "R3.2 a newer identity that is Down is scheduled for itself"
        <| fun () ->
            let core = Given.knowing [ Given.down 2 ]
            let effects = core.Step(Given.apply [ MemberRecord.down second ])

            Expect.equal
                (Seen.schedules effects)
                [ RemoveDown second, Given.simple.RemoveDownAfter ]
                "for the new identity"
    ]

/// What is notified when the first record of an address is followed by the second.
let private notified first next =
    // Another member keeps the connection out of it.
    let core = Given.knowing (Given.alive 9 :: first)
    Seen.notifications (core.Step(Given.apply [ next ]))

let private notificationTests =
    let first = Given.peer 2

    [
        testCase "R3.3 a change of the set of active addresses is notified"
        <| fun () ->
            Expect.equal (notified [] (Given.alive 2)) [ MemberUp first ] "unknown, Alive"
            Expect.equal (notified [] (Given.suspect 2)) [ MemberUp first ] "unknown, Suspect"
            Expect.equal (notified [ Given.alive 2 ] (Given.down 2)) [ MemberDown first ] "Alive, Down"

            Expect.equal (notified [ Given.suspect 2 ] (Given.down 2)) [ MemberDown first ] "Suspect, Down"

        testCase "R3.3 a change inside that set is not"
        <| fun () ->
            Expect.isEmpty (notified [ Given.alive 2 ] (Given.suspect 2)) "Alive, Suspect"
            Expect.isEmpty (notified [ Given.suspect 2 ] (MemberRecord.alive first 1us)) "refuted"

        testCase "R3.3 MemberDown never comes for a member that was not up"
        <| fun () ->
            Expect.isEmpty (notified [] (Given.down 2)) "unknown, Down"
            Expect.isEmpty (notified [ Given.down 2 ] (Given.down 2)) "Down, Down"

        testCase "R3.3 a replaced identity is notified first, then whether its address is up"
        <| fun () ->
            let renamed = Rename(first, second)
            let newlyAlive, newlyDown = MemberRecord.alive second 0us, MemberRecord.down second
            Expect.equal (notified [ Given.alive 2 ] newlyAlive) [ renamed ] "up before and after"

            Expect.equal
                (notified [ Given.down 2 ] newlyAlive)
                [ renamed; MemberUp second ]
                "back with a newer identity"

            Expect.equal
                (notified [ Given.alive 2 ] newlyDown)
                [ renamed; MemberDown second ]
                "down with its newer identity"

            Expect.equal (notified [ Given.down 2 ] newlyDown) [ renamed ] "down before and after"
    ]

let private batchTests =
    [
        testCase "R3.4 a batch is applied in its order"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step(Given.apply [ Given.alive 2; Given.suspect 2; Given.down 2 ])

            Expect.equal
                (Seen.notifications effects)
                [ MemberUp(Given.peer 2); MemberDown(Given.peer 2) ]
                "one after the other"

            Expect.equal (Seen.records core) [ Given.down 2 ] "the last word"

        testCase "R3.4 an empty batch does nothing"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            Expect.isEmpty (core.Step(Given.apply [])) "no effects"
            Expect.isEmpty (core.Step(ApplyMany(ArraySegment(), true))) "nor does none at all"

        testCase "R3.4 another identity with our address is applied as Down, whatever is said"
        <| fun () ->
            for status in [ MemberStatus.Alive; MemberStatus.Suspect; MemberStatus.Down ] do
                for other in [ Given.newer Given.me; { Given.me with Generation = 0 } ] do
                    let core = Given.knowingAlive [ 2 ]
                    core.Step(Given.apply [ MemberRecord.create other 7us status ]) |> ignore
                    Expect.equal (core.RecordAt 1) (Some(MemberRecord.down other)) $"{other} {status}"
                    Expect.equal core.Identity Given.me "we stay who we are"

                    Expect.equal
                        (Seen.backlog core)
                        [ MemberRecord.down other, ten ]
                        "and others are told the truth"

        testCase "R3.4 a record about ourselves never enters the table"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]

            core.Step(Given.apply [ MemberRecord.alive Given.me 3us; MemberRecord.suspect Given.me 3us ])
            |> ignore

            Expect.equal (core.RecordAt 1) None "no record of ours"

        testCase "R3.4 the connection is adjusted after the batch, not within it"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step(Given.apply [ Given.alive 2; Given.down 2 ])
            Expect.isFalse (List.contains Active (Seen.notifications effects)) "never Active"
            Expect.equal core.State.Connection ConnectionState.Idle "Idle before and after"

            let effects = core.Step(Given.apply [ Given.alive 3; Given.alive 4 ])

            Expect.equal
                (Seen.notifications effects)
                [ MemberUp(Given.peer 3); MemberUp(Given.peer 4); Active ]
                "Active comes last, once"
    ]

let tests =
    testList "R3 Applying an update" (backlogTests @ removalTests @ notificationTests @ batchTests)
