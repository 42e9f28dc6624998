/// R8: what is sent of our own accord, and how often.
module Swim.Core.Tests.SendingRules

open System
open Expecto
open Swim
open Swim.Core

let private accept key length = BroadcastAccepted(key, Given.payload length)
let private topic version = TopicKey("topic", version)

/// A core whose packets may carry custom broadcasts to these addresses only.
let private broadcastingTo addresses =
    let rules =
        { Given.rules Given.simple with
            AcceptsBroadcasts = fun identity -> List.contains identity.Address addresses
        }

    let core = CheckedMember(rules, Given.me, 3UL)
    core.Step(Given.restore (List.map Given.alive [ 2..9 ])) |> ignore
    core

let private callerTests =
    [
        testCase "R8.1 announcing needs no known member"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Step(AnnounceTo(Given.peer 7))
            Expect.equal (Seen.messages effects) [ Given.peer 7, Message.announce ] "to the one that is named"
            Expect.isEmpty (Seen.records core) "who is not known by that"

        testCase "R8.2 gossip goes to IndirectProbes active members, each once"
        <| fun () ->
            let core = Given.knowing (Given.down 9 :: List.map Given.alive [ 2..6 ])
            let receivers = Seen.receivers Message.gossip (core.Step GossipNow)
            Expect.equal receivers.Length 3 "three"
            Expect.equal (List.distinct receivers) receivers "different ones"
            Expect.isFalse (List.contains 9 receivers) "not the Down one"

        testCase "R8.2 gossip goes to all if they are fewer, and to none if there is none"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]
            Expect.equal (Seen.receivers Message.gossip (core.Step GossipNow)) [ 2; 3 ] "both"
            let alone = Given.knowing [ Given.down 2 ]
            Expect.isEmpty (alone.Step GossipNow) "no receiver"

        testCase "R8.2 every member is chosen as often as any other"
        <| fun () ->
            let core = Given.knowingAlive [ 2..11 ]

            let chosen =
                List.init 1000 (fun _ -> Seen.receivers Message.gossip (core.Step GossipNow))
                |> List.concat
                |> List.countBy id

            // 300 are expected of each; 5 standard deviations are 73.
            for address, count in chosen do
                Expect.isTrue (abs (count - 300) < 73) $"{address}: {count} of 1000"

            Expect.equal chosen.Length 10 "all of them"

        testCase "R8.3 Broadcast goes to those that the filter accepts, and to no others"
        <| fun () ->
            let core = broadcastingTo [ 4; 5; 6; 7; 8 ]
            core.Step(accept (topic 1) 10) |> ignore

            for _ in 1..3 do
                let effects = core.Step BroadcastNow
                let receivers = Seen.receivers Message.broadcast effects
                Expect.equal receivers.Length 3 "as many as R8.2 chooses"
                Expect.equal (List.distinct receivers) receivers "each once"
                Expect.all receivers (fun address -> address >= 4 && address <= 8) "accepted"

        testCase "R8.3 Broadcast finds the only member that may have it"
        <| fun () ->
            let core = broadcastingTo [ 7 ]
            core.Step(accept (topic 1) 10) |> ignore
            Expect.equal (Seen.receivers Message.broadcast (core.Step BroadcastNow)) [ 7 ] "always"

        testCase "R8.3 Broadcast carries custom broadcasts and no updates"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            core.Step(Given.apply [ Given.alive 2 ]) |> ignore
            core.Step(accept (topic 1) 10) |> ignore

            for packet in Seen.packets (core.Step BroadcastNow) do
                Expect.isEmpty (Seen.updates packet) "no updates"
                Expect.equal packet.Broadcasts.Count 1 "the broadcast"

        testCase "R8.3 Broadcast stops when the backlog is empty, and does nothing if it was"
        <| fun () ->
            let config = { Given.simple with MaxTransmissions = 2 }

            let core = Given.knowingWith config (List.map Given.alive [ 2..9 ])
            Expect.isEmpty (core.Step BroadcastNow) "nothing waits"
            core.Step(accept (topic 1) 10) |> ignore
            Expect.equal (List.length (Seen.packets (core.Step BroadcastNow))) 2 "two transmissions"
            Expect.isEmpty (core.Step BroadcastNow) "it left the backlog"
    ]

let private narrowTests =
    [
        testCase "R8.3 a Broadcast that has no room for what waits is not sent"
        <| fun () ->
            // Packets to the members from 3 on have headers that leave no room.
            let headerSize (header: PacketHeader<TestId>) =
                if header.Destination.Address >= 3 then 120 else 20

            let config = { Given.simple with MaxPacketSize = 128 }

            let sizes = TestId.sizesWith headerSize (fun _ -> 8)
            let core = CheckedMember(Rules.create config TestId.operations sizes, Given.me, 1UL)
            core.Step(Given.restore (List.map Given.alive [ 2..6 ])) |> ignore
            core.Step(accept (topic 1) 50) |> ignore

            for _ in 1..10 do
                for packet in Seen.packets (core.Step BroadcastNow) do
                    Expect.equal packet.Header.Destination (Given.peer 2) "only where it fits"
                    Expect.equal packet.Broadcasts.Count 1 "with the broadcast"
    ]

let private periodic =
    { Given.simple with
        PeriodicAnnounce = Given.every 30000 1
        PeriodicAnnounceToDown = Given.every 65000 2
        PeriodicGossip = Given.every 200 3
    }

let private without (off: SwimConfig -> SwimConfig) (core: CheckedMember) =
    match Rules.withConfig (off core.Rules.Config) core.Rules with
    | Ok rules -> core.Rules <- rules
    | Error error -> failtestf "%A" error

let private periodicTests =
    [
        testCase "R8.4 PeriodicAnnounce announces us to chosen active members, again and again"
        <| fun () ->
            let core = Given.knowingWith periodic [ Given.alive 2; Given.alive 3; Given.down 4 ]
            let timer = PeriodicAnnounce core.State.Token
            let effects = core.Fire timer
            Expect.equal (Seen.schedules effects) [ timer, TimeSpan.FromSeconds 30.0 ] "again"

            match Seen.messages effects with
            | [ receiver, message ] ->
                Expect.equal message Message.announce "an Announce"
                Expect.isTrue (receiver.Address <= 3) "active"
            | other -> failtestf "%A" other

        testCase "R8.4 PeriodicGossip gossips only if a backlog is not empty"
        <| fun () ->
            let core = Given.knowingWith periodic (List.map Given.alive [ 2..6 ])
            let timer = PeriodicGossip core.State.Token
            let again = [ timer, TimeSpan.FromMilliseconds 200.0 ]
            let effects = core.Fire timer
            Expect.isEmpty (Seen.messages effects) "nothing waits"
            Expect.equal (Seen.schedules effects) again "yet again"
            core.Step(Given.apply [ Given.alive 7 ]) |> ignore
            Expect.equal (List.length (Seen.receivers Message.gossip (core.Fire timer))) 3 "an update waits"

            let other = Given.knowingWith periodic [ Given.alive 2 ]
            other.Step(accept (topic 1) 5) |> ignore
            let effects = other.Fire(PeriodicGossip other.State.Token)
            Expect.equal (Seen.receivers Message.gossip effects) [ 2 ] "a custom broadcast waits"

        testCase "R8.4 PeriodicGossip sends nothing on account of what does not fit"
        <| fun () ->
            let core = Given.knowingWith periodic [ Given.alive 2 ]
            core.Step(accept (topic 1) 500) |> ignore
            core.Rules <- { core.Rules with Config = { periodic with MaxPacketSize = 128 } }
            let effects = core.Fire(PeriodicGossip core.State.Token)
            Expect.isEmpty (Seen.messages effects) "an item that waits has become too large"
            Expect.equal (State.updatesBacklog core.State |> Seq.length) 0 "and nothing else waits"

        testCase "R8.4 PeriodicAnnounceDown announces us to chosen Down members"
        <| fun () ->
            let records = Given.alive 2 :: List.map Given.down [ 3..7 ]
            let core = Given.knowingWith periodic records
            let timer = PeriodicAnnounceDown core.State.Token

            for _ in 1..20 do
                let effects = core.Fire timer
                Expect.equal (Seen.schedules effects) [ timer, TimeSpan.FromSeconds 65.0 ] "again"
                let receivers = Seen.receivers Message.announce effects
                Expect.equal receivers.Length 2 "as many as configured"
                Expect.equal (List.distinct receivers) receivers "each once"
                Expect.all receivers (fun address -> address >= 3) "Down"

        testCase "R8.4 an identity that we gave up is not announced to"
        <| fun () ->
            let core =
                Given.knowingWith periodic [ MemberRecord.down (Given.newer Given.me) 0us; Given.down 3 ]

            let effects = core.Fire(PeriodicAnnounceDown core.State.Token)
            Expect.equal (Seen.messages effects) [ Given.peer 3, Message.announce ] "not ourselves"

        testCase "R8.4 a periodic timer runs out once it is switched off"
        <| fun () ->
            let core = Given.knowingWith periodic [ Given.alive 2; Given.down 3 ]

            core
            |> without (fun config ->
                { config with
                    PeriodicAnnounce = System.Nullable()
                    PeriodicAnnounceToDown = System.Nullable()
                    PeriodicGossip = System.Nullable()
                })

            let token = core.State.Token

            for timer in [ PeriodicAnnounce token; PeriodicGossip token; PeriodicAnnounceDown token ] do
                Expect.isEmpty (core.Fire timer) $"%A{timer}"

        testCase "R8.4 a new frequency and number of members count from the next time on"
        <| fun () ->
            let core = Given.knowingWith periodic (List.map Given.alive [ 2..6 ])

            core |> without (fun config -> { config with PeriodicAnnounce = Given.every 1000 4 })

            let effects = core.Fire(PeriodicAnnounce core.State.Token)
            Expect.equal (Seen.receivers Message.announce effects).Length 4 "four"
            Expect.equal (Seen.schedules effects |> List.map snd) [ TimeSpan.FromSeconds 1.0 ] "soon"
    ]

let private customTests =
    [
        testCase "R8.7 custom broadcasts ride along only with what the filter accepts"
        <| fun () ->
            let core = broadcastingTo [ 4 ]
            core.Step(accept (topic 1) 10) |> ignore

            for address in 2..9 do
                let effects = core.Step(Given.from (Given.peer address) (Message.ping 1u))
                let expected = if address = 4 then 1 else 0
                Expect.equal (Seen.packets effects).Head.Broadcasts.Count expected $"to {address}"

        testCase "R8.7 a new broadcast removes those that its key invalidates"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let other = TopicKey("other", 1)

            for event in [ accept (topic 1) 10; accept other 11; accept (topic 2) 12 ] do
                core.Step event |> ignore

            Expect.equal (Seen.broadcastCount core) 2 "the first was removed"
            let packet = (Seen.packets (core.Step GossipNow)).Head
            let lengths = packet.Broadcasts |> Seq.map _.Length |> List.ofSeq
            Expect.equal lengths [ 12; 11 ] "the newer and the other are sent"

        testCase "R8.7 broadcasts that no key invalidates wait side by side"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]

            for version in [ 3; 2; 1 ] do
                core.Step(accept (topic version) 10) |> ignore

            Expect.equal (Seen.broadcastCount core) 3 "an older one invalidates no newer one"
    ]

let tests = testList "R8 Sending" (callerTests @ narrowTests @ periodicTests @ customTests)
