/// What a state, a packet and an event of the core are in the model, and back. No other file
/// knows both. From core to model every function is total; `name` says what an identity is called there.
[<RequireQualifiedAccess>]
module Swim.Conformance.Abstraction

open System
open Swim
open Swim.Core

/// The identities of the model: the newer generation wins, and some addresses can renew.
let identities (renewable: Set<int>) : IIdentityOperations<ModelId> =
    { new IIdentityOperations<ModelId> with
        member _.SameIdentity(left, right) = (left = right)
        member _.SameAddress(left, right) = left.Address = right.Address
        member _.AddressHash identity = identity.Address
        member _.WinsAddressConflict(identity, other) = identity.Generation > other.Generation

        member _.Renew identity =
            if Set.contains identity.Address renewable then
                ValueSome { identity with Generation = identity.Generation + 1 }
            else
                ValueNone

        member operations.RenewAbove(identity, rival) =
            operations.Renew { identity with Generation = max identity.Generation rival.Generation }
    }

// Records.

let private statusOf (status: MemberStatus) =
    match status with
    | MemberStatus.Alive -> "alive"
    | MemberStatus.Suspect -> "suspect"
    | MemberStatus.Down -> "down"
    | other -> $"status {int other}"

let private ofStatus (status: string) =
    match status with
    | "alive" -> MemberStatus.Alive
    | "suspect" -> MemberStatus.Suspect
    | "down" -> MemberStatus.Down
    | other -> failwith $"no status is called {other}"

let recordOf (name: 'Id -> ModelId) (record: MemberRecord<'Id>) : ModelRecord =
    {
        Generation = (name record.Identity).Generation
        Incarnation = int record.Incarnation
        Status = statusOf record.Status
    }

/// Not through `MemberRecord.create`: what a model says is what a member is told.
let ofRecord (address: int) (record: ModelRecord) : MemberRecord<ModelId> =
    {
        Identity = { Address = address; Generation = record.Generation }
        Incarnation = uint16 record.Incarnation
        Status = ofStatus record.Status
        Accuser = null
    }

let recordsOf (name: 'Id -> ModelId) (records: MemberRecord<'Id> seq) : ModelRecords =
    records
    |> Seq.map (fun record -> (name record.Identity).Address, recordOf name record)
    |> Map.ofSeq

/// In the order of addresses, as the model merges them.
let ofRecords (records: ModelRecords) : MemberRecord<ModelId> list =
    [ for address, record in Map.toSeq records -> ofRecord address record ]

// Packets.

/// The model has one kind for all that is not answered.
let kindOf (kind: MessageKind) : string =
    match kind with
    | MessageKind.Ping -> "ping"
    | MessageKind.PingReq -> "pingreq"
    | MessageKind.IndirectPing -> "indirectping"
    | MessageKind.IndirectAck -> "indirectack"
    | MessageKind.Ack
    | MessageKind.ForwardedAck
    | MessageKind.Gossip
    | MessageKind.Broadcast -> "data"
    | MessageKind.Announce -> "announce"
    | MessageKind.Feed -> "feed"
    | MessageKind.TurnUndead -> "turnundead"
    | other -> $"kind {int other}"

/// The messages that a kind stands for when it arrives.
let ofKind (kind: string) (named: ModelId option) : Message<ModelId> list =
    match kind, named with
    | "ping", None -> [ Message.ping 7u ]
    | "data", None -> [ Message.gossip; Message.ack 7u ]
    | "data", Some target -> [ Message.forwardedAck target 7u ]
    | "pingreq", Some target -> [ Message.pingReq target 7u ]
    | "indirectping", Some origin -> [ Message.indirectPing origin 7u ]
    | "indirectack", Some origin -> [ Message.indirectAck origin 7u ]
    | "announce", None -> [ Message.announce ]
    | "feed", None -> [ Message.feed ]
    | "turnundead", None -> [ Message.turnUndead ]
    | other -> failwith $"no message is {other}"

let packetOf (name: 'Id -> ModelId) (packet: Packet<'Id>) : ModelPacket =
    {
        Kind = kindOf packet.Header.Kind
        Source = name packet.Header.Source
        SourceIncarnation = int packet.Header.SourceIncarnation
        Destination = name packet.Header.Destination
        Named = if packet.Header.NamesMember then Some(name packet.Header.Named) else None
        Updates = recordsOf name packet.Updates
    }

let ofPacket (packet: ModelPacket) : Packet<ModelId> list =
    [
        for message in ofKind packet.Kind packet.Named ->
            {
                Header =
                    {
                        Source = packet.Source
                        SourceIncarnation = uint16 packet.SourceIncarnation
                        Destination = packet.Destination
                        Kind = message.Kind
                        Named = message.Named
                        ProbeNumber = message.ProbeNumber
                        Health = 0uy
                    }
                Updates = ArraySegment(Array.ofList (ofRecords packet.Updates))
                Broadcasts = ArraySegment.Empty
            }
    ]

/// What an event is in the model, which notes neither suspicions nor incarnations. A member that came up or went
/// down under another identity is noted twice there.
let private notesOfEvent (name: 'Id -> ModelId) (event: SwimEvent<'Id>) : ModelNote list =
    let note kind =
        let id = name event.Identity
        [ kind, id.Address, id.Generation ]

    let renamed =
        if
            event.HasBefore
            && event.HasAfter
            && name event.Before.Identity <> name event.After.Identity
        then
            note "rename"
        else
            []

    match event.Kind with
    | SwimEventKind.MemberUp -> renamed @ note "up"
    | SwimEventKind.MemberDown -> renamed @ note "down"
    | SwimEventKind.MemberRenamed -> note "rename"
    | SwimEventKind.Active -> note "active"
    | SwimEventKind.Idle -> note "idle"
    | SwimEventKind.Defunct -> note "defunct"
    | SwimEventKind.Rejoined -> note "rejoin"
    | _ -> []

/// What the events among effects are in the model.
let notesOf (name: 'Id -> ModelId) (effects: Effect<'Id> seq) : ModelNote list =
    [
        for effect in effects do
            match effect with
            | Notify event -> yield! notesOfEvent name event
            | _ -> ()
    ]

// Timers.

/// The suspicion that a timer ends.
let suspicionOf (name: 'Id -> ModelId) (timer: Timer<'Id>) =
    match timer with
    | ChangeSuspectToDown(suspect, incarnation, _, _) ->
        let id = name suspect
        Some(id.Address, id.Generation, int incarnation)
    | _ -> None

/// The Down member that a timer forgets.
let removalOf (name: 'Id -> ModelId) (timer: Timer<'Id>) =
    match timer with
    | RemoveDown(identity, incarnation) ->
        let id = name identity
        Some(id.Address, id.Generation, int incarnation)
    | _ -> None

// States.

let private connectionOf (connection: ConnectionState) =
    match connection with
    | ConnectionState.Idle -> "idle"
    | ConnectionState.Active -> "active"
    | ConnectionState.Defunct -> "defunct"
    | other -> $"connection {int other}"

let private ofConnection (connection: string) =
    match connection with
    | "idle" -> ConnectionState.Idle
    | "active" -> ConnectionState.Active
    | "defunct" -> ConnectionState.Defunct
    | other -> failwith $"no connection is called {other}"

/// The model's view of a state. The pending timers are known to the host.
let stateOf
    (name: 'Id -> ModelId)
    (suspicions: Set<int * int * int>)
    (removals: Set<int * int * int>)
    (state: State<'Id>)
    : ModelState =
    let tombstones =
        Seq.init state.Tombstones.Ring.Count (fun slot -> state.Tombstones.Ring[slot])
        |> Seq.filter _.Standing

    {
        Id = name state.Identity
        Inc = int state.Incarnation
        Conn = connectionOf state.Connection
        Left = state.HasLeft
        Await = state.AwaitingActive
        Mem = recordsOf name (State.allMembers state)
        Tomb =
            tombstones
            |> Seq.map (fun stone ->
                let id = name stone.Identity
                id.Address, (id.Generation, int stone.Incarnation))
            |> Map.ofSeq
        Up = recordsOf name (State.updatesBacklog state |> Seq.map (fun struct (record, _) -> record))
        Susp = suspicions
        Rem = removals
    }

/// A table in which the next member to be probed is that at `probed`, if it is active.
let private ofTable rules (probed: int) (records: ModelRecords) =
    let mutable random = RandomGenerator.create 1UL
    let mutable table = MemberTable.empty ()

    // Each active record goes behind those before it, as long as no member was probed yet.
    let order =
        ofRecords records
        |> List.sortBy (fun record -> not (MemberRecord.isActive record), record.Identity.Address = probed)

    for record in order do
        table <- MemberTable.insert rules.Identities (Owner()) &random (Row.create record -1 null) table

    let cursor = if probed = 0 then 0 else table.ActiveCount - 1
    MemberTable(Owner(), table.Rows, table.Index, cursor, table.ActiveCount)

/// The state of the core that the model means. `probed` is the address that is probed next, or 0.
/// `transmissions` says how many each update in the backlog has left.
let ofState (rules: Rules<ModelId>) probed (transmissions: int -> int) (model: ModelState) : State<ModelId> =
    let mutable stones = Tombstones.empty ()
    let mutable backlog = Backlog.empty ()

    for address, (generation, incarnation) in Map.toSeq model.Tomb do
        let dead: ModelId = { Address = address; Generation = generation }
        let record = MemberRecord.down dead (uint16 incarnation)
        stones <- Tombstones.add rules.Identities (Owner()) record stones

    for record in ofRecords model.Up do
        let address = record.Identity.Address

        backlog <-
            Backlog.add
                (Owner())
                record
                (rules.Identities.AddressHash record.Identity)
                (rules.Sizes.MemberSize &record)
                (transmissions address)
                backlog

    State(
        model.Id,
        1UL,
        Incarnation = uint16 model.Inc,
        Connection = ofConnection model.Conn,
        HasLeft = model.Left,
        AwaitingActive = model.Await,
        AnnouncesToDown = (model.Conn <> "defunct" && not model.Mem.IsEmpty),
        Token = 5UL,
        Members = ofTable rules probed model.Mem,
        Tombstones = stones,
        Updates = backlog
    )

/// The timer that ends the tombstone at an address, in a state that `ofState` made: tombstones are
/// numbered in the order of addresses.
let tombstoneTimer (address: int) (model: ModelState) : Timer<ModelId> =
    let place = model.Tomb |> Map.toSeq |> Seq.findIndex (fun (other, _) -> other = address)
    RemoveTombstone(uint64 place)
