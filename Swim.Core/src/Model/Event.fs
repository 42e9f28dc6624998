namespace Swim.Core

open System
open Swim

/// What a broadcast handler calls an item. A new item takes those out of the backlog that its key
/// invalidates (R8.7). Keys are values: the answer never changes.
[<AbstractClass>]
type BroadcastKey() =
    /// Whether an item with this key makes one with the key `other` worthless.
    abstract Invalidates: other: BroadcastKey -> bool

/// What happens to a member. The core's only input. A struct, so that a packet needs no object to become one.
[<Struct; NoComparison>]
type Event<'Id when 'Id: equality> =
    /// A decoded packet arrived (R9).
    | PacketReceived of packet: Packet<'Id>
    /// A timer that the core had asked for fired.
    | TimerFired of timer: Timer<'Id>
    /// R8.1.
    | AnnounceTo of destination: 'Id
    /// R8.2.
    | GossipNow
    /// R8.3.
    | BroadcastNow
    /// R6.1.
    | LeaveCluster
    /// R6.2.
    | ChangeIdentity of next: 'Id
    /// R6.3.
    | ReuseDownIdentity
    /// R3.4, with whether to disseminate what was new.
    | ApplyMany of updates: ArraySegment<MemberRecord<'Id>> * disseminate: bool
    /// The broadcast handler accepted an item (R8.7, R9.5); it is disseminated from now on.
    | BroadcastAccepted of key: BroadcastKey * payload: Payload
    /// The broadcast handler has answered for every `OfferBroadcast` of the last packet: now the
    /// packet is answered (R9.6).
    | BroadcastsHandled
