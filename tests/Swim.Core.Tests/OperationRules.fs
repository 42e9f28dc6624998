/// R6: leaving, changing and reusing an identity.
module Swim.Core.Tests.OperationRules

open Expecto
open Swim
open Swim.Core

let private coreOf identity =
    let core = Given.coreWith Given.simple identity
    core.Step(Given.restore (List.map Given.alive [ 2..6 ])) |> ignore
    core

let private leaveTests =
    [
        testCase "R6.1 leaving tells some members that we are Down, and is Defunct"
        <| fun () ->
            let core = coreOf Given.me
            let effects = core.Step LeaveCluster
            let packets = Seen.packets effects
            Expect.equal packets.Length 3 "one gossip (R8.2)"

            for packet in packets do
                Expect.equal packet.Header.Kind MessageKind.Gossip "gossip"
                Expect.equal packet.Header.Source Given.me "by the identity that leaves"
                Expect.equal (Seen.updates packet) [ MemberRecord.down Given.me 0us ] "our Down"

            Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "notified"
            Expect.equal core.State.Connection ConnectionState.Defunct "Defunct"

        testCase "R6.1 the timers end"
        <| fun () ->
            let core = coreOf Given.me
            let token = core.State.Token
            core.Step LeaveCluster |> ignore
            Expect.isEmpty (core.Fire(ProbeRandomMember token)) "no probe"

        testCase "R6.1 leaving alone is Defunct too"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step LeaveCluster

            let left =
                SwimEvent.own
                    SwimEventKind.Defunct
                    (MemberRecord.alive Given.me 0us)
                    (MemberRecord.down Given.me 0us)
                    ChangeCause.Leave

            Expect.equal effects [ Notify left ] "no member to tell"
            Expect.equal core.State.Connection ConnectionState.Defunct "Defunct"

        testCase "R6.1 leaving twice does nothing more"
        <| fun () ->
            let core = coreOf Given.me
            core.Step LeaveCluster |> ignore
            Expect.isEmpty (core.Step LeaveCluster) "no effects"

        testCase "R6.1 a member that was declared down can still leave"
        <| fun () ->
            let core = coreOf Given.me
            core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
            let effects = core.Step LeaveCluster
            Expect.isTrue core.State.HasLeft "it has left"
            Expect.isEmpty (Seen.events effects) "Defunct was notified before"
    ]

let private changeTests =
    [
        testCase "R6.2 to the same identity: SameIdentity"
        <| fun () ->
            let core = coreOf Given.me
            Expect.equal (core.Step(ChangeIdentity Given.me)) [ Report SwimError.SameIdentity ] "refused"

        testCase "R6.2 begins anew: incarnation 0, another token, no probe"
        <| fun () ->
            let core = coreOf Given.me
            core.Step(Given.apply [ MemberRecord.suspect Given.me 3us ]) |> ignore
            Given.probe core |> ignore
            let token = core.State.Token
            let next = Given.newer Given.me
            core.Step(ChangeIdentity next) |> ignore
            Expect.equal core.Identity next "the new identity"
            Expect.equal core.State.Incarnation 0us "incarnation"
            Expect.isTrue (core.State.Token > token) "token"
            Expect.equal core.State.Probe.Target ValueNone "probe"

        testCase "R6.2 the previous identity is gossiped as Down by the new one"
        <| fun () ->
            let core = coreOf Given.me
            let next = Given.newer Given.me
            let packets = Seen.packets (core.Step(ChangeIdentity next))
            Expect.equal packets.Length 3 "one gossip"

            for packet in packets do
                Expect.equal packet.Header.Source next "from the new identity"
                Expect.equal (Seen.updates packet) [ MemberRecord.down Given.me 0us ] "the previous is Down"

        testCase "R6.2 from Defunct no member needs to be told that the previous one is Down"
        <| fun () ->
            let core = coreOf Given.me
            core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
            core.Step(ChangeIdentity(Given.newer Given.me)) |> ignore
            Expect.isEmpty (Seen.backlog core) "nothing waits"
            Expect.equal core.State.Connection ConnectionState.Active "and it is Defunct no more"

        testCase "R6.2 the members that are known stay known"
        <| fun () ->
            let core = coreOf Given.me
            let effects = core.Step(ChangeIdentity(Given.newer Given.me))
            Expect.equal (Seen.activeAddresses core) [ 2..6 ] "all of them"
            Expect.isEmpty (Seen.events effects) "no member came or left"

        testCase "R6.2 alone: Idle, and a member that comes later is told of the change"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let next = Given.newer Given.me
            Expect.isEmpty (core.Step(ChangeIdentity next)) "no effects"
            Expect.equal core.State.Connection ConnectionState.Idle "Idle"
            Expect.equal (Seen.backlog core |> List.map fst) [ MemberRecord.down Given.me 0us ] "it waits"

        testCase "R6.2 an identity that was a peer until now becomes ours and no peer"
        <| fun () ->
            let core = coreOf Given.me
            let effects = core.Step(ChangeIdentity(Given.peer 2))
            Expect.equal (core.RecordAt 2) None "no record of ourselves"
            Expect.contains (Seen.events effects) (SwimEventKind.MemberDown, Given.peer 2) "it went"

            let last = Given.knowingAlive [ 2 ]
            let effects = last.Step(ChangeIdentity(Given.peer 2))

            Expect.equal
                (Seen.events effects)
                [ SwimEventKind.MemberDown, Given.peer 2; SwimEventKind.Idle, Given.me ]
                "no member is left"

            Expect.equal last.State.Connection ConnectionState.Idle "so we are Idle"

        testCase "R6.2 another identity that was known at the address that becomes ours is Down"
        <| fun () ->
            // By R3.4 another identity with our address is never active: we would probe ourselves.
            let core = coreOf Given.me
            core.Step(ChangeIdentity(Given.newer (Given.peer 2))) |> ignore

            Expect.isFalse
                (List.contains 2 (Seen.activeAddresses core))
                "our own address is not active in our table"
    ]

let private defunct identity =
    let core = coreOf identity
    core.Step LeaveCluster |> ignore
    core

let private reuseTests =
    [
        testCase "R6.3 while not Defunct: NotUndead"
        <| fun () ->
            for core in [ coreOf Given.me; Given.coreWith Given.simple Given.me ] do
                Expect.equal (core.Step ReuseDownIdentity) [ Report SwimError.NotUndead ] "refused"

        testCase "R6.3 an identity that cannot renew is kept, and begins anew"
        <| fun () ->
            let core = coreOf Given.me
            core.Step(Given.apply [ MemberRecord.suspect Given.me 3us ]) |> ignore
            core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
            let token = core.State.Token
            core.Step ReuseDownIdentity |> ignore
            Expect.equal core.Identity Given.me "the same identity"
            Expect.equal core.State.Incarnation 0us "incarnation 0"
            Expect.isTrue (core.State.Token > token) "a new token"
            Expect.equal core.State.Connection ConnectionState.Active "Active again"

        testCase "R6.3 without a known member it is Idle again"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            core.Step LeaveCluster |> ignore
            core.Step ReuseDownIdentity |> ignore
            Expect.equal core.State.Connection ConnectionState.Idle "Idle"
            Expect.isEmpty (core.Step ReuseDownIdentity |> Seen.messages) "no word"

        testCase "R6.3 after leaving, the member speaks again"
        <| fun () ->
            let core = defunct Given.me
            core.Step ReuseDownIdentity |> ignore
            Expect.isFalse core.State.HasLeft "it has not left"

            Expect.equal
                (Seen.messages (core.Step(AnnounceTo(Given.peer 2))))
                [ Given.peer 2, Message.announce ]
                "it announces itself"
    ]

let tests = testList "R6 Identity operations" (leaveTests @ changeTests @ reuseTests)
