/// R14.2, R14.3: who confirms a suspicion, and how long it lasts.
module Swim.Core.Tests.ConfirmationRules

open System
open Expecto
open Swim
open Swim.Core

let private config = Given.careful Given.refutable
let private suspected = Given.peer 2
let private second = config.ProbePeriod

/// The record of a suspicion that this member raised.
let private accusedBy address : MemberRecord<TestId> = MemberRecord.accused suspected 0us (Given.peer address)

/// A core that knows ten other members; member 3 raised a suspicion of member 2.
let private suspecting () : CheckedMember * Effect<TestId> list =
    let core = Given.knowingWith config (List.map Given.alive [ 2..11 ])
    core, core.Step(Given.apply [ accusedBy 3 ])

let private confirm address (core: CheckedMember) = core.Step(Given.apply [ accusedBy address ])

let private fire confirmations (core: CheckedMember) =
    core.Fire(ChangeSuspectToDown(suspected, 0us, confirmations, core.State.Token))

/// The timers that hold with some confirmation.
let private fireAllButTheLast (core: CheckedMember) =
    for confirmations in [ 3; 2; 1 ] do
        fire confirmations core |> ignore

let private isDown (core: CheckedMember) = (core.RecordAt 2).Value.Status = MemberStatus.Down

/// The confirmations that the one new timer of a suspicion waits for, and after which time.
let private stage effects =
    match Seen.schedules effects with
    | [ ChangeSuspectToDown(_, _, confirmations, _), after ] -> confirmations, after
    | other -> failtestf "not one timer of a suspicion: %A" other

let private timeTests =
    [
        testCase
            "R14.2 a suspicion waits for the shortest time, then for each that holds with one confirmation less"
        <| fun () ->
            let core, effects = suspecting ()
            // Eleven members: log10 is 1.041; 4 periods of that, and 6 times as long without confirmation.
            let shortest = second * 4.164
            let longest = 6.0 * shortest
            let first = stage effects
            Expect.equal first (3, shortest) "with three confirmations"
            let waits = [ for pending in [ 3; 2; 1 ] -> stage (fire pending core) ]
            Expect.equal (List.map fst waits) [ 2; 1; 0 ] "one less each time"
            let total = List.fold (fun time (_, after) -> time + after) shortest waits
            Expect.equal total longest "the longest time in all"
            let half = shortest + snd waits[0] + snd waits[1]
            let share = (longest - half) / (longest - shortest)
            Expect.isLessThan (abs (share - 0.5)) 0.001 "one confirmation takes off half of it"
            Expect.isFalse (isDown core) "still Suspect"
            fire 0 core |> ignore
            Expect.isTrue (isDown core) "after the longest time"

        testCase "R14.2 in a cluster that is too small for confirmations the shortest time holds at once"
        <| fun () ->
            let core = Given.knowingWith config [ Given.alive 2 ]
            let effects = core.Step(Given.apply [ accusedBy 3 ])
            Expect.equal (stage effects) (0, second * 4.0) "no other member could confirm"

        testCase "R14.2 without confirmations one suspicion lasts for the time that is set"
        <| fun () ->
            let core = Given.knowing [ Given.alive 2; Given.alive 3 ]
            let effects = core.Step(Given.apply [ accusedBy 3 ])
            Expect.equal (stage effects) (0, Given.simple.SuspectToDownAfter) "one time"
            Expect.isNull (core.RecordAt 2).Value.Accuser "and no accuser is kept"
    ]

let private confirmationTests =
    [
        testCase "R14.2 each member that confirms takes the next, longer time off"
        <| fun () ->
            let core, _ = suspecting ()
            confirm 4 core |> ignore
            fire 3 core |> ignore
            Expect.isFalse (isDown core) "one of three"
            confirm 5 core |> ignore
            fire 2 core |> ignore
            Expect.isTrue (isDown core) "two, and the time for two is over"

        testCase "R14.2 a confirmation that comes late ends the suspicion at once"
        <| fun () ->
            let core, _ = suspecting ()
            fire 3 core |> ignore
            fire 2 core |> ignore
            confirm 4 core |> ignore
            Expect.isFalse (isDown core) "one of the two that it would take"
            let effects = confirm 5 core
            Expect.isTrue (isDown core) "the time for two was over before"
            Expect.equal (Seen.messages effects) [ suspected, Message.turnUndead ] "told, as R7.5 says"

        testCase "R14.2 no accuser counts twice, and neither the first, the suspect, nor a stranger counts"
        <| fun () ->
            let core, _ = suspecting ()

            for address in [ 3; 2; 99; 4; 4 ] do
                confirm address core |> ignore

            fire 3 core |> ignore
            fire 2 core |> ignore
            Expect.isFalse (isDown core) "only member 4 counts"
            fire 1 core |> ignore
            Expect.isTrue (isDown core) "and it does"

        testCase "R14.2 a Down member does not count"
        <| fun () ->
            let core, _ = suspecting ()
            core.Step(Given.apply [ Given.down 4 ]) |> ignore
            confirm 4 core |> ignore

            fireAllButTheLast core

            Expect.isFalse (isDown core) "no confirmation"

        testCase "R14.2 a further accuser is passed on, but no more than shorten the suspicion"
        <| fun () ->
            let core, _ = suspecting ()

            let passedOn address =
                confirm address core |> ignore
                Seen.backlog core |> List.map fst |> List.contains (accusedBy address)

            Expect.equal
                (List.map passedOn [ 4; 4; 5; 6; 7 ])
                [ true; true; true; true; false ]
                "three further ones"

            Expect.equal (Seen.backlog core |> List.map fst) [ accusedBy 6 ] "the latest waits"

        testCase "R14.2 our own failed probe confirms the suspicion of another member"
        <| fun () ->
            let core, _ = suspecting ()
            let mutable target, number = Given.probe core

            while target <> suspected do
                core.Step(Given.from target (Message.ack number)) |> ignore
                Given.indirectStage core |> ignore
                let next, following = Given.probe core
                target <- next
                number <- following

            Given.indirectStage core |> ignore

            // The helpers say that we are heard: in poor health our suspicion would not count.
            for helper in core.State.Probe.Helpers do
                core.Step(Given.from helper (Message.nack number)) |> ignore

            Given.probe core |> ignore
            fire 3 core |> ignore
            fire 2 core |> ignore
            Expect.isFalse (isDown core) "one confirmation"
            fire 1 core |> ignore
            Expect.isTrue (isDown core) "and the time for one is over"

        testCase "R14.2 a refutation ends the suspicion, and the next begins anew"
        <| fun () ->
            let core, _ = suspecting ()

            for address in [ 4; 5; 6 ] do
                confirm address core |> ignore

            core.Step(Given.apply [ MemberRecord.alive suspected 1us ]) |> ignore
            let again = MemberRecord.accused suspected 1us (Given.peer 4)
            Expect.equal (fst (stage (core.Step(Given.apply [ again ])))) 3 "three confirmations again"
            core.Fire(ChangeSuspectToDown(suspected, 1us, 3, core.State.Token)) |> ignore
            Expect.isFalse (isDown core) "none of the former counts"
    ]

let private tellHealth address (health: int) (core: CheckedMember) =
    let packet = Given.packet (Given.peer address) 0us core.Identity (Message.ack 0u) [] []
    core.Step(PacketReceived { packet with Header.Health = byte health }) |> ignore

let private accountTests =
    [
        testCase "R14.3 a member in poor health does not confirm, until it is well again"
        <| fun () ->
            let core, _ = suspecting ()
            tellHealth 4 2 core
            confirm 4 core |> ignore

            fireAllButTheLast core

            Expect.isFalse (isDown core) "it does not count"
            tellHealth 4 1 core
            confirm 4 core |> ignore
            Expect.isTrue (isDown core) "now it does"

        testCase "R14.3 an Ack and a Nack tell local health, and nothing else does"
        <| fun () ->
            let core = Given.knowingWith config [ Given.alive 2; Given.alive 3 ]
            core.Step(HealthObserved false) |> ignore
            let ping = core.Step(Given.from (Given.peer 3) (Message.ping 7u))
            let feed = core.Step(Given.from (Given.peer 3) Message.announce)

            let told =
                [ for packet in Seen.packets (ping @ feed) -> packet.Header.Kind, packet.Header.Health ]

            Expect.equal told [ MessageKind.Ack, 1uy; MessageKind.Feed, 0uy ] "the Ack alone"
    ]

let tests = testList "Confirmations" (timeTests @ confirmationTests @ accountTests)
