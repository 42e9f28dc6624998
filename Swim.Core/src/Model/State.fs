namespace Swim.Core

open System

/// What a codec says about sizes, so that the core can pack a packet without seeing a byte. The
/// sizes of a packet's parts add up to the size of its encoding.
type ISizes<'Id> =

    /// Bytes of a packet that has neither updates nor broadcasts, from 1 to 65,535.
    abstract HeaderSize: header: inref<Header<'Id>> -> int

    /// Bytes of one update, from 1 to 65,535.
    abstract MemberSize: record: inref<Member<'Id>> -> int

/// What stays fixed between steps.
[<NoEquality; NoComparison>]
type Rules<'Id> =
    {
        /// R10. Replace it with `Rules.withConfig`.
        Config: Config
        /// R1.
        Identities: IIdentityOperations<'Id>
        /// How large things are on the wire.
        Sizes: ISizes<'Id>
        /// R8.7: whether packets to this member may carry custom broadcasts. Pure, as all of the rules.
        AcceptsBroadcasts: 'Id -> bool
    }

/// Making and changing `Rules`.
[<RequireQualifiedAccess>]
module Rules =

    /// Bytes before the updates in a packet: their count. A packet with neither updates nor
    /// broadcasts, and every `Broadcast`, goes without.
    [<Literal>]
    let UpdatesOverhead = 2

    /// Bytes before each custom broadcast in a packet: its length.
    [<Literal>]
    let BroadcastOverhead = 2

    /// Rules that send custom broadcasts to everyone.
    let create config identities sizes : Rules<'Id> =
        {
            Config = config
            Identities = identities
            Sizes = sizes
            AcceptsBroadcasts = (fun _ -> true)
        }

    /// R10.2 `SetConfig`: the rules with another configuration, or `InvalidConfig`.
    let withConfig (config: Config) (rules: Rules<'Id>) : Result<Rules<'Id>, SwimError> =
        if Config.canReplace rules.Config config then
            Ok { rules with Config = config }
        else
            Error SwimError.InvalidConfig

/// Sizes of packets.
[<RequireQualifiedAccess>]
module Packet =

    /// Bytes of a packet on the wire.
    let size (rules: Rules<'Id>) (packet: Packet<'Id>) : int =
        let countSize =
            if packet.Header.Message = Broadcast || packet.Updates.Count + packet.Broadcasts.Count = 0 then
                0
            else
                Rules.UpdatesOverhead

        let mutable size = rules.Sizes.HeaderSize(&packet.Header) + countSize

        for index in 0 .. packet.Updates.Count - 1 do
            let record = packet.Updates[index]
            size <- size + rules.Sizes.MemberSize &record

        for index in 0 .. packet.Broadcasts.Count - 1 do
            size <- size + Rules.BroadcastOverhead + packet.Broadcasts[index].Length

        size

/// Our part in the cluster (R4.1).
type Connection =
    /// No active member is known.
    | Idle = 0uy
    /// At least one active member is known.
    | Active = 1uy
    /// Our identity was declared Down.
    | Defunct = 2uy

/// The probe at hand (R7). At most one at a time.
type Probe<'Id> =
    {
        /// The number of the current or last probe.
        Number: uint32
        /// The record of the probed member when the probe began; none when no probe is under way.
        Target: Member<'Id> voption
        /// Whether it was answered, directly or through a helper (R7.4).
        Answered: bool
        /// Whether the indirect stage was reached (R7.3).
        ReachedIndirect: bool
        /// The helpers whose answer still counts.
        Helpers: 'Id list
    }

/// Making a `Probe`.
[<RequireQualifiedAccess>]
module Probe =

    /// No probe is under way; `number` is that of the last one, so that numbers go on from it.
    let none (number: uint32) : Probe<'Id> =
        {
            Number = number
            Target = ValueNone
            Answered = false
            ReachedIndirect = false
            Helpers = []
        }

/// One custom broadcast in the backlog (R8.7).
[<Struct; NoEquality; NoComparison>]
type BroadcastItem =
    {
        /// What the handler called it.
        Key: BroadcastKey
        /// What is sent.
        Payload: Payload
    }

/// All that a member knows: one immutable value. A snapshot of it is the value itself.
[<NoEquality; NoComparison>]
type State<'Id> =
    {
        /// Who we are.
        Identity: 'Id
        /// How often we refuted a suspicion under this identity (R5.2).
        Incarnation: uint16
        /// R4.1.
        Connection: Connection
        /// Whether we are Defunct because we left; then we stay silent (R12.6).
        HasLeft: bool
        /// After a change of identity: active members are known, but none has addressed the new
        /// identity yet, so `Active` is still to be notified (R12.2).
        AwaitingActive: bool
        /// Whether a `PeriodicAnnounceDown` timer with the current token is out (R12.3).
        AnnouncesToDown: bool
        /// The token that valid timers carry (R4.5).
        Token: uint64
        /// Who is known.
        Members: MemberTable<'Id>
        /// Who was forgotten (R12.7).
        Tombstones: Tombstones<'Id>
        /// Updates that wait to be disseminated.
        Updates: Backlog<Member<'Id>>
        /// Custom broadcasts that wait to be disseminated.
        Broadcasts: Backlog<BroadcastItem>
        /// R7.
        Probe: Probe<'Id>
        /// A packet whose answer waits for the broadcast handler (R9.5, R9.6).
        PendingReply: Header<'Id> option
        /// The source of every draw.
        Random: RandomGenerator
    }

/// Making and reading a `State`.
[<RequireQualifiedAccess>]
module State =

    /// A member that knows nobody. `seed` fixes every random draw that it will ever make.
    let create (identity: 'Id) (seed: uint64) : State<'Id> =
        {
            Identity = identity
            Incarnation = 0us
            Connection = Connection.Idle
            HasLeft = false
            AwaitingActive = false
            AnnouncesToDown = false
            Token = 0UL
            Members = MemberTable.empty ()
            Tombstones = Tombstones.empty ()
            Updates = Backlog.empty ()
            Broadcasts = Backlog.empty ()
            Probe = Probe.none 0u
            PendingReply = None
            Random = RandomGenerator.create seed
        }

    /// The records of the active members, in no particular order.
    let activeMembers (state: State<'Id>) : seq<Member<'Id>> =
        seq { for position in 0 .. state.Members.ActiveCount - 1 -> state.Members[position] }

    /// All records, the Down ones included.
    let allMembers (state: State<'Id>) : seq<Member<'Id>> =
        seq { for position in 0 .. state.Members.Count - 1 -> state.Members[position] }

    /// The updates that wait, each with the number of packets that may still carry it.
    let updatesBacklog (state: State<'Id>) : seq<struct (Member<'Id> * int)> =
        seq {
            for slot in 0 .. state.Updates.Count - 1 do
                let entry = state.Updates.Entries[slot]
                struct (entry.Item, entry.TransmissionsLeft)
        }
