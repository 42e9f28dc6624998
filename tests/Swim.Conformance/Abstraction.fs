/// What a state, a packet and a notification of the core are in the model, and back. No other file
/// knows both. From core to model every function is total.
[<RequireQualifiedAccess>]
module Swim.Conformance.Abstraction

open System
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
    | Status.Alive -> "alive"
    | Status.Suspect -> "suspect"
    | Status.Down -> "down"
    | other -> $"status {int other}"

let private ofStatus (status: string) =
    match status with
    | "alive" -> Status.Alive
    | "suspect" -> Status.Suspect
    | "down" -> Status.Down
    | other -> failwith $"no status is called {other}"

let recordOf (record: Member<ModelId>) : ModelRecord =
    {
        Generation = record.Identity.Generation
        Incarnation = int record.Incarnation
        Status = statusOf record.Status
    }

/// Not through `Member.create`: what a model says is what a member is told.
let ofRecord (address: int) (record: ModelRecord) : Member<ModelId> =
    {
        Identity = { Address = address; Generation = record.Generation }
        Incarnation = uint16 record.Incarnation
        Status = ofStatus record.Status
    }

let recordsOf (records: Member<ModelId> seq) : ModelRecords =
    records |> Seq.map (fun record -> record.Identity.Address, recordOf record) |> Map.ofSeq

/// In the order of addresses, as the model merges them.
let ofRecords (records: ModelRecords) : Member<ModelId> list =
    [ for address, record in Map.toSeq records -> ofRecord address record ]

// Packets.

/// The model has one kind for what asks for a sign of life and one for what does not.
let kindOf (message: Message<ModelId>) : string =
    match message with
    | Ping _
    | PingReq _
    | IndirectPing _ -> "ping"
    | Ack _
    | IndirectAck _
    | ForwardedAck _
    | Gossip
    | Broadcast -> "data"
    | Announce -> "announce"
    | Feed -> "feed"
    | TurnUndead -> "turnundead"

/// The messages that a kind stands for when it arrives. An indirect one names somebody who takes no
/// part. Those whose answer goes to a third member have tests of their own.
let ofKind (kind: string) : Message<ModelId> list =
    let stranger: ModelId = { Address = 99; Generation = 1 }

    match kind with
    | "ping" -> [ Ping 7u; IndirectPing(stranger, 7u) ]
    | "data" -> [ Gossip; Ack 7u; ForwardedAck(stranger, 7u) ]
    | "announce" -> [ Announce ]
    | "feed" -> [ Feed ]
    | "turnundead" -> [ TurnUndead ]
    | other -> failwith $"no message is of kind {other}"

let packetOf (packet: Packet<ModelId>) : ModelPacket =
    {
        Kind = kindOf packet.Header.Message
        Source = packet.Header.Source
        SourceIncarnation = int packet.Header.SourceIncarnation
        Destination = packet.Header.Destination
        Updates = recordsOf packet.Updates
    }

let ofPacket (packet: ModelPacket) : Packet<ModelId> list =
    [
        for message in ofKind packet.Kind ->
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
let noteOf (ours: ModelId) (notification: Notification<ModelId>) : ModelNote =
    let note kind (id: ModelId) = kind, id.Address, id.Generation

    match notification with
    | MemberUp identity -> note "up" identity
    | MemberDown identity -> note "down" identity
    | Rename(_, after) -> note "rename" after
    | Active -> note "active" ours
    | Idle -> note "idle" ours
    | Defunct -> note "defunct" ours
    | Rejoin identity -> note "rejoin" identity

// States.

let private connectionOf (connection: Connection) =
    match connection with
    | Connection.Idle -> "idle"
    | Connection.Active -> "active"
    | Connection.Defunct -> "defunct"
    | other -> $"connection {int other}"

let private ofConnection (connection: string) =
    match connection with
    | "idle" -> Connection.Idle
    | "active" -> Connection.Active
    | "defunct" -> Connection.Defunct
    | other -> failwith $"no connection is called {other}"

/// The model's view of a state. The timers that are out are the host's to know.
let stateOf (suspicions: Set<int * int * int>) (removals: Set<int * int>) (state: State<ModelId>) =
    let tombstones =
        Seq.init state.Tombstones.Ring.Count (fun slot -> state.Tombstones.Ring[slot])
        |> Seq.filter _.Standing

    {
        Id = state.Identity
        Inc = int state.Incarnation
        Conn = connectionOf state.Connection
        Left = state.HasLeft
        Await = state.AwaitingActive
        Mem = recordsOf (State.allMembers state)
        Tomb =
            Map.ofSeq (tombstones |> Seq.map (fun stone -> stone.Identity.Address, stone.Identity.Generation))
        Up = recordsOf (State.updatesBacklog state |> Seq.map (fun struct (record, _) -> record))
        Susp = suspicions
        Rem = removals
    }

/// A table in which the next member to be probed is that at `probed`, if it is active.
let private ofTable rules (probed: int) (records: ModelRecords) =
    let mutable random = Generator.create 1UL
    let mutable table = MemberTable.empty ()

    // Each active record goes behind those before it, as long as nobody was probed yet.
    let order =
        ofRecords records
        |> List.sortBy (fun record -> not (Member.isActive record), record.Identity.Address = probed)

    for record in order do
        table <- MemberTable.insert rules.Identities (Edit()) &random record table

    let cursor = if probed = 0 then 0 else table.ActiveCount - 1
    MemberTable(table.Records, table.Index, cursor, table.ActiveCount)

/// The state of the core that the model means. `probed` is the address that is probed next, or 0.
/// `transmissions` says how many each update in the backlog has left.
let ofState (rules: Rules<ModelId>) probed (transmissions: int -> int) (model: ModelState) : State<ModelId> =
    let fresh = State.create model.Id 1UL
    let mutable stones = fresh.Tombstones
    let mutable backlog = fresh.Updates

    for address, generation in Map.toSeq model.Tomb do
        let dead: ModelId = { Address = address; Generation = generation }
        stones <- Tombstones.add rules.Identities (Edit()) dead stones

    for record in ofRecords model.Up do
        let address = record.Identity.Address

        backlog <-
            Backlog.add
                (Edit())
                record
                (rules.Identities.AddressHash record.Identity)
                (rules.Sizes.MemberSize record)
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
