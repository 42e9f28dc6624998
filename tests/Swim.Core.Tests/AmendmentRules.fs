/// R12.1 to R12.6: false alarms, changes of identity and leaving. Each trace that breaks foca's own
/// rules is told again, and ends well.
module Swim.Core.Tests.AmendmentRules

open System
open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2
let private everything (_: Packet<TestId>) = true
let private nothing (_: Packet<TestId>) = false

/// Two members that know each other, can renew themselves and tell those who are Down.
let private pair config =
    let cluster = Cluster(Given.rules config, 11UL)
    cluster.Join [ Given.renewablePeer 1; Given.renewablePeer 2 ]
    cluster

/// `teller` tells the member at `told` that it is Down, while the network is dead.
let private tellDown (cluster: Cluster) (teller: TestId) told =
    let told = cluster[told].Identity
    let packet = Given.packet teller 0us told Message.turnUndead [] []
    cluster.Do(told.Address, PacketReceived packet) |> ignore

let private falseAlarmTests =
    [
        testCase "R12.1 a refuted suspicion does not kill its suspect"
        <| fun () ->
            let core = Given.knowingWith Given.notifying [ Given.alive 2 ]
            Given.silentPeriod core |> ignore
            core.Fire(ProbeRandomMember core.State.Token) |> ignore
            core.Step(PacketReceived(Given.packet two 1us Given.me Message.gossip [] [])) |> ignore
            let effects = core.FireAll _.IsChangeSuspectToDown
            Expect.isEmpty effects "no TurnUndead, nothing"
            Expect.equal (Seen.records core) [ MemberRecord.alive two 1us ] "Alive"

        testCase "R12.1 nor does the timer of an older suspicion"
        <| fun () ->
            let core = Given.knowingWith Given.notifying [ Given.suspect 2 ]

            core.Step(Given.apply [ MemberRecord.alive two 1us; MemberRecord.suspect two 1us ])
            |> ignore

            Expect.isEmpty (core.Fire(ChangeSuspectToDown(two, 0us, 0, core.State.Token))) "nothing"
            Expect.equal (Seen.records core) [ MemberRecord.suspect two 1us ] "it has its own time"

        testCase "R12.1 a member that was Down before is not told by the timer"
        <| fun () ->
            let core = Given.knowingWith Given.notifying [ Given.suspect 2; Given.alive 3 ]
            core.Step(Given.apply [ Given.down 2 ]) |> ignore
            Expect.isEmpty (core.FireAll _.IsChangeSuspectToDown) "nothing"

        testCase "R12.1 a healthy member keeps its identity through a false alarm"
        <| fun () ->
            let cluster = pair Given.notifying
            cluster.Blocks <- fun packet -> packet.Header.Source.Address = 2

            let isUnsuspected () = cluster[1].RecordAt(2).Value.Status = MemberStatus.Alive

            while isUnsuspected () && cluster.Now < TimeSpan.FromMinutes 1.0 do
                cluster.Next() |> ignore

            Expect.isFalse (isUnsuspected ()) "the alarm is raised"
            cluster.Blocks <- nothing
            cluster.RunSeconds 30.0
            cluster.ExpectAgreement "after a false alarm"
            Expect.equal cluster[2].Identity (Given.renewablePeer 2) "the same identity"
            Expect.isGreaterThan cluster[2].State.Incarnation 0us "which it refuted with"

        testCase "R12.2 one false alarm and one lost packet end in agreement"
        <| fun () ->
            let cluster = pair Given.notifying
            cluster.Do(1, Given.apply [ MemberRecord.down (Given.renewablePeer 2) 0us ]) |> ignore
            cluster.Blocks <- everything
            tellDown cluster cluster[1].Identity 2
            cluster.Blocks <- nothing
            Expect.equal cluster[1].State.Connection ConnectionState.Idle "one knows no active member"
            Expect.equal cluster[2].Identity (Given.newer (Given.renewablePeer 2)) "one renewed"
            cluster.RunSeconds 30.0
            cluster.ExpectAgreement "although the gossip of it was lost"

        testCase "R12.2 a member that knows an active member has its timers running after a change"
        <| fun () ->
            let config = { Given.simple with PeriodicGossip = Given.every 200 3 }

            let core = Given.knowingWith config [ Given.alive 2 ]
            let effects = core.Step(ChangeIdentity(Given.newer Given.me))
            let timers = Seen.schedules effects |> List.map fst
            let token = core.State.Token
            Expect.equal timers [ ProbeRandomMember token; PeriodicGossip token ] "with the new token"

        testCase "R12.2 Active is notified when a message addressed to the new identity arrives"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]
            let next = Given.newer Given.me
            let change = core.Step(ChangeIdentity next)
            let toOld = core.Step(Given.from two Message.gossip)
            let toAddress = core.Step(Given.from two Message.announce)
            Expect.isEmpty (Seen.events (change @ toOld @ toAddress)) "not before"

            let toNew () = core.Step(PacketReceived(Given.packet two 0us next Message.gossip [] []))

            Expect.equal (Seen.events (toNew ())) [ SwimEventKind.Active, next ] "then"
            Expect.isEmpty (Seen.events (toNew ())) "once"

        testCase "R12.3 two false alarms end in agreement"
        <| fun () ->
            let config = { Given.notifying with PeriodicAnnounceToDown = Given.every 5000 2 }

            let cluster = pair config
            cluster.Blocks <- everything
            let first, second = cluster[1].Identity, cluster[2].Identity
            cluster.Do(1, Given.apply [ MemberRecord.down second 0us ]) |> ignore
            cluster.Do(2, Given.apply [ MemberRecord.down first 0us ]) |> ignore
            tellDown cluster second 1
            tellDown cluster first 2
            cluster.Blocks <- nothing
            Expect.equal cluster[1].State.Connection ConnectionState.Idle "neither knows an active member"
            Expect.equal cluster[2].State.Connection ConnectionState.Idle "nor does the other"
            cluster.RunSeconds 30.0
            cluster.ExpectAgreement "by announcing to those that are Down"

        testCase "R12.3 announcing to Down members continues while Idle"
        <| fun () ->
            let config = { Given.simple with PeriodicAnnounceToDown = Given.every 5000 2 }

            let core = Given.knowingWith config [ Given.alive 2 ]
            core.Step(Given.apply [ Given.down 2 ]) |> ignore
            Expect.equal core.State.Connection ConnectionState.Idle "Idle"
            let timer = PeriodicAnnounceDown core.State.Token
            let effects = core.Fire timer
            Expect.equal (Seen.messages effects) [ two, Message.announce ] "it asks"
            Expect.equal (Seen.schedules effects) [ timer, TimeSpan.FromSeconds 5.0 ] "again and again"

        testCase "R12.3 it begins with the first record, and ends with the last"
        <| fun () ->
            let config = { Given.simple with PeriodicAnnounceToDown = Given.every 5000 2 }

            let core = Given.coreWith config Given.me
            let timer = PeriodicAnnounceDown core.State.Token
            let effects = core.Step(Given.apply [ Given.down 2 ])
            Expect.contains (Seen.schedules effects) (timer, TimeSpan.FromSeconds 5.0) "it begins"
            core.Fire(RemoveDown(two, 0us)) |> ignore
            Expect.isEmpty (core.Fire timer) "there is no member to ask"
            let effects = core.Step(Given.apply [ Given.down 3 ])
            Expect.contains (Seen.schedules effects) (timer, TimeSpan.FromSeconds 5.0) "it begins again"

        testCase "R12.4 two that cannot renew and hold each other Down fall silent"
        <| fun () ->
            let cluster = Cluster(Given.rules Given.notifying, 11UL)
            let first, second = Given.peer 1, Given.peer 2
            cluster.Start first
            cluster.Start second
            cluster.Do(1, Given.restore [ MemberRecord.down second 0us ]) |> ignore
            cluster.Do(2, Given.restore [ MemberRecord.down first 0us ]) |> ignore
            cluster.Do(1, AnnounceTo second) |> ignore
            cluster.RunSeconds 60.0
            let messages = cluster.Sent |> List.map (fun packet -> Message.ofHeader packet.Header)
            Expect.equal messages [ Message.announce; Message.turnUndead ] "one question, one answer"

        testCase "R12.4 a TurnUndead is answered with one only by who took a new identity by it"
        <| fun () ->
            let records = [ Given.down 2; Given.alive 3 ]
            let core = Given.knowingWith Given.notifying records
            Expect.isEmpty (Seen.messages (core.Step(Given.from two Message.turnUndead))) "not by us"
            let renewing = Given.coreWith Given.notifying Given.renewableMe
            renewing.Step(Given.restore records) |> ignore
            let packet = Given.packet two 0us Given.renewableMe Message.turnUndead [] []
            let effects = renewing.Step(PacketReceived packet)

            let answer =
                Seen.packets effects
                |> List.find (fun packet -> packet.Header.Kind = MessageKind.TurnUndead)

            Expect.equal answer.Header.Source (Given.newer Given.renewableMe) "by the new identity"
    ]

let private forgetful = { Given.notifying with RemoveDownAfter = TimeSpan.FromSeconds 5.0 }

let private reuseTests =
    [
        testCase "R12.5 reusing an identity withdraws our own Down"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]
            core.Step LeaveCluster |> ignore
            core.Step ReuseDownIdentity |> ignore
            Expect.isEmpty (Seen.backlog core) "nothing waits"

        testCase "R12.5 so does any way to an identity of which the end waits to be told"
        <| fun () ->
            // Down of the next generation waits, as another member claimed to have it.
            let core = Given.coreWith Given.simple Given.renewableMe
            let next = Given.newer Given.renewableMe
            core.Step(Given.restore [ Given.alive 2 ]) |> ignore
            core.Step LeaveCluster |> ignore
            core.Step(Given.apply [ MemberRecord.alive next 0us ]) |> ignore
            core.Step ReuseDownIdentity |> ignore
            Expect.equal core.Identity next "renewed"

            Expect.isFalse
                (List.contains (MemberRecord.down next 0us) (List.map fst (Seen.backlog core)))
                "withdrawn"

        testCase "R12.5 an identity that cannot renew is back after it was forgotten"
        <| fun () ->
            let cluster = Cluster(Given.rules forgetful, 12UL)
            cluster.Join [ Given.peer 1; Given.peer 2; Given.peer 3 ]
            cluster.Do(2, LeaveCluster) |> ignore
            cluster.RunSeconds 20.0
            cluster.ExpectAgreement "without it"
            cluster.Do(2, ReuseDownIdentity) |> ignore
            cluster.Do(2, AnnounceTo(Given.peer 1)) |> ignore
            cluster.RunSeconds 60.0
            cluster.ExpectAgreement "with it"
            Expect.equal cluster.TakingPart [ 1; 2; 3 ] "all of them"

        testCase "R12.5 an identity that can renew does so, and is back at once"
        <| fun () ->
            let cluster = pair Given.notifying
            cluster.Do(2, LeaveCluster) |> ignore
            cluster.RunSeconds 1.0
            let effects = cluster.Do(2, ReuseDownIdentity)
            let next = Given.newer (Given.renewablePeer 2)
            Expect.contains (Seen.events effects) (SwimEventKind.Rejoined, next) "renewed"
            cluster.Do(2, AnnounceTo(cluster[1].Identity)) |> ignore
            cluster.RunSeconds 30.0
            cluster.ExpectAgreement "with its new identity"
            Expect.equal cluster.TakingPart [ 1; 2 ] "both"
    ]

let private departed identity =
    let core = Given.coreWith Given.notifying identity
    core.Step(Given.restore [ Given.alive 2; Given.alive 3; Given.down 4 ]) |> ignore
    core.Step LeaveCluster |> ignore
    core

let private leaveTests =
    [
        testCase "R12.6 nothing that others say brings back a member that left"
        <| fun () ->
            let me = Given.renewableMe
            let core = departed me

            let events =
                [
                    Given.apply [ MemberRecord.suspect me 0us; MemberRecord.down me 0us ]
                    PacketReceived(Given.packet two 0us me Message.turnUndead [] [])
                    PacketReceived(Given.packet (Given.peer 4) 0us me Message.turnUndead [] [])
                    PacketReceived(Given.packet two 0us me Message.gossip [ MemberRecord.suspect me 7us ] [])
                ]

            for event in events do
                Expect.isEmpty (core.Step event) $"%A{event}"
                Expect.equal core.Identity me "the same identity"
                Expect.equal core.State.Incarnation 0us "no refutation"

        testCase "R12.6 asked, it answers with its Down and nothing else"
        <| fun () ->
            let core = departed Given.me
            let third = Given.peer 3

            for question in
                [
                    Message.ping 1u
                    Message.pingReq third 1u
                    Message.indirectPing third 1u
                    Message.announce
                ] do
                match Seen.packets (core.Step(Given.from two question)) with
                | [ packet ] ->
                    Expect.equal packet.Header.Destination two $"{question}"
                    Expect.equal (Seen.updates packet) [ MemberRecord.down Given.me 0us ] "our Down"
                | other -> failtestf "One answer to %A expected: %A" question other

            for statement in
                [
                    Message.ack 1u
                    Message.feed
                    Message.gossip
                    Message.broadcast
                    Message.indirectAck third 1u
                ] do
                Expect.isEmpty (core.Step(Given.from two statement)) $"%A{statement}"

        testCase "R12.6 leaving is final although the farewell was lost"
        <| fun () ->
            let cluster = pair Given.notifying
            cluster.Blocks <- everything
            cluster.Do(2, LeaveCluster) |> ignore
            cluster.Blocks <- nothing
            cluster.RunSeconds 30.0
            Expect.equal cluster.TakingPart [ 1 ] "it stays away"
            cluster.ExpectAgreement "the other heard of it by asking"

        testCase "R12.6 the caller brings it back by R6.2 and R6.3"
        <| fun () ->
            for event in [ ChangeIdentity(Given.newer Given.me); ReuseDownIdentity ] do
                let core = departed Given.me
                core.Step event |> ignore
                Expect.equal core.State.Connection ConnectionState.Active $"%A{event}"

                Expect.equal
                    (core.Step(AnnounceTo two) |> Seen.messages)
                    [ two, Message.announce ]
                    "it speaks"
    ]

let tests = testList "R12.1 to R12.6 Amendments" (falseAlarmTests @ reuseTests @ leaveTests)
