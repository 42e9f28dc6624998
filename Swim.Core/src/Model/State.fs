namespace Swim.Core

open System
open Swim

/// The encoded sizes of the parts of a packet, with which the core fills packets without seeing bytes. The sizes
/// of the parts of a packet add up to the size of its encoding.
type ISizes<'Id> =

    /// The bytes of a packet without updates and broadcasts, from 1 to 65,535.
    abstract HeaderSize: header: inref<PacketHeader<'Id>> -> int

    /// The bytes of one update, from 1 to 65,535.
    abstract MemberSize: record: inref<MemberRecord<'Id>> -> int

/// What stays fixed between steps.
[<NoEquality; NoComparison>]
type Rules<'Id> =
    {
        /// The configuration (R10). `Rules.withConfig` changes it.
        Config: SwimConfig
        /// The operations on identities (R1).
        Identities: IIdentityOperations<'Id>
        /// The encoded sizes.
        Sizes: ISizes<'Id>
        /// The filter (R8.7): whether packets to this member may carry custom broadcasts. It is pure, as all
        /// rules are.
        AcceptsBroadcasts: 'Id -> bool
    }

/// Making and changing `Rules`.
[<RequireQualifiedAccess>]
module Rules =

    /// The bytes of the count of updates in a packet. A packet without updates and broadcasts has no count, and
    /// neither has a `Broadcast`.
    [<Literal>]
    let UpdatesOverhead = 2

    /// The bytes of the length of each custom broadcast in a packet.
    [<Literal>]
    let BroadcastOverhead = 2

    /// Rules with a filter that accepts every member.
    let create config identities sizes : Rules<'Id> =
        {
            Config = config
            Identities = identities
            Sizes = sizes
            AcceptsBroadcasts = (fun _ -> true)
        }

    /// R10.2 `SetConfig`: the rules with another configuration, or `InvalidConfig`.
    let withConfig (config: SwimConfig) (rules: Rules<'Id>) : Result<Rules<'Id>, SwimError> =
        if rules.Config.CanBecome config then
            Ok { rules with Config = config }
        else
            Error SwimError.InvalidConfig

/// Sizes of packets.
[<RequireQualifiedAccess>]
module Packet =

    /// The bytes of a packet on the wire.
    let size (rules: Rules<'Id>) (packet: Packet<'Id>) : int =
        let countSize =
            if
                packet.Header.Kind = MessageKind.Broadcast
                || packet.Updates.Count + packet.Broadcasts.Count = 0
            then
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

/// How a probe was answered (R7.4).
type ProbeAnswer =
    /// Not, or not yet.
    | Pending = 0uy
    /// By the target itself.
    | Direct = 1uy
    /// Through a helper.
    | Indirect = 2uy

/// The current probe (R7). At most one is in progress.
type Probe<'Id> =
    {
        /// The number of the current or last probe.
        Number: uint32
        /// The record of the probed member when the probe began; none if no probe is in progress.
        Target: MemberRecord<'Id> voption
        /// Whether and how it was answered (R7.4).
        Answer: ProbeAnswer
        /// Whether the indirect stage was reached (R7.3).
        ReachedIndirect: bool
        /// The helpers whose answer still counts.
        Helpers: 'Id list
        /// The helpers that said that the target did not answer them, each once (R14.1).
        Nacks: 'Id list
    }

    /// Whether it was answered, directly or through a helper (R7.4).
    member probe.Answered = probe.Answer <> ProbeAnswer.Pending

/// Making a `Probe`.
[<RequireQualifiedAccess>]
module Probe =

    /// No probe is in progress. `number` is that of the last probe, from which the numbers continue.
    let none (number: uint32) : Probe<'Id> =
        {
            Number = number
            Target = ValueNone
            Answer = ProbeAnswer.Pending
            ReachedIndirect = false
            Helpers = []
            Nacks = []
        }

/// A ping that we made for another member, and that was not answered yet (R14.1).
[<Struct; NoEquality; NoComparison>]
type HelpedProbe<'Id> =
    {
        /// The member that asked for it.
        Origin: 'Id
        /// The member that was pinged.
        Target: 'Id
        /// The number of the probe at the origin.
        Number: uint32
    }

/// How a member is doing in its own view (R14.1, R14.4), and the pings that it makes for others.
[<NoEquality; NoComparison>]
type LocalHealth<'Id> =
    {
        /// From 0, which is good, to `MaxLocalHealth`.
        Score: int
        /// Whether the host noticed that this member runs late, or does not get what arrives (R14.4).
        IsImpaired: bool
        /// The pings for others that were not answered yet; at most `MaxHelped`.
        Helped: HelpedProbe<'Id> list
    }

/// The bounds of `LocalHealth`.
[<RequireQualifiedAccess>]
module LocalHealth =

    /// The pings for others that a member remembers; what exceeds that is not answered by a Nack (R14.1).
    [<Literal>]
    let MaxHelped = 32

    /// The score of the worst health that a configuration allows and a packet can tell (R10.1, R14.3).
    [<Literal>]
    let Worst = 7

    /// From this score on a member confirms no suspicions (R14.3).
    [<Literal>]
    let PoorScore = 2

    /// Probes in a row that are answered through helpers only, and mean that the link is impaired (R14.5).
    [<Literal>]
    let MaxLinkFaults = 3uy

    /// All is well.
    let good<'Id> : LocalHealth<'Id> = { Score = 0; IsImpaired = false; Helped = [] }

/// The questions to Down members whether they are back, soon after one went (R15.2).
[<Struct; NoEquality; NoComparison>]
type DownQuestions =
    {
        /// The sequence number of the timer that counts; timers with another one do nothing.
        Sequence: uint64
        /// Whether that timer is pending.
        IsPending: bool
        /// The time from the latest reason to ask until that timer fires.
        Age: TimeSpan
    }

/// What a member remembers, for a short time, of claims to its address (R13.5, R13.6).
[<NoEquality; NoComparison>]
type AddressClaims<'Id> =
    {
        /// How often our identity was renewed since a timer last reset this number, at most `MaxRenewals`.
        Renewals: int
        /// Whether `AddressConflict` was notified since then.
        IsNotified: bool
        /// The members that called us by an old name and were told the new one, since a timer last reset this list;
        /// at most `MaxReminders`.
        Reminded: 'Id list
    }

/// The bounds of `AddressClaims`.
[<RequireQualifiedAccess>]
module AddressClaims =

    /// The renewals within `RenewalWindow` that the protocol takes by itself (R13.5).
    [<Literal>]
    let MaxRenewals = 3

    /// The members that are told our name within `ReminderWindow` (R13.6).
    [<Literal>]
    let MaxReminders = 16

    /// R13.5.
    let RenewalWindow = TimeSpan.FromMinutes 1.0

    /// R13.6.
    let ReminderWindow = TimeSpan.FromSeconds 1.0

    /// No other process claims our address.
    let none<'Id> : AddressClaims<'Id> = { Renewals = 0; IsNotified = false; Reminded = [] }

/// One custom broadcast in the backlog (R8.7).
[<Struct; NoEquality; NoComparison>]
type BroadcastItem =
    {
        /// The key that the handler gave it.
        Key: BroadcastKey
        /// The data that is sent.
        Payload: Payload
    }

/// All that a member knows, as one immutable value. A snapshot of a member is its state.
[<Sealed>]
type State<'Id> internal (identity: 'Id, randomSeed: uint64) =

    /// Our identity.
    member val Identity = identity with get, internal set

    /// How often we refuted a suspicion under this identity (R5.2).
    member val Incarnation = 0us with get, internal set

    /// Whether we are Idle, Active or Defunct (R4.1).
    member val Connection = ConnectionState.Idle with get, internal set

    /// Whether we are Defunct because we left (R12.6).
    member val HasLeft = false with get, internal set

    /// After a change of identity: active members are known, but none has addressed the new identity yet, so the
    /// event `Active` is still due (R12.2).
    member val AwaitingActive = false with get, internal set

    /// Whether a `PeriodicAnnounceDown` timer with the current token is pending (R12.3).
    member val AnnouncesToDown = false with get, internal set

    /// The token that valid timers carry (R4.5).
    member val Token = 0UL with get, internal set

    /// The table of the other members.
    member val Members: MemberTable<'Id> = MemberTable.empty () with get, internal set

    /// The tombstones of forgotten members (R12.7).
    member val Tombstones: Tombstones<'Id> = Tombstones.empty () with get, internal set

    /// The updates that wait to be disseminated.
    member val Updates: Backlog<MemberRecord<'Id>> = Backlog.empty () with get, internal set

    /// The custom broadcasts that wait to be disseminated.
    member val Broadcasts: Backlog<BroadcastItem> = Backlog.empty () with get, internal set

    /// How we are doing in our own view (R14.1, R14.4).
    member val Health: LocalHealth<'Id> = LocalHealth.good with get, internal set

    /// The questions to Down members whether they are back (R15.2).
    member val DownQuestions =
        { Sequence = 0UL; IsPending = false; Age = TimeSpan.Zero } with get, internal set

    /// The current probe, or the last one (R7).
    member val Probe: Probe<'Id> = Probe.none 0u with get, internal set

    /// What we remember of claims to our address (R13.5, R13.6).
    member val Claims: AddressClaims<'Id> = AddressClaims.none with get, internal set

    // On the heap, as it is rare and each copy of the state would carry it.
    member val private Unanswered: PacketHeader<'Id> option = None with get, set

    /// The header of a packet whose answer waits for the broadcast handler (R9.5, R9.6).
    member state.PendingReply
        with get (): PacketHeader<'Id> voption = Option.toValueOption state.Unanswered
        and internal set (header: PacketHeader<'Id> voption) = state.Unanswered <- ValueOption.toOption header

    /// The generator of every random choice.
    member val Random: RandomGenerator = RandomGenerator.create randomSeed with get, internal set

    /// A copy that can be changed without changing this one.
    member internal state.Copy() : State<'Id> = state.MemberwiseClone() :?> State<'Id>

    /// Our own record: Down while we are Defunct, Alive otherwise. `downIsFinal` says which order holds (R13.1).
    member state.Self(downIsFinal: bool) : MemberRecord<'Id> =
        let record =
            if state.Connection <> ConnectionState.Defunct then
                MemberRecord.alive state.Identity state.Incarnation
            elif state.HasLeft then
                MemberRecord.left state.Identity
            else
                MemberRecord.down state.Identity state.Incarnation

        MemberRecord.normal downIsFinal record

/// Making and reading a `State`.
[<RequireQualifiedAccess>]
module State =

    /// A member that knows no other. `randomSeed` determines all its random choices.
    let create (identity: 'Id) (randomSeed: uint64) : State<'Id> = State<'Id>(identity, randomSeed)

    /// The records of the active members, in no particular order.
    let activeMembers (state: State<'Id>) : seq<MemberRecord<'Id>> =
        seq { for position in 0 .. state.Members.ActiveCount - 1 -> state.Members[position] }

    /// All records, Down ones included.
    let allMembers (state: State<'Id>) : seq<MemberRecord<'Id>> =
        seq { for position in 0 .. state.Members.Count - 1 -> state.Members[position] }

    /// The updates that wait, each with the number of packets that may still carry it.
    let updatesBacklog (state: State<'Id>) : seq<struct (MemberRecord<'Id> * int)> =
        seq {
            for slot in 0 .. state.Updates.Count - 1 do
                let entry = state.Updates.Entries[slot]
                struct (entry.Item, entry.TransmissionsLeft)
        }
