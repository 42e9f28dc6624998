/// R9: what happens to a packet that arrives, in that order.
module Swim.Core.Tests.ReceivingRules

open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2

/// What a core reports of a packet that must leave its state as it was.
let private refused (core: CheckedMember) event =
    let before = Digest.ofState core.State
    let effects = core.Step event
    Expect.equal (Digest.ofState core.State) before "the state is as it was"
    effects

let private addressTests =
    [
        testCase "R9.2 from our own identity or address: DataFromOurselves"
        <| fun () ->
            for source in [ Given.me; Given.newer Given.me; { Given.me with Generation = 0 } ] do
                let core = Given.knowingAlive [ 2 ]
                let event = Given.fromWith [ Given.alive 3 ] source Message.gossip
                Expect.equal (refused core event) [ Report SwimError.DataFromOurselves ] $"{source}"

        testCase "R9.2 comes before R9.3"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let event = PacketReceived(Given.packet Given.me 0us (Given.peer 9) Message.gossip [] [])

            Expect.equal
                (refused core event)
                [ Report SwimError.DataFromOurselves ]
                "whichever member it is for"

        testCase "R9.3 not addressed to our identity: dropped in silence"
        <| fun () ->
            for destination in [ Given.peer 9; Given.newer Given.me; { Given.me with Generation = 0 } ] do
                for message in
                    [ Message.ping 1u; Message.gossip; Message.feed; Message.turnUndead; Message.broadcast ] do
                    let core = Given.knowingAlive [ 2 ]
                    let packet = Given.packet two 5us destination message [ Given.alive 3 ] []
                    Expect.isEmpty (refused core (PacketReceived packet)) $"%A{message}"

        testCase "R9.3 an Announce need only match our address"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me

            let announce destination = PacketReceived(Given.packet two 0us destination Message.announce [] [])

            Expect.equal
                (Seen.messages (core.Step(announce (Given.newer Given.me))))
                [ two, Message.feed ]
                "another identity of ours"

            Expect.isEmpty (refused core (announce (Given.peer 9))) "but not another address"
    ]

let private senderTests =
    [
        testCase "R9.4 the sender is applied as Alive with its incarnation, and disseminated"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let heard = PacketReceived(Given.packet two 7us Given.me Message.gossip [] [])
            core.Step heard |> ignore
            Expect.equal (Seen.records core) [ MemberRecord.alive two 7us ] "its record"
            Expect.equal (Seen.backlog core |> List.map fst) [ MemberRecord.alive two 7us ] "its news"

        testCase "R9.4 a Suspect sender refutes by its incarnation, and only by a higher one"
        <| fun () ->
            let core = Given.knowing [ MemberRecord.suspect two 3us ]
            core.Step(PacketReceived(Given.packet two 3us Given.me (Message.ping 1u) [] [])) |> ignore
            Expect.equal (Seen.records core) [ MemberRecord.suspect two 3us ] "not by the same"
            core.Step(PacketReceived(Given.packet two 4us Given.me (Message.ping 2u) [] [])) |> ignore
            Expect.equal (Seen.records core) [ MemberRecord.alive two 4us ] "by a higher one"

        testCase "R9.4 nothing that a Down sender says is trusted"
        <| fun () ->
            for message in
                [
                    Message.ping 1u
                    Message.announce
                    Message.gossip
                    Message.feed
                    Message.pingReq (Given.peer 3) 1u
                ] do
                let core = Given.knowing [ Given.down 2; Given.alive 3 ]
                let event = Given.fromWith [ Given.down 3; Given.alive 4 ] two message
                Expect.isEmpty (refused core event) $"%A{message}"

        testCase "R9.4 nor what a sender says who lost a conflict"
        <| fun () ->
            let winner = MemberRecord.alive (Given.newer two) 0us
            let core = Given.knowing [ winner ]
            let event = Given.fromWith [ Given.down 3 ] two (Message.ping 1u)
            Expect.isEmpty (refused core event) "an older identity"

        testCase "R9.4 if NotifyDownMembers such a sender is told"
        <| fun () ->
            let down = Given.knowingWith Given.notifying [ Given.down 2; Given.alive 3 ]

            Expect.equal
                (Seen.messages (down.Step(Given.from two Message.gossip)))
                [ two, Message.turnUndead ]
                "Down"

            let older = Given.knowingWith Given.notifying [ MemberRecord.alive (Given.newer two) 0us ]
            let effects = older.Step(Given.from two Message.gossip)
            Expect.equal (Seen.messages effects) [ two, Message.turnUndead ] "or older"

        testCase "R9.4 a TurnUndead of a Down sender is still obeyed"
        <| fun () ->
            let core = Given.knowing [ Given.down 2; Given.alive 3 ]
            let effects = core.Step(Given.from two Message.turnUndead)
            Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "R5.3 for Down"

        testCase "R9.4 a newer identity of a known address is let in"
        <| fun () ->
            let core = Given.knowing [ Given.down 2 ]
            let effects = core.Step(Given.from (Given.newer two) (Message.ping 1u))
            Expect.equal (Seen.messages effects) [ Given.newer two, Message.ack 1u ] "and answered"
    ]

let private payloadTests =
    [
        testCase "R9.5 updates are applied before the answer is built"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step(Given.fromWith [ Given.alive 3 ] two (Message.ping 1u))
            let updates = Seen.updates (Seen.packets effects).Head
            Expect.contains updates (Given.alive 3) "the answer passes them on"

        testCase "R9.5 custom broadcasts are offered before the packet is answered"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let payloads = [ Given.payload 3; Given.payload 5 ]
            let packet = Given.packet two 0us Given.me (Message.ping 1u) [] payloads
            let effects = core.Step(PacketReceived packet)

            Expect.equal
                effects
                [ for payload in payloads -> OfferBroadcast(two, payload) ]
                "in their order, and no answer yet"

            core.Step(BroadcastAccepted(TopicKey("t", 1), payloads.Head)) |> ignore
            let answered = core.Step BroadcastsHandled
            Expect.equal (Seen.messages answered) [ two, Message.ack 1u ] "now the answer"
            Expect.equal (Seen.packets answered).Head.Broadcasts.Count 1 "with what was new"
            Expect.isEmpty (core.Step BroadcastsHandled) "once"

        testCase "R9.5 stale broadcasts are disseminated no further"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let packet = Given.packet two 0us Given.me (Message.ping 1u) [] [ Given.payload 3 ]
            core.Step(PacketReceived packet) |> ignore
            let answered = core.Step BroadcastsHandled
            Expect.equal (Seen.packets answered).Head.Broadcasts.Count 0 "nothing was new"

        testCase "R9.5 an event that comes instead of the handler's answer does not lose the reply"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let packet = Given.packet two 0us Given.me (Message.ping 1u) [] [ Given.payload 3 ]
            core.Step(PacketReceived packet) |> ignore
            let effects = core.Step(Given.from two (Message.ping 2u))

            Expect.equal
                (Seen.messages effects)
                [ two, Message.ack 1u; two, Message.ack 2u ]
                "one after the other"

        testCase "R9.5 nothing is offered of a packet that is not trusted"
        <| fun () ->
            let core = Given.knowing [ Given.down 2; Given.alive 3 ]
            let packet = Given.packet two 0us Given.me Message.gossip [] [ Given.payload 3 ]
            Expect.isEmpty (refused core (PacketReceived packet)) "no offer"
    ]

let private answerTests =
    [
        testCase "R9.6 a member that just declared all members Down is not answered"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let effects = core.Step(Given.fromWith [ Given.down 2 ] two (Message.ping 1u))
            Expect.isEmpty (Seen.messages effects) "we are Idle now"
            Expect.equal core.State.Connection ConnectionState.Idle "as no member is active"

        testCase "R9.6 while Defunct no member is answered"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
            Expect.isEmpty (core.Step(Given.from two (Message.ping 1u))) "no Ack"

        testCase "R9.6 an indirect message that names ourselves: IndirectForOurselves"
        <| fun () ->
            // Also by an identity that we gave up: any identity at our address is us.
            for ourselves in [ Given.me; Given.newer Given.me; { Given.me with Generation = 0 } ] do
                let messages =
                    [
                        Message.pingReq ourselves 1u
                        Message.indirectPing ourselves 1u
                        Message.indirectAck ourselves 1u
                        Message.forwardedAck ourselves 1u
                    ]

                for message in messages do
                    let core = Given.knowingAlive [ 2 ]
                    let event = Given.fromWith [ Given.alive 3 ] two message
                    let effects = refused core event
                    Expect.equal effects [ Report SwimError.IndirectForOurselves ] $"%A{message}"

        testCase "R9.6 TurnUndead of an active member: R5.3 for Down"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let effects = core.Step(Given.from two Message.turnUndead)
            Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "Defunct"
            let renewing = Given.coreWith Given.simple Given.renewableMe
            renewing.Step(Given.restore [ Given.alive 2 ]) |> ignore
            let packet = Given.packet two 0us Given.renewableMe Message.turnUndead [] []
            let effects = renewing.Step(PacketReceived packet)
            let next = Given.newer Given.renewableMe
            Expect.equal (Seen.events effects) [ SwimEventKind.Rejoined, next ] "or renewed"
    ]

let tests = testList "R9 Receiving" (addressTests @ senderTests @ payloadTests @ answerTests)
