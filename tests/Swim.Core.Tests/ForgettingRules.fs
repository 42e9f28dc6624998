/// R12.7 to R12.14: forgetting, order, stale answers and suspicions.
module Swim.Core.Tests.ForgettingRules

open System
open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2
let private renewableTwo = Given.renewablePeer 2

/// A core that has forgotten this member.
let private forgottenWith config identity =
    let core = Given.knowingWith config [ MemberRecord.down identity 0us; Given.alive 3 ]
    core.Fire(RemoveDown(identity, 0us)) |> ignore
    Expect.equal (core.RecordAt identity.Address) None "forgotten"
    core

let private forgotten identity = forgottenWith Given.simple identity

let private tombstoneTests =
    [
        testCase "R12.7 a delayed packet does not bring back a forgotten member"
        <| fun () ->
            let core = forgotten two
            let older = { two with Generation = 0 }

            let words =
                [
                    Given.apply [ Given.alive 2; Given.suspect 2; Given.down 2; MemberRecord.alive two 9us ]
                    Given.apply [ MemberRecord.alive older 0us; MemberRecord.down older 0us ]
                    Given.fromWith [ Given.alive 2 ] (Given.peer 3) Message.gossip
                    Given.from two Message.gossip
                    Given.from two (Message.ping 1u)
                    Given.from older (Message.ping 1u)
                ]

            for word in words do
                Expect.isEmpty (core.Step word) $"%A{word}"
                Expect.equal (Seen.records core) [ Given.alive 3 ] "no member came back"

        testCase "R12.7 it is told that it is Down if NotifyDownMembers"
        <| fun () ->
            let core = forgottenWith Given.notifying two

            Expect.equal
                (Seen.messages (core.Step(Given.from two Message.gossip)))
                [ two, Message.turnUndead ]
                "told"

        testCase "R12.7 a newer identity is let in"
        <| fun () ->
            let next = Given.newer two

            for word in [ Given.from next Message.gossip; Given.apply [ MemberRecord.alive next 0us ] ] do
                let core = forgotten two
                core.Step word |> ignore
                Expect.equal (core.RecordAt 2) (Some(MemberRecord.alive next 0us)) $"%A{word}"
                Expect.equal core.State.Tombstones.Count 0 "and its tombstone expired"

        testCase "R12.7 the member itself is let in by its Announce if it cannot renew"
        <| fun () ->
            let core = forgotten two

            Expect.equal
                (Seen.messages (core.Step(Given.from two Message.announce)))
                [ two, Message.feed ]
                "let in"

            Expect.equal (core.RecordAt 2) (Some(Given.alive 2)) "Alive"

        testCase "R12.7 but not if it could renew"
        <| fun () ->
            let core = forgotten renewableTwo
            Expect.isEmpty (core.Step(Given.from renewableTwo Message.announce)) "it should have renewed"
            Expect.equal (core.RecordAt 2) None "not let in"

        testCase "R12.7 nor an identity from before the one that is dead"
        <| fun () ->
            let core = forgotten (Given.newer two)
            Expect.isEmpty (core.Step(Given.from two Message.announce)) "a delayed packet"
            Expect.equal (core.RecordAt 2) None "not let in"

        testCase "R12.7 a tombstone has its time, too"
        <| fun () ->
            let core = Given.knowing [ Given.down 2; Given.alive 3 ]
            let effects = core.Fire(RemoveDown(two, 0us))

            Expect.equal
                (Seen.schedules effects)
                [ RemoveTombstone 0UL, Given.simple.RemoveDownAfter ]
                "as long again"

            Expect.equal core.State.Tombstones.Count 1 "it stands"
            core.Fire(RemoveTombstone 0UL) |> ignore
            Expect.equal core.State.Tombstones.Count 0 "it expired"
            core.Step(Given.apply [ Given.alive 2 ]) |> ignore
            Expect.equal (core.RecordAt 2) (Some(Given.alive 2)) "and the identity free again"

        testCase "R12.7 the timer of an earlier tombstone leaves a later one alone"
        <| fun () ->
            let core = forgotten two
            core.Step(Given.from two Message.announce) |> ignore
            core.Step(Given.apply [ Given.down 2 ]) |> ignore
            core.Fire(RemoveDown(two, 0us)) |> ignore
            core.Fire(RemoveTombstone 0UL) |> ignore
            Expect.equal core.State.Tombstones.Count 1 "it stands"
            Expect.isEmpty (core.Step(Given.apply [ Given.alive 2 ])) "against its identity"
    ]

let private orderTests =
    [
        testCase "R12.8 a Down record has incarnation 0"
        <| fun () ->
            let raw = MemberRecord.down two 9us

            let core = Given.coreWith Given.simple Given.me
            core.Step(Given.apply [ raw ]) |> ignore
            Expect.equal (Seen.records core) [ Given.down 2 ] "in the table"
            Expect.equal (Seen.backlog core |> List.map fst) [ Given.down 2 ] "and in what is told"

        testCase "R12.8 two members that saw the same updates in another order agree"
        <| fun () ->
            let updates =
                [
                    MemberRecord.suspect two 3us
                    MemberRecord.alive two 5us
                    MemberRecord.down two 0us
                    MemberRecord.alive two 4us
                ]

            for order in [ updates; List.rev updates; updates.Tail @ [ updates.Head ] ] do
                let core = Given.coreWith Given.simple Given.me
                core.Step(Given.apply order) |> ignore
                Expect.equal (Seen.records core) [ Given.down 2 ] $"%A{order}"

        testCase "R12.9 at the highest incarnation only a suspicion of that incarnation counts"
        <| fun () ->
            let me = Given.renewableMe
            let core = Given.coreWith Given.simple me
            core.Step(Given.restore [ Given.alive 2 ]) |> ignore
            core.Step(Given.apply [ MemberRecord.suspect me 65534us ]) |> ignore
            Expect.equal core.State.Incarnation 65535us "the highest"

            let effects =
                core.Step(Given.apply [ MemberRecord.suspect me 65534us; MemberRecord.suspect me 3us ])

            Expect.equal core.Identity me "an older suspicion is refuted already"

            Expect.isTrue
                (Seen.messages effects |> List.forall (fun (_, message) -> message = Message.gossip))
                "and gossiped"

            core.Step(Given.apply [ MemberRecord.suspect me 65535us ]) |> ignore
            Expect.equal core.Identity (Given.newer me) "this one forces a rejoin"
    ]

let private staleTests =
    [
        testCase "R12.10 a ForwardedAck must be about the member that is probed"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3; 4 ]
            let target, number = Given.probe core
            let effects = Given.indirectStage core
            let helper = Given.peer (Seen.receivers (Message.pingReq target number) effects).Head
            let other = Given.peer (9 - target.Address - helper.Address)
            core.Step(Given.from helper (Message.forwardedAck other number)) |> ignore
            Expect.isFalse core.State.Probe.Answered "not about another"
            core.Step(Given.from helper (Message.forwardedAck target number)) |> ignore
            Expect.isTrue core.State.Probe.Answered "about the target"

        testCase "R12.10 probe numbers have 32 bits"
        <| fun () ->
            for stale in [ 1u <<< 8; 1u <<< 16; 1u <<< 31 ] do
                let core = Given.knowingAlive [ 2; 3 ]
                let target, number = Given.probe core
                core.Step(Given.from target (Message.ack (number + stale))) |> ignore
                Expect.isFalse core.State.Probe.Answered $"{stale} more"

        testCase "R12.10 timer tokens never come round again"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]
            let first = core.State.Token

            for _ in 1..300 do
                core.Step(ChangeIdentity(Given.newer core.Identity)) |> ignore
                Expect.isTrue (core.State.Token > first) "always a later one"

            Expect.isEmpty (core.Fire(ProbeRandomMember first)) "the first does nothing any more"

        testCase "R12.11 a member that takes a Suspect record starts a timer"
        <| fun () ->
            let suspicion = Given.suspect 2

            for event in
                [
                    Given.apply [ suspicion ]
                    Given.restore [ suspicion ]
                    Given.fromWith [ suspicion ] (Given.peer 3) Message.gossip
                    Given.fromWith [ suspicion ] (Given.peer 3) Message.feed
                ] do
                let core = Given.knowingAlive [ 3 ]
                let timer = ChangeSuspectToDown(two, 0us, 0, core.State.Token)
                let effects = core.Step event

                Expect.equal (Seen.schedules effects) [ timer, Given.simple.SuspectToDownAfter ] $"%A{event}"

        testCase "R12.11 a suspicion outlives the accuser"
        <| fun () ->
            let cluster = Cluster(Given.rules Given.simple, 13UL)
            cluster.Join [ for address in 1..4 -> Given.peer address ]
            cluster.Crash 4
            cluster.Do(1, Given.apply [ MemberRecord.suspect (Given.peer 4) 0us ]) |> ignore
            cluster.Do(1, GossipNow) |> ignore
            cluster.RunSeconds 0.1
            cluster.Crash 1
            Expect.equal (cluster[2].RecordAt(4).Value.Status) MemberStatus.Suspect "taken over"
            cluster.RunSeconds 3.0
            Expect.equal (cluster[2].RecordAt(4).Value.Status) MemberStatus.Down "in its time"
            cluster.RunSeconds 30.0
            cluster.ExpectAgreement "and the accuser is missed, too"

        testCase "R12.11 a suspicion outlives a change of our identity, with its full time"
        <| fun () ->
            let core = Given.knowing [ Given.suspect 2; Given.alive 3 ]
            let old = ChangeSuspectToDown(two, 0us, 0, core.State.Token)
            core.Step(ChangeIdentity(Given.newer Given.me)) |> ignore
            let again = ChangeSuspectToDown(two, 0us, 0, core.State.Token)
            let effects = core.Fire old
            Expect.equal (Seen.schedules effects) [ again, Given.simple.SuspectToDownAfter ] "again"
            core.Fire again |> ignore
            Expect.equal (core.RecordAt 2) (Some(Given.down 2)) "and then Down"

        testCase "R12.13 an old timer does not kill a member that came back unsuspected"
        <| fun () ->
            let core = Given.knowingWith Given.notifying [ Given.alive 2; Given.alive 3 ]
            core.Step(Given.apply [ Given.suspect 2 ]) |> ignore
            core.Step(Given.fromWith [ Given.down 2 ] (Given.peer 3) Message.gossip) |> ignore
            core.Fire(RemoveDown(two, 0us)) |> ignore
            core.Step(Given.from two Message.announce) |> ignore
            Expect.equal (core.RecordAt 2) (Some(Given.alive 2)) "back, with the same incarnation"
            Expect.isEmpty (core.FireAll _.IsChangeSuspectToDown) "the old timer does nothing"
            Expect.equal (core.RecordAt 2) (Some(Given.alive 2)) "still Alive"
    ]

/// What the ping of the only active member, which is Suspect, carries.
let private pinged (core: CheckedMember) =
    let effects = core.Fire(ProbeRandomMember core.State.Token)

    Seen.packets effects
    |> List.find (fun packet -> packet.Header.Kind = MessageKind.Ping)
    |> Seen.updates

let private buddyTests =
    [
        testCase "R12.14 a ping of a Suspect member carries its Suspect record, backlog or not"
        <| fun () ->
            Expect.equal (pinged (Given.knowing [ Given.suspect 2 ])) [ Given.suspect 2 ] "not in it"
            let waiting = Given.coreWith Given.simple Given.me
            waiting.Step(Given.apply [ Given.suspect 2 ]) |> ignore
            Expect.equal (pinged waiting) [ Given.suspect 2 ] "in it, and yet once"
            Expect.equal (Seen.backlog waiting) [ Given.suspect 2, 9 ] "charged"

        testCase "R12.14 it goes first, whatever the backlog holds"
        <| fun () ->
            let config = { Given.simple with MaxPacketSize = 128 }

            let core = Given.knowingWith config [ Given.suspect 2 ]
            core.Step(Given.apply (List.map Given.down [ 3..40 ])) |> ignore
            let updates = pinged core
            Expect.equal updates.Head (Given.suspect 2) "first"
            Expect.equal updates.Length 13 "and the rest of the packet is filled"

        testCase "R12.14 so does the ping of a helper"
        <| fun () ->
            let core = Given.knowing [ Given.suspect 2; Given.alive 3 ]
            let effects = core.Step(Given.from (Given.peer 3) (Message.pingReq two 1u))
            Expect.equal (Seen.updates (Seen.packets effects).Head) [ Given.suspect 2 ] "first"

        testCase "R12.14 no other member is told of itself"
        <| fun () ->
            Expect.isEmpty (pinged (Given.knowing [ Given.alive 2 ])) "Alive"

            // An identity that we do not know is no Suspect, whichever other one is at its address.
            let newerSuspect = MemberRecord.suspect (Given.newer two) 0us
            let core = Given.knowing [ newerSuspect; Given.alive 3 ]
            let effects = core.Step(Given.from (Given.peer 3) (Message.pingReq two 1u))
            Expect.isEmpty (Seen.updates (Seen.packets effects).Head) "another identity"

        testCase "R12.14 the Suspect member refutes in its very answer"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let ping = Given.fromWith [ MemberRecord.suspect Given.me 4us ] two (Message.ping 1u)
            let packets = Seen.packets (core.Step ping)
            let answer = packets |> List.find (fun packet -> packet.Header.Kind = MessageKind.Ack)
            Expect.equal answer.Header.SourceIncarnation 5us "above the suspicion"
    ]

let tests =
    testList "R12.7 to R12.14 Amendments" (tombstoneTests @ orderTests @ staleTests @ buddyTests)
