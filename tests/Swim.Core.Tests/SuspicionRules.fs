/// R7: what becomes of a suspicion, and of a member that is Down.
module Swim.Core.Tests.SuspicionRules

open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2

let private expire incarnation (core: CheckedMember) =
    core.Fire(ChangeSuspectToDown(two, incarnation, 0, core.State.Token))

let private suspicionTests =
    [
        testCase "R7.5 a suspicion that expired becomes Down"
        <| fun () ->
            let core = Given.knowing [ MemberRecord.suspect two 3us; Given.alive 3 ]
            let effects = expire 3us core
            Expect.equal (core.RecordAt 2) (Some(Given.down 2)) "Down"

            let down = Given.changed true (MemberRecord.suspect two 3us) (Given.down 2) ChangeCause.Timer

            Expect.equal (Seen.wholeEvents effects) [ down ] "told"
            Expect.equal (Seen.backlog core |> List.map fst) [ Given.down 2 ] "disseminated"

            Expect.equal
                (Seen.schedules effects)
                [ RemoveDown(two, 0us), Given.simple.RemoveDownAfter ]
                "R3.2"

        testCase "R7.5 another incarnation was refuted meanwhile"
        <| fun () ->
            let core = Given.knowing [ MemberRecord.suspect two 3us ]
            Expect.isEmpty (expire 2us core) "an older suspicion"
            Expect.isEmpty (expire 4us core) "nor one that was not raised"
            Expect.equal (core.RecordAt 2) (Some(MemberRecord.suspect two 3us)) "still Suspect"

        testCase "R7.5 the connection is adjusted"
        <| fun () ->
            let core = Given.knowing [ Given.suspect 2 ]
            let effects = expire 0us core

            Expect.equal
                (Seen.events effects)
                [ SwimEventKind.MemberDown, two; SwimEventKind.Idle, Given.me ]
                "no active member is left"

        testCase "R7.5 the member is told if NotifyDownMembers"
        <| fun () ->
            let silent = Given.knowing [ Given.suspect 2; Given.alive 3 ]
            Expect.isEmpty (Seen.messages (expire 0us silent)) "not without it"
            let telling = Given.knowingWith Given.notifying [ Given.suspect 2; Given.alive 3 ]
            Expect.equal (Seen.messages (expire 0us telling)) [ two, Message.turnUndead ] "with it"
            let last = Given.knowingWith Given.notifying [ Given.suspect 2 ]
            Expect.equal (Seen.messages (expire 0us last)) [ two, Message.turnUndead ] "the last one too"

        testCase "R7.5 a member that was forgotten or replaced is no matter of the timer"
        <| fun () ->
            let second = MemberRecord.suspect (Given.newer two) 0us
            let core = Given.knowing [ second ]
            Expect.isEmpty (expire 0us core) "replaced"
            Expect.isEmpty (expire 0us (Given.knowing [ Given.alive 3 ])) "unknown"
    ]

let private removalTests =
    [
        testCase "R7.6 a member that is still Down is forgotten"
        <| fun () ->
            let core = Given.knowing [ Given.down 2; Given.alive 3 ]
            let effects = core.Fire(RemoveDown(two, 0us))
            Expect.equal (Seen.records core) [ Given.alive 3 ] "no record"
            let forgotten = SwimEvent.removed (Given.down 2) ChangeCause.Timer
            Expect.equal (Seen.wholeEvents effects) [ forgotten ] "told"
            Expect.equal forgotten.Kind SwimEventKind.MemberForgotten "as forgotten"

        testCase "R7.6 a member that came back is not"
        <| fun () ->
            let second = MemberRecord.alive (Given.newer two) 0us
            let core = Given.knowing [ Given.down 2 ]
            core.Step(Given.apply [ second ]) |> ignore
            Expect.isEmpty (core.Fire(RemoveDown(two, 0us))) "nothing happens"
            Expect.equal (Seen.records core) [ second ] "it stays"

        testCase "R7.6 nor is another identity that is Down"
        <| fun () ->
            let core = Given.knowing [ Given.down 2 ]
            core.Step(Given.apply [ MemberRecord.down (Given.newer two) 0us ]) |> ignore
            core.Fire(RemoveDown(two, 0us)) |> ignore

            Expect.equal
                (Seen.records core)
                [ MemberRecord.down (Given.newer two) 0us ]
                "it has its own timer"

        testCase "R7.6 forgetting an unknown member does nothing"
        <| fun () ->
            Expect.isEmpty ((Given.knowingAlive [ 2 ]).Fire(RemoveDown(Given.peer 9, 0us))) "unknown"
            Expect.isEmpty ((Given.knowingAlive [ 2 ]).Fire(RemoveDown(two, 0us))) "active"

        testCase "R7.6 forgetting continues while Idle and while Defunct"
        <| fun () ->
            let core = Given.knowing [ Given.down 2; Given.down 3 ]
            core.Fire(RemoveDown(two, 0us)) |> ignore
            core.Step LeaveCluster |> ignore
            core.Fire(RemoveDown(Given.peer 3, 0us)) |> ignore
            Expect.isEmpty (Seen.records core) "no member is remembered"
    ]

let tests = testList "R7 Suspicion and removal" (suspicionTests @ removalTests)
