namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Core
open Swim.Simulation

/// The protocol that the members of a case run: the real one, or one with a mistake.
type IProtocol =
    abstract Runner<'Id when 'Id: equality> : unit -> StepRunner<'Id>

/// The protocol as it is.
[<Sealed>]
type RealProtocol() =
    interface IProtocol with
        member _.Runner<'Id when 'Id: equality>() = StepRunner<'Id>()

/// Plays a trace to a single member and checks each step. It takes single steps without a `MemberDriver`, so that
/// events come in orders that no driver gives them. The member's identity is that of member 1 in its second
/// generation, so that older and newer ones exist.
[<Sealed>]
type TracePlayer<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (scheme: IdentityScheme<'Id>, startRules: Rules<'Id>, randomSeed: uint64, runner: StepRunner<'Id>) =

    let history = History<'Id> startRules.Identities
    let pending = ResizeArray<Timer<'Id>>()
    let mutable rules = startRules
    let mutable state = State.create (scheme.Identity 1 2) randomSeed

    let identityOf identity =
        match identity with
        | RelativeIdentity.Stranger(address, generation) -> scheme.Identity address generation
        | RelativeIdentity.Own -> state.Identity
        | RelativeIdentity.Known index ->
            let known = state.Members

            if known.Count = 0 then
                scheme.Identity 2 1
            else
                known[index % known.Count].Identity
        | RelativeIdentity.Probed ->
            match state.Probe.Target with
            | ValueSome target -> target.Identity
            | ValueNone -> scheme.Identity 2 1

    // As a packet may carry it: a Down record may have an incarnation.
    let recordOf (input: RecordInput) : MemberRecord<'Id> =
        {
            Identity = identityOf input.About
            Incarnation = input.Incarnation
            Status = input.Status
            Accuser = null
        }

    let recordsOf (inputs: RecordInput list) = ArraySegment(inputs |> List.map recordOf |> Array.ofList)

    let payload key version size : Payload =
        Payload(Array.init size (fun index -> if index = 0 then byte key else byte version))

    let messageOf (input: PacketInput) : Message<'Id> =
        let number =
            match input.Number with
            | Current -> state.Probe.Number
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
                    Health = 0uy
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
            | CurrentToken -> state.Token
            | PreviousToken -> state.Token - 1UL
            | FirstToken -> 0UL
            | UnknownToken -> state.Token + 1000UL

        match kind with
        | 0 -> ProbeRandomMember token
        | 1 -> SendIndirectProbe(identity, token)
        | 2 -> ChangeSuspectToDown(identity, incarnation, 0, token)
        | 3 -> PeriodicAnnounce token
        | 4 -> PeriodicAnnounceDown token
        | 5 -> PeriodicGossip token
        | 6 -> RemoveDown(identity, incarnation)
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
            let own = state.Identity
            scheme.Identity (scheme.NodeOf own) (1 + scheme.GenerationOf own)

    let configure packetSize transmissions probes notifies =
        let config =
            { rules.Config with
                MaxPacketSize = packetSize
                MaxTransmissions = transmissions
                IndirectProbes = probes
                NotifyDownMembers = notifies
            }

        match Rules.withConfig config rules with
        | Ok changed -> rules <- changed
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
        let before = state
        let struct (after, effects) = runner.Step(rules, before, &event)
        state <- after
        player.Steps <- player.Steps + 1
        history.Observe(event, effects)

        for effect in effects do
            match effect with
            | Schedule(timer, _) -> pending.Add timer
            | _ -> ()

        Checks.broken
            {
                Rules = rules
                Before = before
                Event = event
                After = after
                Effects = effects
                History = history
            }
        |> List.map (fun check -> TracePlayer<'Id>.Failure(check, $"%A{event}"))

    static member private Failure(property: string, detail: string) : Failure =
        { Property = property; At = TimeSpan.Zero; Node = 1; Detail = detail }

    /// Plays one input: the failures of its step.
    member player.Play(input: TraceInput) : Failure list =
        match eventOf input with
        | None -> []
        | Some event ->
            try
                player.Step event
            with error ->
                [ TracePlayer<'Id>.Failure("NothingThrows", $"{error}") ]
