/// What a state, a packet and a notification of the core are in the model, and back. No other file
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
    }

// Records.

let private statusOf (status: Status) =
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
let kindOf (message: Message<'Id>) : string =
    match message with
    | Ping _ -> "ping"
    | PingReq _ -> "pingreq"
    | IndirectPing _ -> "indirectping"
    | IndirectAck _ -> "indirectack"
    | Ack _
    | ForwardedAck _
    | Gossip
    | Broadcast -> "data"
    | Announce -> "announce"
    | Feed -> "feed"
    | TurnUndead -> "turnundead"

/// The messages that a kind stands for when it arrives.
let ofKind (kind: string) (named: ModelId option) : Message<ModelId> list =
    match kind, named with
    | "ping", None -> [ Ping 7u ]
    | "data", None -> [ Gossip; Ack 7u ]
    | "data", Some target -> [ ForwardedAck(target, 7u) ]
    | "pingreq", Some target -> [ PingReq(target, 7u) ]
    | "indirectping", Some origin -> [ IndirectPing(origin, 7u) ]
    | "indirectack", Some origin -> [ IndirectAck(origin, 7u) ]
    | "announce", None -> [ Announce ]
    | "feed", None -> [ Feed ]
    | "turnundead", None -> [ TurnUndead ]
    | other -> failwith $"no message is {other}"

let packetOf (name: 'Id -> ModelId) (packet: Packet<'Id>) : ModelPacket =
    {
        Kind = kindOf packet.Header.Message
        Source = name packet.Header.Source
        SourceIncarnation = int packet.Header.SourceIncarnation
        Destination = name packet.Header.Destination
        Named = packet.Header.Message |> Message.named |> ValueOption.map name |> ValueOption.toOption
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
                        Message = message
                    }
                Updates = ArraySegment(Array.ofList (ofRecords packet.Updates))
                Broadcasts = ArraySegment.Empty
            }
    ]

/// A notification about ourselves carries no identity; in the model it has ours.
let noteOf (name: 'Id -> ModelId) (ours: 'Id) (notification: SwimEvent<'Id>) : ModelNote =
    let note kind identity =
        let id = name identity
        kind, id.Address, id.Generation

    match notification with
    | MemberUp identity -> note "up" identity
    | MemberDown identity -> note "down" identity
    | Rename(_, after) -> note "rename" after
    | Active -> note "active" ours
    | Idle -> note "idle" ours
    | Defunct -> note "defunct" ours
    | Rejoin identity -> note "rejoin" identity

/// The notifications among effects. Those about ourselves are about who we are at that moment.
let notesOf (name: 'Id -> ModelId) (ours: 'Id) (effects: Effect<'Id> seq) : ModelNote list =
    (([], ours), effects)
    ||> Seq.fold (fun (notes, ours) effect ->
        match effect with
        | Notify(Rejoin next as notification) -> noteOf name ours notification :: notes, next
        | Notify notification -> noteOf name ours notification :: notes, ours
        | _ -> notes, ours)
    |> fst
    |> List.rev

// Timers.

/// The suspicion that a timer ends.
let suspicionOf (name: 'Id -> ModelId) (timer: Timer<'Id>) =
    match timer with
    | ChangeSuspectToDown(suspect, incarnation, _) ->
        let id = name suspect
        Some(id.Address, id.Generation, int incarnation)
    | _ -> None

/// The Down member that a timer forgets.
let removalOf (name: 'Id -> ModelId) (timer: Timer<'Id>) =
    match timer with
    | RemoveDown identity ->
        let id = name identity
        Some(id.Address, id.Generation)
    | _ -> None

// States.

let private connectionOf (connection: Connection) =
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

/// The model's view of a state. The timers that are out are the host's to know.
let stateOf
    (name: 'Id -> ModelId)
    (suspicions: Set<int * int * int>)
    (removals: Set<int * int>)
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
            |> Seq.map (fun stone -> (name stone.Identity).Address, (name stone.Identity).Generation)
            |> Map.ofSeq
        Up = recordsOf name (State.updatesBacklog state |> Seq.map (fun struct (record, _) -> record))
        Susp = suspicions
        Rem = removals
    }

/// A table in which the next member to be probed is that at `probed`, if it is active.
let private ofTable rules (probed: int) (records: ModelRecords) =
    let mutable random = RandomGenerator.create 1UL
    let mutable table = MemberTable.empty ()

    // Each active record goes behind those before it, as long as nobody was probed yet.
    let order =
        ofRecords records
        |> List.sortBy (fun record -> not (MemberRecord.isActive record), record.Identity.Address = probed)

    for record in order do
        table <- MemberTable.insert rules.Identities (Owner()) &random record -1 table

    let cursor = if probed = 0 then 0 else table.ActiveCount - 1
    MemberTable(table.Rows, table.Index, cursor, table.ActiveCount)

/// The state of the core that the model means. `probed` is the address that is probed next, or 0.
/// `transmissions` says how many each update in the backlog has left.
let ofState (rules: Rules<ModelId>) probed (transmissions: int -> int) (model: ModelState) : State<ModelId> =
    let fresh = State.create model.Id 1UL
    let mutable stones = fresh.Tombstones
    let mutable backlog = fresh.Updates

    for address, generation in Map.toSeq model.Tomb do
        let dead: ModelId = { Address = address; Generation = generation }
        stones <- Tombstones.add rules.Identities (Owner()) dead stones

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

    { fresh with
        Incarnation = uint16 model.Inc
        Connection = ofConnection model.Conn
        HasLeft = model.Left
        AwaitingActive = model.Await
        AnnouncesToDown = model.Conn <> "defunct" && not model.Mem.IsEmpty
        Token = 5UL
        Members = ofTable rules probed model.Mem
        Tombstones = stones
        Updates = backlog
    }

/// The timer that ends the tombstone at an address, in a state that `ofState` made: tombstones are
/// numbered in the order of addresses.
let tombstoneTimer (address: int) (model: ModelState) : Timer<ModelId> =
    let place = model.Tomb |> Map.toSeq |> Seq.findIndex (fun (other, _) -> other = address)
    RemoveTombstone(uint64 place)
