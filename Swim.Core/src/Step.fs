namespace Swim.Core

open System
open System.Collections
open System.Collections.Generic

/// Something to be told to the core again after a while. Timers of one life of an identity carry its
/// token; with an old token they do nothing (R4.5). Tokens never wrap (R12.10).
type Timer<'Id> =
    /// R7.2: the probe period is over.
    | ProbeRandomMember of token: uint64
    /// R7.3: the direct probe had its time.
    | SendIndirectProbe of probed: 'Id * token: uint64
    /// R7.5: a suspicion had its time.
    | ChangeSuspectToDown of suspect: 'Id * incarnation: uint16 * token: uint64
    /// R8.4.
    | PeriodicAnnounce of token: uint64
    /// R8.4, R12.3.
    | PeriodicAnnounceDown of token: uint64
    /// R8.4.
    | PeriodicGossip of token: uint64
    /// R7.6: a Down member was remembered for long enough.
    | RemoveDown of identity: 'Id
    /// R12.7: a tombstone stood for long enough.
    | RemoveTombstone of sequence: uint64

/// What a user would want to know as it happens.
type Notification<'Id> =
    /// A member became active.
    | MemberUp of 'Id
    /// A member that was up is Down.
    | MemberDown of 'Id
    /// The first identity was replaced by the second, at the same address (R3.3).
    | Rename of before: 'Id * after: 'Id
    /// Our identity is known to an active member (R4.2, R12.2).
    | Active
    /// No active member is left (R4.3).
    | Idle
    /// Our identity was declared Down, by others or by leaving (R4.4).
    | Defunct
    /// We gave up our identity for this one (R5.3, R12.5).
    | Rejoin of 'Id

/// Why something was refused (R11).
type SwimError =
    /// A packet or broadcast is larger than `MaxPacketSize` allows.
    | DataTooBig = 1
    /// `ReuseDownIdentity` while not Defunct.
    | NotUndead = 2
    /// `ChangeIdentity` to the current identity.
    | SameIdentity = 3
    /// An operation or timer that needs a part in the cluster.
    | NotConnected = 4
    /// The previous probe never reached its indirect stage: the host lost or delayed a timer.
    | IncompleteProbeCycle = 5
    /// A packet with our own identity or address as its sender.
    | DataFromOurselves = 6
    /// An indirect message that names ourselves.
    | IndirectForOurselves = 7
    /// A packet with a well-formed header but a broken rest.
    | MalformedPacket = 8
    /// The codec could not write a packet, or its header alone exceeds `MaxPacketSize`.
    | Encode = 9
    /// The codec could not read a packet.
    | Decode = 10
    /// The broadcast handler failed.
    | CustomBroadcast = 11
    /// A configuration that is out of bounds or may not be changed to while running.
    | InvalidConfig = 12

/// What a broadcast handler calls an item. A new item takes those out of the backlog that its key
/// invalidates (R8.7). Keys are values: the answer never changes.
[<AbstractClass>]
type BroadcastKey() =
    /// Whether an item with this key makes one with the key `other` worthless.
    abstract Invalidates: other: BroadcastKey -> bool

/// What happens to a member. The core's only input.
type Event<'Id when 'Id: equality> =
    /// A decoded packet arrived (R9).
    | PacketReceived of Packet<'Id>
    /// A timer that the core had asked for fired.
    | TimerFired of Timer<'Id>
    /// R8.1.
    | AnnounceTo of destination: 'Id
    /// R8.2.
    | GossipNow
    /// R8.3.
    | BroadcastNow
    /// R6.1.
    | LeaveCluster
    /// R6.2.
    | ChangeIdentity of 'Id
    /// R6.3.
    | ReuseDownIdentity
    /// R3.4, with whether to disseminate what was new.
    | ApplyMany of updates: ArraySegment<Member<'Id>> * broadcast: bool
    /// The broadcast handler accepted an item (R8.7, R9.5); it is disseminated from now on.
    | BroadcastAccepted of key: BroadcastKey * payload: Payload
    /// The broadcast handler has answered for every `OfferBroadcast` of the last packet: now the
    /// packet is answered (R9.6).
    | BroadcastsHandled

/// What a member wants done. The core's only output.
type Effect<'Id when 'Id: equality> =
    /// Send this packet to its destination.
    | Send of Packet<'Id>
    /// Give this timer back as an event after that long.
    | Schedule of timer: Timer<'Id> * after: TimeSpan
    /// Tell the user.
    | Notify of Notification<'Id>
    /// Ask the broadcast handler about this item; when all were asked, answer with
    /// `BroadcastsHandled` (R9.5).
    | OfferBroadcast of sender: 'Id * payload: Payload
    /// Something was refused or went wrong.
    | Report of SwimError

/// Effects in the order they happened. Most steps have one, which needs no list.
[<Struct; NoEquality; NoComparison>]
type Effects<'Id when 'Id: equality> internal (first: Effect<'Id>, rest: Effect<'Id>[]) =

    /// No effects.
    static member Empty: Effects<'Id> = Unchecked.defaultof<_>

    static member internal Of(effects: ReadOnlySpan<Effect<'Id>>) : Effects<'Id> =
        if effects.IsEmpty then
            Effects<'Id>.Empty
        else
            Effects(effects[0], effects.Slice(1).ToArray())

    /// How many there are.
    member _.Count = if obj.ReferenceEquals(first, null) then 0 else 1 + rest.Length

    /// The effect at `index`, from 0 to `Count` - 1.
    member _.Item
        with get (index: int): Effect<'Id> = if index = 0 then first else rest[index - 1]

    member private effects.Enumerate() : IEnumerator<Effect<'Id>> =
        let copy = effects
        (seq { for index in 0 .. copy.Count - 1 -> copy[index] }).GetEnumerator()

    interface IReadOnlyList<Effect<'Id>> with
        member effects.Count = effects.Count

        member effects.Item
            with get index = effects[index]

        member effects.GetEnumerator() : IEnumerator<Effect<'Id>> = effects.Enumerate()
        member effects.GetEnumerator() : IEnumerator = effects.Enumerate()
