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
            let expected = [ RemoveDown(Given.peer 2, 0us), Given.simple.RemoveDownAfter ]

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
            let effects = core.Step(Given.apply [ MemberRecord.down second 0us ])

            Expect.equal
                (Seen.schedules effects)
                [ RemoveDown(second, 0us), Given.simple.RemoveDownAfter ]
                "for the new identity"
    ]

/// The only event when the first record of an address is followed by the second, if there is any.
let private told first next =
    // Another member keeps the connection out of it.
    let core = Given.knowing (Given.alive 9 :: first)
    let before = List.tryHead first

    match Seen.wholeEvents (core.Step(Given.apply [ next ])) with
    | [] -> None
    | [ event ] ->
        Expect.equal (if event.HasBefore then Some event.Before else None) before "the record before"
        Expect.isTrue event.HasAfter "a record after"
        Expect.equal event.After next "the record after"
        Some(event.Kind, event.Cause)
    | more -> failtestf "One event at most was expected: %A" more

let private eventTests =
    let first = Given.peer 2
    let newlyAlive, newlyDown = MemberRecord.alive second 0us, MemberRecord.down second 0us

    let tells name kind cause (changes: (MemberRecord<TestId> list * MemberRecord<TestId>) list) =
        testCase $"R3.3 {name}"
        <| fun () ->
            for before, after in changes do
                Expect.equal (told before after) (Some(kind, cause)) $"{before}, {after}"

    [
        tells
            "MemberUp tells that an address became active"
            SwimEventKind.MemberUp
            ChangeCause.Gossip
            [ [], Given.alive 2; [], Given.suspect 2 ]

        tells
            "MemberUp also tells that a member is back with a newer identity"
            SwimEventKind.MemberUp
            ChangeCause.IdentityChange
            [ [ Given.down 2 ], newlyAlive; [ Given.down 2 ], MemberRecord.suspect second 0us ]

        tells
            "MemberDown tells that an active address became inactive"
            SwimEventKind.MemberDown
            ChangeCause.Gossip
            [ [ Given.alive 2 ], Given.down 2; [ Given.suspect 2 ], Given.down 2 ]

        tells
            "MemberDown also tells that the newer identity of an active member is Down"
            SwimEventKind.MemberDown
            ChangeCause.IdentityChange
            [ [ Given.alive 2 ], newlyDown; [ Given.suspect 2 ], newlyDown ]

        tells
            "MemberRenamed tells that another identity took over a record, and nothing else changed"
            SwimEventKind.MemberRenamed
            ChangeCause.IdentityChange
            [
                [ Given.alive 2 ], newlyAlive
                [ Given.suspect 2 ], newlyAlive
                [ Given.down 2 ], newlyDown
            ]

        tells
            "MemberSuspected tells that an Alive member is Suspect"
            SwimEventKind.MemberSuspected
            ChangeCause.Gossip
            [ [ Given.alive 2 ], Given.suspect 2; [ Given.alive 2 ], MemberRecord.suspect first 3us ]

        tells
            "MemberRefuted tells that a Suspect member is Alive"
            SwimEventKind.MemberRefuted
            ChangeCause.Refutation
            [ [ Given.suspect 2 ], MemberRecord.alive first 1us ]

        tells
            "MemberUpdated tells of a higher incarnation, and of a member that is Down when it becomes known"
            SwimEventKind.MemberUpdated
            ChangeCause.Gossip
            [
                [ Given.alive 2 ], MemberRecord.alive first 1us
                [ Given.suspect 2 ], MemberRecord.suspect first 1us
                [], Given.down 2
            ]

        testCase "R3.3 an update that changes no record is not told"
        <| fun () ->
            Expect.isNone (told [ Given.down 2 ] (Given.down 2)) "Down, Down"
            Expect.isNone (told [ Given.down 2 ] (MemberRecord.alive first 9us)) "Down, Alive"
            Expect.isNone (told [ Given.suspect 2 ] (Given.alive 2)) "Suspect, Alive at the same incarnation"
            Expect.isNone (told [ newlyAlive ] (Given.down 2)) "an identity that loses"
    ]

let private batchTests =
    [
        testCase "R3.4 a batch is applied in its order"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step(Given.apply [ Given.alive 2; Given.suspect 2; Given.down 2 ])

            Expect.equal
                (Seen.events effects)
                [
                    SwimEventKind.MemberUp, Given.peer 2
                    SwimEventKind.MemberSuspected, Given.peer 2
                    SwimEventKind.MemberDown, Given.peer 2
                ]
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
                    Expect.equal (core.RecordAt 1) (Some(MemberRecord.down other 0us)) $"{other} {status}"
                    Expect.equal core.Identity Given.me "we stay who we are"

                    Expect.equal
                        (Seen.backlog core)
                        [ MemberRecord.down other 0us, ten ]
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

            Expect.isFalse
                (Seen.events effects |> List.exists (fun (kind, _) -> kind = SwimEventKind.Active))
                "never Active"

            Expect.equal core.State.Connection ConnectionState.Idle "Idle before and after"

            let effects = core.Step(Given.apply [ Given.alive 3; Given.alive 4 ])

            Expect.equal
                (Seen.events effects)
                [
                    SwimEventKind.MemberUp, Given.peer 3
                    SwimEventKind.MemberUp, Given.peer 4
                    SwimEventKind.Active, Given.me
                ]
                "Active comes last, once"
    ]

let tests =
    testList "R3 Applying an update" (backlogTests @ removalTests @ eventTests @ batchTests)
