/// Takes a transition of the model in the core, and says where the two differ.
[<RequireQualifiedAccess>]
module Swim.Conformance.Replay

open System
open Swim
open Swim.Core

/// A step to take, and what is to come of it.
[<NoEquality; NoComparison>]
type Play =
    {
        Before: State<ModelId>
        Event: Event<ModelId>
        /// The timers of the model that the event uses up.
        Fired: Set<int * int * int> * Set<int * int * int>
        Expected: Outcome
    }

/// Room for all members in every packet, an answer for each member, and no update that is used up: then
/// nothing of a step is left to chance.
let private config =
    { SwimConfig.Simple() with
        IndirectProbes = 255
        MaxTransmissions = 255
        MaxPacketSize = 65507
        NotifyDownMembers = true
        PeriodicAnnounceToDown = System.Nullable { Frequency = TimeSpan.FromSeconds 1.0; Members = 255 }
    }

let private sizes =
    { new ISizes<ModelId> with
        member _.HeaderSize _ = 20
        member _.MemberSize _ = 8
    }

/// The rules under which a model's transitions are taken.
let rulesFor (downIsFinal: bool) (renewable: Set<int>) : Rules<ModelId> =
    Rules.create { config with DownIsFinal = downIsFinal } (Abstraction.identities renewable) sizes

let private rulesOf (transition: Transition) = rulesFor transition.DownIsFinal transition.Renewable

/// A timer counts if it comes when it should.
let private timersOf (effects: Effect<ModelId> list) =
    [
        for effect in effects do
            match effect with
            | Schedule(ChangeSuspectToDown _ as timer, after) when after = config.SuspectToDownAfter -> timer
            | Schedule(RemoveDown _ | RemoveTombstone _ as timer, after) when after = config.RemoveDownAfter ->
                timer
            | Schedule(ProbeRandomMember _ as timer, after) when after = config.ProbePeriod -> timer
            | _ -> ()
    ]

let private outcome (play: Play) (model: ModelState) (after: State<ModelId>) effects : Outcome =
    let timers = timersOf effects
    let firedSuspicions, firedRemovals = play.Fired

    {
        State =
            Abstraction.stateOf
                id
                (model.Susp - firedSuspicions + set (Seq.choose (Abstraction.suspicionOf id) timers))
                (model.Rem - firedRemovals + set (Seq.choose (Abstraction.removalOf id) timers))
                after
        Out =
            set
                [
                    for effect in effects do
                        match effect with
                        | Send packet -> Abstraction.packetOf id packet
                        | _ -> ()
                ]
        Notes = Abstraction.notesOf id effects
        NewToken = after.Token > play.Before.Token
        Probes = List.contains (ProbeRandomMember after.Token) timers
        AnnouncesToDown = after.AnnouncesToDown
        TombstoneTimers = timers |> List.filter _.IsRemoveTombstone |> List.length
        Reports =
            [
                for effect in effects do
                    match effect with
                    | Report error -> error
                    | _ -> ()
            ]
    }

/// What the transition says, and what follows from it for what the model leaves out.
let private expected (transition: Transition) : Outcome =
    let before = transition.Before
    let after = transition.After
    let isProbe = transition.Operator = "Ping" || transition.Operator = "Suspect"
    let connects = before.Conn = "idle" && after.Conn = "active"

    // What the core says of a packet that it refuses (R9.2, R11).
    let reports =
        match transition.Argument with
        | Packet packet when packet.Source.Address = before.Id.Address -> [ SwimError.DataFromOurselves ]
        | Packet packet when packet.IsFor before.Id && packet.Names before.Id.Address ->
            [ SwimError.IndirectForOurselves ]
        | _ -> []

    let newLife = before.Id <> after.Id || (before.Conn <> after.Conn && not connects)

    {
        State = after
        Out = transition.Out
        Notes = transition.Notes
        NewToken = newLife
        Probes = after.Conn = "active" && (newLife || connects || isProbe)
        AnnouncesToDown = after.Conn <> "defunct" && not (before.Mem.IsEmpty && after.Mem.IsEmpty)
        TombstoneTimers = if before.Tomb = after.Tomb || transition.Operator <> "Forget" then 0 else 1
        Reports = reports
    }

let private identityAt (records: ModelRecords) address : ModelId =
    { Address = address; Generation = records[address].Generation }

let private firstActive (state: ModelState) = state.Mem |> Map.findKey (fun _ record -> record.IsActive)

/// The `Ping` that begins a probe; a suspect hears of its suspicion (R12.14).
let private pingOf (state: ModelState) address : ModelPacket =
    {
        Kind = "ping"
        Source = state.Id
        SourceIncarnation = state.Inc
        Destination = identityAt state.Mem address
        Named = None
        Updates =
            if state.Mem[address].Status = "suspect" then
                Map.add address state.Mem[address] state.Up
            else
                state.Up
    }

/// A transition to take, from the state of the core that stands for the model's.
[<NoEquality; NoComparison>]
type private Start =
    {
        Transition: Transition
        Rules: Rules<ModelId>
        State: State<ModelId>
        /// What the transition says.
        Says: Outcome
    }

    member start.Before = start.Transition.Before

    member start.NothingHappens =
        { start.Says with
            State = start.Before
            Out = Set.empty
            Notes = []
            Probes = false
        }

let private plenty = fun _ -> 255

let private take (start: Start) event : Play =
    {
        Before = start.State
        Event = event
        Fired = Set.empty, Set.empty
        Expected = start.Says
    }

/// R4.5: with an old token a timer does nothing.
let private spent (start: Start) timer : Play =
    { take start (TimerFired timer) with Expected = start.NothingHappens }

let private expire (start: Start) (suspect: ModelId) incarnation : Play list =
    let before = start.Before
    let fired = Set.singleton (suspect.Address, suspect.Generation, incarnation), Set.empty
    let timer token = ChangeSuspectToDown(suspect, uint16 incarnation, 0, token)

    let stands =
        Map.tryFind suspect.Address before.Mem =
            Some
                {
                    Generation = suspect.Generation
                    Incarnation = incarnation
                    Status = "suspect"
                }

    // One of an old life is set again if its suspicion stands, so it stays pending (R12.11).
    let remaining = if stands then before else { before with Susp = before.Susp - fst fired }

    [
        { take start (TimerFired(timer start.State.Token)) with Fired = fired }
        { take start (TimerFired(timer (start.State.Token - 1UL))) with
            Fired = fired
            Expected =
                { start.NothingHappens with
                    State = remaining
                    NewToken = false
                    AnnouncesToDown = start.State.AnnouncesToDown
                }
        }
    ]

/// The core concludes a probe and begins the next in one step. Here the next is of the same member if it can be, so
/// that we know what else is sent: just the Ping of it (R12.14).
let private suspect (start: Start) address (target: ModelRecord) : Play =
    let before = start.Before
    let isActive = before.Mem.ContainsKey address && before.Mem[address].IsActive
    let next = if isActive then address else firstActive before
    let probing = Abstraction.ofState start.Rules next plenty before

    probing.Probe <-
        { probing.Probe with
            Target = ValueSome(Abstraction.ofRecord address target)
            ReachedIndirect = true
        }

    { take start (TimerFired(ProbeRandomMember start.State.Token)) with
        Before = probing
        Expected =
            { start.Says with
                Out = Set.add (pingOf start.Transition.After next) start.Transition.Out
            }
    }

/// The last transmission of an update has to go to a member: here to the one that is probed next.
let private spend (start: Start) spentOn : Play =
    let probed = firstActive start.Before
    let transmissions address = if address = spentOn then 1 else 255

    { take start (TimerFired(ProbeRandomMember start.State.Token)) with
        Before = Abstraction.ofState start.Rules probed transmissions start.Before
        Expected =
            { start.Says with
                Out = Set.singleton (pingOf start.Before probed)
                Probes = true
            }
    }

/// The ways to take a transition. Mostly there is one.
let plays (transition: Transition) : Play list =
    let rules = rulesOf transition
    let before = transition.Before
    let state = Abstraction.ofState rules 0 plenty before

    let start =
        {
            Transition = transition
            Rules = rules
            State = state
            Says = expected transition
        }

    match transition.Operator, transition.Argument with
    | "Receive", Packet packet ->
        [ for one in Abstraction.ofPacket packet -> take start (PacketReceived one) ]
    | "Announce", Number address -> [ take start (AnnounceTo { Address = address; Generation = 0 }) ]
    | "AnnounceDown", Nothing ->
        [
            take start (TimerFired(PeriodicAnnounceDown state.Token))
            spent start (PeriodicAnnounceDown(state.Token - 1UL))
        ]
    | "Leave", Nothing -> [ take start LeaveCluster ]
    | "Reuse", Nothing -> [ take start ReuseDownIdentity ]
    | "Assume", Number generation ->
        [ take start (ChangeIdentity { before.Id with Generation = generation }) ]
    | "Unbury", Number address -> [ take start (TimerFired(Abstraction.tombstoneTimer address before)) ]
    | "Forget", Timer [ address; generation; incarnation ] ->
        let dead: ModelId = { Address = address; Generation = generation }

        [
            { take start (TimerFired(RemoveDown(dead, uint16 incarnation))) with
                Fired = Set.empty, Set.singleton (address, generation, incarnation)
            }
        ]
    | "Expire", Timer [ address; generation; incarnation ] ->
        expire start { Address = address; Generation = generation } incarnation
    | "Ping", Number address ->
        [
            { take start (TimerFired(ProbeRandomMember state.Token)) with
                Before = Abstraction.ofState rules address plenty before
            }
            spent start (ProbeRandomMember(state.Token - 1UL))
        ]
    | "Suspect", Timer [ address; generation; incarnation ] ->
        [
            suspect start address { Generation = generation; Incarnation = incarnation; Status = "alive" }
        ]
    | "Spend", Number spentOn -> [ spend start spentOn ]
    | "Fresh", Number _ ->
        // No event at all: what a process starts with. An empty gossip shows that it sends nothing.
        [ { take start GossipNow with Before = State.create before.Id 1UL } ]
    | name, argument -> failwith $"{name} of {argument} is no step of a member"

let private nameOf (event: Event<ModelId>) =
    match event with
    | PacketReceived packet -> string packet.Header
    | TimerFired timer -> $"%A{timer}"
    | event -> $"%A{event}"

/// What differs between the model and the core; nothing if the core takes the step as the model does.
let compare (transition: Transition) : string list =
    [
        for play in plays transition do
            let struct (after, effects) = Protocol.step (rulesOf transition) play.Before play.Event

            for difference in
                Outcome.differences play.Expected (outcome play transition.Before after (List.ofSeq effects)) do
                $"{difference} (by {nameOf play.Event})"
    ]
