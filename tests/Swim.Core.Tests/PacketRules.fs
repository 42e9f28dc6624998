/// R8.5 and R8.6: what a packet carries.
module Swim.Core.Tests.PacketRules

open Expecto
open Swim
open Swim.Core

/// Who asks, the third member of indirect messages, and the sender of all the rest.
let private sender, third = Given.peer 2, Given.peer 3

/// The table of R8.5: what a message from `sender` is answered with.
let private answers =
    [
        Message.ping 7u, [ sender, Message.ack 7u ]
        Message.ack 7u, []
        Message.pingReq third 7u, [ third, Message.indirectPing sender 7u ]
        Message.indirectPing third 7u, [ sender, Message.indirectAck third 7u ]
        Message.indirectAck third 7u, [ third, Message.forwardedAck sender 7u ]
        Message.forwardedAck third 7u, []
        Message.announce, [ sender, Message.feed ]
        Message.feed, []
        Message.gossip, []
        Message.broadcast, []
    ]

/// A core that has an update and a custom broadcast waiting.
let private loaded () =
    let core = Given.knowingAlive [ 2; 3; 4 ]
    core.Step(Given.apply [ Given.suspect 4 ]) |> ignore
    core.Step(BroadcastAccepted(TopicKey("t", 1), Given.payload 10)) |> ignore
    core

/// What the packets of these effects carry, to the given message.
let private carried (kind: MessageKind) effects =
    let packet = Seen.packets effects |> List.find (fun packet -> packet.Header.Kind = kind)
    Seen.updates packet, packet.Broadcasts.Count

let private expectBacklog (kind: MessageKind) (event: CheckedMember -> Effect<TestId> list) =
    testCase $"R8.5 {kind} carries the backlog and custom broadcasts"
    <| fun () ->
        let updates, broadcasts = carried kind (event (loaded ()))
        Expect.equal updates [ Given.suspect 4 ] "the update"
        Expect.equal broadcasts 1 "the broadcast"

let private received message (core: CheckedMember) = core.Step(Given.from sender message)

let private answerTests =
    [
        for message, expected in answers do
            testCase $"R8.5 the answer to {message.Kind}"
            <| fun () ->
                let core = Given.knowingAlive [ 2; 3; 4 ]
                Expect.equal (Seen.messages (received message core)) expected "as in the table"
    ]

let private contentTests =
    [
        expectBacklog MessageKind.Ping (fun core -> core.Fire(ProbeRandomMember core.State.Token))
        expectBacklog MessageKind.Ack (received (Message.ping 1u))
        expectBacklog MessageKind.IndirectPing (received (Message.pingReq third 1u))
        expectBacklog MessageKind.IndirectAck (received (Message.indirectPing third 1u))
        expectBacklog MessageKind.ForwardedAck (received (Message.indirectAck third 1u))
        expectBacklog MessageKind.Gossip (fun core -> core.Step GossipNow)

        expectBacklog MessageKind.PingReq (fun core ->
            Given.probe core |> ignore
            Given.indirectStage core)

        testCase "R8.5 Announce carries nothing"
        <| fun () ->
            let carried = carried MessageKind.Announce ((loaded ()).Step(AnnounceTo sender))
            Expect.equal carried ([], 0) "nothing"

        testCase "R8.5 TurnUndead carries nothing"
        <| fun () ->
            let core = Given.knowingWith Given.notifying [ Given.down 2; Given.alive 4 ]
            core.Step(Given.apply [ Given.suspect 4 ]) |> ignore
            core.Step(BroadcastAccepted(TopicKey("t", 1), Given.payload 10)) |> ignore
            Expect.equal (carried MessageKind.TurnUndead (received (Message.ping 1u) core)) ([], 0) "nothing"

        testCase "R8.5 Feed carries active members but the receiver, and custom broadcasts"
        <| fun () ->
            let core = loaded ()
            core.Step(Given.apply [ Given.down 5 ]) |> ignore
            let updates, broadcasts = carried MessageKind.Feed (received Message.announce core)
            let addresses = updates |> List.map _.Identity.Address |> List.sort
            Expect.equal addresses [ 3; 4 ] "active, but for the receiver"
            Expect.contains updates (Given.suspect 4) "as they are"
            Expect.equal broadcasts 1 "the broadcast"
            Expect.equal (Seen.backlog core |> List.map snd) [ 10; 10 ] "and charges no update"

        testCase "R8.5 Feed carries as many as fit, any of them"
        <| fun () ->
            let config = { Given.simple with MaxPacketSize = 128 }
            let core = Given.knowingWith config (List.map Given.alive [ 2..60 ])
            // 128 bytes less a header of 20 and a count of 2 are 13 records of 8.
            let feeds =
                List.init 60 (fun _ -> fst (carried MessageKind.Feed (received Message.announce core)))

            for feed in feeds do
                Expect.equal feed.Length 13 "a full packet"
                Expect.equal (List.distinct feed) feed "each once"

            let all = feeds |> List.concat |> List.map _.Identity.Address |> List.distinct
            Expect.equal (List.sort all) [ 3..60 ] "every member some time"
    ]

/// A core with room for so many records of 8 bytes in a gossip.
let private roomFor records transmissions =
    let config =
        { Given.simple with
            MaxPacketSize = 128
            MaxTransmissions = transmissions
            IndirectProbes = 1
        }

    let sizes = TestId.sizesWith (fun _ -> 126 - records * 8) (fun _ -> 8)
    let core = CheckedMember(Rules.create config TestId.operations sizes, Given.me, 5UL)
    core.Step(Given.restore [ Given.alive 2 ]) |> ignore
    core

let private gossiped (core: CheckedMember) =
    match Seen.packets (core.Step GossipNow) with
    | [ packet ] -> Seen.updates packet
    | other -> failtestf "One gossip expected: %A" other

let private fillingTests =
    [
        testCase "R8.6 the entries with the most transmissions left go first"
        <| fun () ->
            let core = roomFor 1 5
            core.Step(Given.apply [ Given.down 3 ]) |> ignore
            Expect.equal (gossiped core) [ Given.down 3 ] "four are left"
            core.Step(Given.apply [ Given.down 4 ]) |> ignore
            Expect.equal (gossiped core) [ Given.down 4 ] "five before four"

        testCase "R8.6 each inclusion costs one transmission, and at zero the entry leaves"
        <| fun () ->
            let core = roomFor 3 2
            core.Step(Given.apply [ Given.down 3 ]) |> ignore
            Expect.equal (gossiped core) [ Given.down 3 ] "once"
            Expect.equal (Seen.backlog core) [ Given.down 3, 1 ] "one is left"
            Expect.equal (gossiped core) [ Given.down 3 ] "twice"
            Expect.isEmpty (Seen.backlog core) "none waits"
            Expect.isEmpty (gossiped core) "and sent no more"

        testCase "R8.6 what does not fit waits, it is not lost"
        <| fun () ->
            let core = roomFor 2 1
            core.Step(Given.apply (List.map Given.down [ 3..7 ])) |> ignore
            let packets = List.init 4 (fun _ -> gossiped core)
            Expect.equal (packets |> List.map List.length) [ 2; 2; 1; 0 ] "two at a time"

            Expect.equal
                (packets |> List.concat |> List.map _.Identity.Address |> List.sort)
                [ 3..7 ]
                "each once"

        testCase "R8.6 the larger of two equals goes first, and one that does not fit is skipped"
        <| fun () ->
            // Room for 16 bytes of records, which take 6 to 10 by their address.
            let sizes = TestId.sizesWith (fun _ -> 110) (fun record -> 6 + record.Identity.Address % 5)

            let config = { Given.simple with MaxPacketSize = 128; IndirectProbes = 1 }

            let core = CheckedMember(Rules.create config TestId.operations sizes, Given.me, 5UL)
            core.Step(Given.restore [ Given.alive 20 ]) |> ignore
            core.Step(Given.apply (List.map Given.down [ 4; 3; 15; 12 ])) |> ignore
            Expect.equal (gossiped core) [ Given.down 4; Given.down 15 ] "10, not 9, not 8, but 6"

        testCase "R8.6 a packet without room for an update is sent without"
        <| fun () ->
            let core = roomFor 0 5
            core.Step(Given.apply [ Given.down 3 ]) |> ignore
            Expect.isEmpty (gossiped core) "it does not fit"
            Expect.equal (Seen.backlog core) [ Given.down 3, 5 ] "and is not charged"

        testCase "R8.6 no packet is larger than MaxPacketSize"
        <| fun () ->
            for size in [ 128; 129; 130; 137; 200 ] do
                let config = { Given.simple with MaxPacketSize = size }
                let rules = Rules.create config TestId.operations TestId.unevenSizes
                let core = CheckedMember(rules, Given.me, uint64 size)
                core.Step(Given.apply (List.map Given.alive [ 2..60 ])) |> ignore

                for length in 1..20 do
                    let key = TopicKey($"{length}", 1)
                    core.Step(BroadcastAccepted(key, Given.payload length)) |> ignore

                let expectFitting packets =
                    for packet in packets do
                        Expect.isLessThanOrEqual (Packet.size core.Rules packet) size "it fits"

                for _ in 1..4 do
                    let gossip = Seen.packets (core.Step GossipNow)
                    expectFitting gossip
                    expectFitting (Seen.packets (core.Step BroadcastNow))

                    for packet in gossip do
                        Expect.isGreaterThan (Packet.size core.Rules packet) (size - 6) "it is filled"
    ]

let tests = testList "R8 Packets" (answerTests @ contentTests @ fillingTests)
