namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Core
open Swim.Simulation

/// The protocol that the members of a case run: the real one, or one with a mistake.
type IProtocol =
    abstract Stepper<'Id when 'Id: equality> : unit -> Stepper<'Id>

/// The protocol as it is.
[<Sealed>]
type RealProtocol() =
    interface IProtocol with
        member _.Stepper<'Id when 'Id: equality>() = ProtocolStepper<'Id>() :> Stepper<'Id>

/// Plays a trace to a single member and checks each step. The member's identity is that of member 1 in its
/// second generation, so that older and newer ones exist.
[<Sealed>]
type TracePlayer<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (scheme: IdentityScheme<'Id>, rules: Rules<'Id>, randomSeed: uint64, stepper: Stepper<'Id>) =

    let node = Node(1, rules, State.create (scheme.Identity 1 2) randomSeed)
    let checker = Checker<'Id> 1
    let pending = ResizeArray<Timer<'Id>>()
    do checker.Started node

    let identityOf identity =
        match identity with
        | RelativeIdentity.Stranger(address, generation) -> scheme.Identity address generation
        | RelativeIdentity.Own -> node.State.Identity
        | RelativeIdentity.Known index ->
            let known = node.State.Members

            if known.Count = 0 then
                scheme.Identity 2 1
            else
                known[index % known.Count].Identity
        | RelativeIdentity.Probed ->
            match node.State.Probe.Target with
            | ValueSome target -> target.Identity
            | ValueNone -> scheme.Identity 2 1

    // As a packet may carry it: a Down record may have an incarnation.
    let recordOf (input: RecordInput) : MemberRecord<'Id> =
        {
            Identity = identityOf input.About
            Incarnation = input.Incarnation
            Status = input.Status
        }

    let recordsOf (inputs: RecordInput list) = ArraySegment(inputs |> List.map recordOf |> Array.ofList)

    let payload key version size : Payload =
        Payload(Array.init size (fun index -> if index = 0 then byte key else byte version))

    let messageOf (input: PacketInput) : Message<'Id> =
        let number =
            match input.Number with
            | Current -> node.State.Probe.Number
            | Other number -> number

        let named = identityOf input.Named

        match input.Kind with
        | 0 -> Message.gossip
        | 1 -> Message.ping number
        | 2 -> Message.ack number
        | 3 -> Message.pingReq named number
        | 4 -> Message.indirectPing named number
        | 5 -> Message.indirectAck named number
        | 6 -> Message.forwardedAck named number
        | 7 -> Message.announce
        | 8 -> Message.feed
        | 9 -> Message.broadcast
        | _ -> Message.turnUndead

    let packetOf (input: PacketInput) : Packet<'Id> =
        let message = messageOf input

        {
            Header =
                {
                    Source = identityOf input.From
                    SourceIncarnation = input.Incarnation
                    Destination = identityOf input.To
                    Kind = message.Kind
                    Named = message.Named
                    ProbeNumber = message.ProbeNumber
                }
            Updates = recordsOf input.Updates
            Broadcasts =
                ArraySegment(
                    input.Broadcasts
                    |> List.map (fun (key, version, size) -> payload key version size)
                    |> Array.ofList
                )
        }

    // `History` counts the pending timers, and the core answers each timer of a cycle with the next: a timer
    // on top of those leaves the count as it is. Only a token that the core is about to issue would break
    // this, and no timer can have that yet.
    let unscheduledTimer kind about incarnation token : Timer<'Id> =
        let identity = identityOf about

        let token =
            match token with
            | CurrentToken -> node.State.Token
            | PreviousToken -> node.State.Token - 1UL
            | FirstToken -> 0UL
            | UnknownToken -> node.State.Token + 1000UL

        match kind with
        | 0 -> ProbeRandomMember token
        | 1 -> SendIndirectProbe(identity, token)
        | 2 -> ChangeSuspectToDown(identity, incarnation, token)
        | 3 -> PeriodicAnnounce token
        | 4 -> PeriodicAnnounceDown token
        | 5 -> PeriodicGossip token
        | 6 -> RemoveDown identity
        | _ -> RemoveTombstone(uint64 incarnation % 6UL)

    let takePending index =
        if pending.Count = 0 then
            None
        else
            let timer = pending[index % pending.Count]
            pending.RemoveAt(index % pending.Count)
            Some(TimerFired timer)

    let nextIdentity identity =
        match identity with
        | Some identity -> identityOf identity
        | None ->
            let own = node.State.Identity
            scheme.Identity (scheme.NodeOf own) (1 + scheme.GenerationOf own)

    let configure packetSize transmissions probes notifies =
        let config =
            { node.Rules.Config with
                MaxPacketSize = packetSize
                MaxTransmissions = transmissions
                IndirectProbes = probes
                NotifyDownMembers = notifies
            }

        match Rules.withConfig config node.Rules with
        | Ok rules -> node.Rules <- rules
        | Error error -> failwith $"The configuration cannot change: {error}."

    // The event of an input; none if it changes the parameters, or if no timer is pending.
    let eventOf (input: TraceInput) : Event<'Id> option =
        match input with
        | TraceInput.Receive packet -> Some(PacketReceived(packetOf packet))
        | TraceInput.FirePending index -> takePending index
        | TraceInput.FireUnscheduled(kind, about, incarnation, token) ->
            Some(TimerFired(unscheduledTimer kind about incarnation token))
        | TraceInput.AnnounceTo identity -> Some(AnnounceTo(identityOf identity))
        | TraceInput.Gossip -> Some GossipNow
        | TraceInput.Broadcast -> Some BroadcastNow
        | TraceInput.Leave -> Some LeaveCluster
        | TraceInput.ChangeIdentity identity -> Some(ChangeIdentity(nextIdentity identity))
        | TraceInput.ReuseIdentity -> Some ReuseDownIdentity
        | TraceInput.ApplyMany(records, disseminate) -> Some(ApplyMany(recordsOf records, disseminate))
        | TraceInput.AcceptBroadcast(key, version, size) ->
            Some(BroadcastAccepted(ValueKey(key, version), payload key version size))
        | TraceInput.BroadcastsHandled -> Some BroadcastsHandled
        | TraceInput.Configure(packetSize, transmissions, probes, notifies) ->
            configure packetSize transmissions probes notifies
            None

    /// How many steps the member took.
    member val Steps = 0 with get, set

    member private player.Step(event: Event<'Id>) : Failure list =
        let before = node.State
        let struct (after, effects) = stepper.Invoke(node.Rules, before, event)
        node.State <- after
        player.Steps <- player.Steps + 1
        checker.Stepped(0L, node, before, event, effects)

        for effect in effects do
            match effect with
            | Schedule(timer, _) -> pending.Add timer
            | _ -> ()

        List.ofSeq checker.Failures

    /// Plays one input: the failures so far.
    member player.Play(input: TraceInput) : Failure list =
        match eventOf input with
        | None -> []
        | Some event ->
            try
                player.Step event
            with error ->
                [
                    {
                        Property = "NothingThrows"
                        At = TimeSpan.Zero
                        Node = 1
                        Detail = $"{error}"
                    }
                ]
