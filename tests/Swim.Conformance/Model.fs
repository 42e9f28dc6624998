namespace Swim.Conformance

/// An identity as `tla/Swim.tla` has it. It serves as the core's identity too.
[<Struct>]
type ModelId =
    {
        Address: int
        Generation: int
    }

    override id.ToString() = $"{id.Address}.{id.Generation}"

/// What is believed of an address.
type ModelRecord =
    {
        Generation: int
        Incarnation: int
        /// "alive", "suspect" or "down".
        Status: string
    }

    member record.IsActive = record.Status <> "down"
    override record.ToString() = $"{record.Status} {record.Generation}/{record.Incarnation}"

/// A record for each address that has one.
type ModelRecords = Map<int, ModelRecord>

/// One member: the `s` of `Swim.tla`, under the same names.
type ModelState =
    {
        Id: ModelId
        Inc: int
        /// "idle", "active" or "defunct".
        Conn: string
        Left: bool
        Await: bool
        Mem: ModelRecords
        /// The generation and the incarnation that are buried at an address.
        Tomb: Map<int, int * int>
        Up: ModelRecords
        /// The pending suspicion timers: address, generation, incarnation.
        Susp: Set<int * int * int>
        /// The pending removal timers: address, generation, incarnation.
        Rem: Set<int * int * int>
    }

/// One packet.
type ModelPacket =
    {
        /// "data", "ping", "pingreq", "indirectping", "indirectack", "announce", "feed" or "turnundead".
        Kind: string
        Source: ModelId
        SourceIncarnation: int
        Destination: ModelId
        /// The third member that the message names.
        Named: ModelId option
        Updates: ModelRecords
    }

    /// R9.3: whether it is meant for this identity; to announce it is enough to know the address.
    member packet.IsFor(id: ModelId) =
        packet.Destination = id
        || (packet.Kind = "announce" && packet.Destination.Address = id.Address)

    /// Whether its third member is at this address.
    member packet.Names(address: int) = packet.Named |> Option.exists (fun named -> named.Address = address)

/// One event for the user: its kind, an address, a generation.
type ModelNote = string * int * int

/// What an operator of `Swim.tla` is applied to, beside the state.
type Argument =
    | Nothing
    | Number of int
    /// A timer: address, generation and incarnation.
    | Timer of int list
    | Packet of ModelPacket

/// One step of a member in the model.
type Transition =
    {
        /// The operator of `Swim.tla`, such as "Receive".
        Operator: string
        Node: int
        /// The addresses whose identities can renew themselves.
        Renewable: Set<int>
        /// Whether Down is final (R12.8), or can be refuted (R13).
        DownIsFinal: bool
        Argument: Argument
        Before: ModelState
        After: ModelState
        Out: Set<ModelPacket>
        Notes: ModelNote list
        /// The line that says all this.
        Line: string
    }
