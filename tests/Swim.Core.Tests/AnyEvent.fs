/// Events as an enemy or a broken host would make them, from dice: packets from and about any member,
/// timers out of order or never asked for, operations at any time.
[<RequireQualifiedAccess>]
module Swim.Core.Tests.AnyEvent

open System
open Swim
open Swim.Core

/// Six addresses, ours (1) included, with a few generations of both kinds each.
let identity (dice: Dice) : TestId =
    {
        Address = dice.Between(1, 6)
        Generation = dice.Between(1, 4)
        Renewable = dice.Chance 50
    }

let private incarnation (dice: Dice) : uint16 = dice.Pick [ 0us; 0us; 0us; 1us; 2us; 3us; 65534us; 65535us ]

/// A record as it may stand in a packet: also a Down one with an incarnation.
let private record (dice: Dice) (core: CheckedMember) : MemberRecord<TestId> =
    {
        // Now and then a rival that claims our address.
        Identity = if dice.Chance 5 then Given.newer core.Identity else identity dice
        Incarnation = incarnation dice
        Status = dice.Pick [ MemberStatus.Alive; MemberStatus.Suspect; MemberStatus.Down ]
        Accuser = null
    }

/// A record that now and then names who raised a suspicion.
let private accusation (dice: Dice) (core: CheckedMember) : MemberRecord<TestId> =
    let record = record dice core

    if record.Status = MemberStatus.Suspect && dice.Chance 70 then
        { record with
            Accuser = Accuser(if dice.Chance 10 then core.Identity else identity dice)
        }
    else
        record

/// A member that the core knows, or any.
let private anyMember (dice: Dice) (core: CheckedMember) : TestId =
    let known = core.State.Members

    if known.Count > 0 && dice.Chance 70 then
        known[dice.Below known.Count].Identity
    else
        identity dice

/// The number of the current probe, or another.
let private number (dice: Dice) (core: CheckedMember) : uint32 =
    if dice.Chance 70 then core.State.Probe.Number else uint32 (dice.Below 4)

/// Now and then the member that is probed, so that acks may count.
let private named (dice: Dice) (core: CheckedMember) : TestId =
    match core.State.Probe.Target with
    | ValueSome target when dice.Chance 40 -> target.Identity
    | _ -> anyMember dice core

let private message (dice: Dice) (core: CheckedMember) : Message<TestId> =
    let number = number dice core
    let named = named dice core

    dice.Pick
        [
            Message.ping number
            Message.ack number
            Message.pingReq named number
            Message.indirectPing named number
            Message.indirectAck named number
            Message.forwardedAck named number
            Message.announce
            Message.feed
            Message.gossip
            Message.broadcast
            Message.turnUndead
            Message.nack number
        ]

let private payload (dice: Dice) : Payload = Given.payload (dice.Between(1, 40))

let private packet (dice: Dice) (core: CheckedMember) : Event<TestId> =
    let source =
        match core.State.Probe.Target with
        | ValueSome target when dice.Chance 20 -> target.Identity
        | _ -> anyMember dice core

    let destination = if dice.Chance 85 then core.Identity else identity dice
    let records = dice.Many(0, 3, (fun () -> accusation dice core))
    let payloads = if dice.Chance 20 then dice.Many(1, 2, (fun () -> payload dice)) else []

    let packet =
        Given.packet source (incarnation dice) destination (message dice core) records payloads

    let isTold = packet.Header.Kind = MessageKind.Ack || packet.Header.Kind = MessageKind.Nack
    let health = if isTold then byte (dice.Below 8) else 0uy
    PacketReceived { packet with Header.Health = health }

/// What a helper says of the probe that is under way: else random traces seldom come upon it.
let private helperPacket (dice: Dice) (core: CheckedMember) : Event<TestId> =
    let probe = core.State.Probe

    match probe.Target with
    | ValueSome target when not probe.Helpers.IsEmpty ->
        let message =
            if dice.Chance 80 then
                Message.forwardedAck target.Identity probe.Number
            else
                Message.nack probe.Number

        Given.packet (dice.Pick probe.Helpers) 0us core.Identity message [] [] |> PacketReceived
    | _ -> packet dice core

/// A timer that the core never asked for, or has handled already. `History` counts the pending timers, and the core
/// answers each timer of a cycle with the next: an extra one leaves the count as it is, so that no invariant needs an
/// exception. Only a token that is about to be taken would not do: no member can know it yet.
let private strayTimer (dice: Dice) (core: CheckedMember) : Timer<TestId> =
    let token =
        dice.Pick [ core.State.Token; core.State.Token - 1UL; 0UL; core.State.Token + 1000UL ]

    let subject = anyMember dice core

    dice.Pick
        [
            ProbeRandomMember token
            SendIndirectProbe(subject, token)
            ChangeSuspectToDown(subject, incarnation dice, dice.Below 4, token)
            PeriodicAnnounce token
            PeriodicAnnounceDown token
            PeriodicGossip token
            RemoveDown(subject, incarnation dice)
            RemoveTombstone(uint64 (dice.Below 6))
            ResetRenewals
            ResetReminders
            SendNack(subject, number dice core)
            AskDown(uint64 (dice.Below 6))
        ]

/// Mostly a pending timer: the oldest, or any.
let private timer (dice: Dice) (core: CheckedMember) : Timer<TestId> =
    let out = core.Timers

    if out.IsEmpty || dice.Chance 15 then
        strayTimer dice core
    else
        let struct (timer, _) = if dice.Chance 50 then out.Head else dice.Pick out
        timer

let private operation (dice: Dice) (core: CheckedMember) : Event<TestId> =
    let batch = Given.updates (dice.Many(0, 5, (fun () -> accusation dice core)))
    let topic = TopicKey($"topic {dice.Below 3}", dice.Below 5)
    let length = if dice.Chance 10 then dice.Between(0, 2000) else dice.Between(0, 60)

    dice.Pick
        [
            AnnounceTo(anyMember dice core)
            GossipNow
            BroadcastNow
            ApplyMany(batch, dice.Chance 80)
            ApplyMany(batch, true)
            ReuseDownIdentity
            HealthObserved(dice.Chance 60)
            BroadcastAccepted(topic, Given.payload length)
            BroadcastsHandled
            BroadcastsHandled
            (if dice.Chance 40 then LeaveCluster else GossipNow)
            ChangeIdentity(
                dice.Pick [ core.Identity; Given.newer core.Identity; identity dice; identity dice ]
            )
        ]

/// Some rules to begin with.
let rules (dice: Dice) : Rules<TestId> =
    let everySecond members = if dice.Chance 70 then Given.every 1000 members else System.Nullable()

    let config =
        { Given.simple with
            MaxPacketSize = dice.Pick [ 128; 160; 1400 ]
            MaxTransmissions = dice.Pick [ 1; 2; 10 ]
            IndirectProbes = dice.Pick [ 1; 3 ]
            NotifyDownMembers = dice.Chance 70
            DownIsFinal = dice.Chance 50
            PeriodicAnnounce = everySecond 1
            PeriodicAnnounceToDown = everySecond 2
            PeriodicGossip = everySecond 3
        }

    let config = if dice.Chance 60 then Given.careful config else config

    { Given.rules config with
        Sizes = dice.Pick [ TestId.sizes; TestId.unevenSizes ]
        AcceptsBroadcasts = dice.Pick [ (fun _ -> true); (fun identity -> identity.Address % 2 = 0) ]
    }

/// Now and then the caller sets another configuration (R10.2).
let private reconfigure (dice: Dice) (core: CheckedMember) =
    let config =
        { core.Rules.Config with
            MaxPacketSize = dice.Pick [ 128; 200; 1400 ]
            MaxTransmissions = dice.Pick [ 1; 3; 255 ]
            IndirectProbes = dice.Pick [ 1; 2; 5 ]
            NotifyDownMembers = dice.Chance 50
            SuspectToDownAfter = TimeSpan.FromSeconds(float (dice.Between(1, 9)))
            MaxLocalHealth = dice.Pick [ 0; 1; 7 ]
            SuspicionConfirmations = dice.Pick [ 0; 1; 3 ]
            AskDownEarly = dice.Chance 50
        }

    match Rules.withConfig config core.Rules with
    | Ok rules -> core.Rules <- rules
    | Error _ -> ()

/// Lets the core take one arbitrary step; the event that it was.
let step (dice: Dice) (core: CheckedMember) : Event<TestId> * Effect<TestId> list =
    if dice.Chance 1 then
        reconfigure dice core

    match dice.Below 100 with
    | roll when roll < 50 ->
        let event = if dice.Chance 15 then helperPacket dice core else packet dice core
        event, core.Step event
    | roll when roll < 80 ->
        let timer = timer dice core
        TimerFired timer, core.Fire timer
    | _ ->
        let event = operation dice core
        event, core.Step event
