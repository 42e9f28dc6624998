namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Core
open Swim.Simulation

/// Which protocol the members of a trial run: the real one, or one with a mistake.
type IProtocol =
    abstract Stepper<'Id when 'Id: equality> : unit -> Stepper<'Id>

/// The protocol as it is.
[<Sealed>]
type RealProtocol() =
    interface IProtocol with
        member _.Stepper<'Id when 'Id: equality>() = ProtocolStepper<'Id>() :> Stepper<'Id>

/// A single core that is played a trace, with every invariant held against each step. Its own identity is
/// that of member 1 in its second generation, so that there are older and newer ones.
[<Sealed>]
type TracePlayer<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (scheme: IdentityScheme<'Id>, rules: Rules<'Id>, seed: uint64, stepper: Stepper<'Id>) =

    let node = Node(1, rules, State.create (scheme.Identity 1 2) seed)
    let checker = Checker<'Id> 1
    let timers = ResizeArray<Timer<'Id>>()
    do checker.Started node

    let stranger address generation = scheme.Identity address generation

    let identityOf who =
        match who with
        | Who.Stranger(address, generation) -> stranger address generation
        | Who.Ourselves -> node.State.Identity
        | Who.Known index ->
            let known = node.State.Members

            if known.Count = 0 then stranger 2 1 else known[index % known.Count].Identity
        | Who.Probed ->
            match node.State.Probe.Target with
            | ValueSome target -> target.Identity
            | ValueNone -> stranger 2 1

    // As it may stand in a packet: also a Down one with an incarnation.
    let recordOf (said: Said) : Member<'Id> =
        {
            Identity = identityOf said.About
            Incarnation = said.Incarnation
            Status = said.Status
        }

    let recordsOf (said: Said list) = ArraySegment(said |> List.map recordOf |> Array.ofList)

    let payload key version size : Payload =
        Payload(Array.init size (fun index -> if index = 0 then byte key else byte version))

    let messageOf (word: Word) : Message<'Id> =
        let number =
            match word.Number with
            | Current -> node.State.Probe.Number
            | Another number -> number

        let named = identityOf word.Named

        match word.Kind with
        | 0 -> Gossip
        | 1 -> Ping number
        | 2 -> Ack number
        | 3 -> PingReq(named, number)
        | 4 -> IndirectPing(named, number)
        | 5 -> IndirectAck(named, number)
        | 6 -> ForwardedAck(named, number)
        | 7 -> Announce
        | 8 -> Feed
        | 9 -> Broadcast
        | _ -> TurnUndead

    let packetOf (word: Word) : Packet<'Id> =
        {
            Header =
                {
                    Source = identityOf word.From
                    SourceIncarnation = word.Incarnation
                    Destination = identityOf word.To
                    Message = messageOf word
                }
            Updates = recordsOf word.Updates
            Broadcasts =
                ArraySegment(
                    word.Broadcasts
                    |> List.map (fun (key, version, size) -> payload key version size)
                    |> Array.ofList
                )
        }

    // `History` counts the timers that are out, and the core answers each timer of a cycle with the next: one
    // that comes on top of those leaves the count as it is. Only a token that is about to be given out would
    // not do: nobody can know it yet.
    let strayTimer kind about incarnation token : Timer<'Id> =
        let who = identityOf about

        let token =
            match token with
            | OfNow -> node.State.Token
            | OfBefore -> node.State.Token - 1UL
            | OfTheBeginning -> 0UL
            | OfNobody -> node.State.Token + 1000UL

        match kind with
        | 0 -> ProbeRandomMember token
        | 1 -> SendIndirectProbe(who, token)
        | 2 -> ChangeSuspectToDown(who, incarnation, token)
        | 3 -> PeriodicAnnounce token
        | 4 -> PeriodicAnnounceDown token
        | 5 -> PeriodicGossip token
        | 6 -> RemoveDown who
        | _ -> RemoveTombstone(uint64 incarnation % 6UL)

    let takeTimer index =
        if timers.Count = 0 then
            None
        else
            let timer = timers[index % timers.Count]
            timers.RemoveAt(index % timers.Count)
            Some(TimerFired timer)

    let changeTo who =
        match who with
        | Some who -> identityOf who
        | None ->
            scheme.Identity (scheme.NodeOf node.State.Identity) (1 + scheme.GenerationOf node.State.Identity)

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
        | Error error -> failwith $"{error}"

    /// The event that a move is here; none if it is a change of the configuration, or no timer is out.
    member private _.EventOf(move: TraceInput) : Event<'Id> option =
        match move with
        | Hear word -> Some(PacketReceived(packetOf word))
        | Fire index -> takeTimer index
        | Misfire(kind, about, incarnation, token) ->
            Some(TimerFired(strayTimer kind about incarnation token))
        | AnnounceWord who -> Some(AnnounceTo(identityOf who))
        | GossipWord -> Some GossipNow
        | BroadcastWord -> Some BroadcastNow
        | LeaveWord -> Some LeaveCluster
        | ChangeTo who -> Some(ChangeIdentity(changeTo who))
        | ReuseWord -> Some ReuseDownIdentity
        | Apply(said, broadcast) -> Some(ApplyMany(recordsOf said, broadcast))
        | Accept(key, version, size) ->
            Some(BroadcastAccepted(ValueKey(key, version), payload key version size))
        | Handled -> Some BroadcastsHandled
        | Configure(packetSize, transmissions, probes, notifies) ->
            configure packetSize transmissions probes notifies
            None

    /// How many steps it took.
    member val Steps = 0 with get, set

    member _.State = node.State

    member private core.Step(event: Event<'Id>) : Failure list =
        let before = node.State
        let struct (after, effects) = stepper.Invoke(node.Rules, before, event)
        node.State <- after
        core.Steps <- core.Steps + 1
        checker.Stepped(0L, node, before, event, effects)

        for effect in effects do
            match effect with
            | Schedule(timer, _) -> timers.Add timer
            | _ -> ()

        List.ofSeq checker.Failures

    /// Takes one step; what is broken by it.
    member core.Play(move: TraceInput) : Failure list =
        match core.EventOf move with
        | None -> []
        | Some event ->
            try
                core.Step event
            with error ->
                [
                    {
                        Property = "NothingThrows"
                        At = TimeSpan.Zero
                        Node = 1
                        Detail = $"{error}"
                    }
                ]
