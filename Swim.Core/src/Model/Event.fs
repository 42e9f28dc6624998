namespace Swim.Core

open System
open Swim

/// The key by which a broadcast handler names an item. A new item removes the items from the backlog that its key
/// invalidates (R8.7). Keys are values: the answer never changes.
[<AbstractClass>]
type BroadcastKey() =
    /// Whether an item with this key replaces one with the key `other`.
    abstract Invalidates: other: BroadcastKey -> bool

/// The input of a step. A struct, so that a packet needs no object to become one.
[<Struct; NoComparison>]
type Event<'Id when 'Id: equality> =
    /// A decoded packet arrived (R9).
    | PacketReceived of packet: Packet<'Id>
    /// A timer that the core asked for is due.
    | TimerFired of timer: Timer<'Id>
    /// R8.1: announce to this identity.
    | AnnounceTo of destination: 'Id
    /// R8.2: gossip.
    | GossipNow
    /// R8.3: send custom broadcasts.
    | BroadcastNow
    /// R6.1: leave the cluster.
    | LeaveCluster
    /// R6.2: continue under this identity.
    | ChangeIdentity of next: 'Id
    /// R6.3: take part again after being Defunct.
    | ReuseDownIdentity
    /// R3.4: apply these records, and disseminate those that change the table or not.
    | ApplyMany of updates: ArraySegment<MemberRecord<'Id>> * disseminate: bool
    /// The broadcast handler accepted an item as new (R8.7, R9.5).
    | BroadcastAccepted of key: BroadcastKey * payload: Payload
    /// R14.4: the host noticed that this member runs late or does not get what arrives, or that this is over.
    | HealthObserved of isHealthy: bool
    /// The broadcast handler has answered every `OfferBroadcast` of the last packet, which is now answered (R9.6).
    | BroadcastsHandled
