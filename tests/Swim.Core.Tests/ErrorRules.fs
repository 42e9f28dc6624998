/// R11: each error that the core itself can report, and that it leaves the state as it was. The codec
/// and the broadcast handler report `Decode` and `CustomBroadcast`.
module Swim.Core.Tests.ErrorRules

open Expecto
open Swim
open Swim.Core

let private refusal name (core: CheckedMember) event error =
    testCase name
    <| fun () ->
        let before = Digest.ofState core.State
        Expect.equal (core.Step event) [ Report error ] "reported, and nothing else"
        Expect.equal (Digest.ofState core.State) before "the state is as it was"

let private departed () =
    let core = Given.knowingAlive [ 2 ]
    core.Step LeaveCluster |> ignore
    core

let private broadcastOf length = BroadcastAccepted(TopicKey("t", 1), Given.payload length)

let private smallPackets = Given.coreWith { Given.simple with MaxPacketSize = 128 } Given.me

/// A core whose headers exceed the packet.
let private hugeHeaders () =
    let sizes = TestId.sizesWith (fun _ -> Given.simple.MaxPacketSize + 1) (fun _ -> 8)
    let core = CheckedMember(Rules.create Given.simple TestId.operations sizes, Given.me, 1UL)
    core.Step(Given.restore [ Given.alive 2 ]) |> ignore
    core

let tests =
    testList
        "R11 Errors"
        [
            refusal "R11 DataTooBig: a broadcast that no packet can carry" smallPackets (broadcastOf 105)
            <| SwimError.DataTooBig

            testCase "R11 DataTooBig: not for the largest that a packet can carry"
            <| fun () ->
                let core = Given.knowingWith { Given.simple with MaxPacketSize = 128 } [ Given.alive 2 ]
                Expect.equal (Protocol.maxBroadcastSize core.Rules core.State) 104 "128 - 20 - 2 - 2"
                Expect.isEmpty (core.Step(broadcastOf 104)) "accepted"
                let packets = Seen.packets (core.Step GossipNow)
                Expect.equal packets.Head.Broadcasts.Count 1 "and sent"
                Expect.equal (Packet.size core.Rules packets.Head) 128 "in a full packet"

            refusal
                "R11 MalformedPacket: a broadcast without content"
                (Given.knowingAlive [ 2 ])
                (broadcastOf 0)
                SwimError.MalformedPacket

            refusal
                "R11 NotUndead: reusing an identity that is not down"
                (Given.knowingAlive [ 2 ])
                ReuseDownIdentity
                SwimError.NotUndead

            refusal
                "R11 SameIdentity: changing to the same identity"
                (Given.knowingAlive [ 2 ])
                (ChangeIdentity Given.me)
                SwimError.SameIdentity

            refusal
                "R11 NotConnected: probing without an active member"
                (Given.coreWith Given.simple Given.me)
                (TimerFired(ProbeRandomMember 0UL))
                SwimError.NotConnected

            refusal
                "R11 NotConnected: announcing after leaving"
                (departed ())
                (AnnounceTo(Given.peer 2))
                SwimError.NotConnected

            refusal "R11 NotConnected: gossiping after leaving" (departed ()) GossipNow SwimError.NotConnected

            refusal
                "R11 NotConnected: broadcasting after leaving"
                (departed ())
                BroadcastNow
                SwimError.NotConnected

            refusal
                "R11 DataFromOurselves: a packet from our own address"
                (Given.knowingAlive [ 2 ])
                (Given.from (Given.newer Given.me) (Message.ping 1u))
                SwimError.DataFromOurselves

            refusal
                "R11 IndirectForOurselves: an indirect message that names us"
                (Given.knowingAlive [ 2 ])
                (Given.from (Given.peer 2) (Message.pingReq Given.me 1u))
                SwimError.IndirectForOurselves

            refusal
                "R11 Encode: a header that exceeds the packet"
                (hugeHeaders ())
                (AnnounceTo(Given.peer 9))
                SwimError.Encode

            testCase "R11 Encode: the probe cycle continues"
            <| fun () ->
                let core = hugeHeaders ()
                let effects = core.Fire(ProbeRandomMember core.State.Token)
                Expect.equal (Seen.reports effects) [ SwimError.Encode ] "reported"
                Expect.equal (Seen.schedules effects).Length 2 "and its timers run"

            testCase "R11 IncompleteProbeCycle: reported by R7.2, which continues"
            <| fun () ->
                let core = Given.knowingAlive [ 2 ]
                Given.probe core |> ignore
                let effects = core.Fire(ProbeRandomMember core.State.Token)
                Expect.equal (Seen.reports effects) [ SwimError.IncompleteProbeCycle ] "reported"
                Expect.equal (Seen.schedules effects).Length 2 "and the next probe begins"

            testCase "R11 InvalidConfig: the rules stay as they are"
            <| fun () ->
                let rules = Given.rules Given.simple

                match Rules.withConfig { Given.simple with MaxPacketSize = 1 } rules with
                | Error error -> Expect.equal error SwimError.InvalidConfig "refused"
                | Ok _ -> failtest "It was accepted"

            testCase "R11 every error has its own code"
            <| fun () ->
                let codes = System.Enum.GetValues<SwimError>() |> Array.map int
                Expect.equal codes [| 0..12 |] "from 0, which is no error, to 12"
        ]
