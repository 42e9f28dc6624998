namespace Swim.Simulation.Tests

open Swim
open Swim.Core

/// An identity by its relation to the member that plays the trace, so that a trace with fewer inputs still
/// makes sense.
[<RequireQualifiedAccess>]
type RelativeIdentity =
    /// That of the record at this position, counted round and round; a stranger's if there are no records.
    | Known of int
    /// One of a few generations at one of six addresses. Address 1 is the member's own.
    | Stranger of address: int * generation: int
    /// That of the member itself.
    | Own
    /// That of the member that is being probed; a stranger's if none is.
    | Probed

/// A record of a packet or a batch.
type RecordInput = { About: RelativeIdentity; Incarnation: uint16; Status: MemberStatus }

/// The probe number of a packet.
type ProbeNumber =
    /// That of the current probe.
    | Current
    | Other of uint32

/// A packet that the member receives.
type PacketInput =
    {
        From: RelativeIdentity
        Incarnation: uint16
        To: RelativeIdentity
        /// The index of the message kind.
        Kind: int
        Named: RelativeIdentity
        Number: ProbeNumber
        Updates: RecordInput list
        /// The key, the version and the size of each broadcast.
        Broadcasts: (int * int * int) list
    }

/// The token of a timer.
type TimerToken =
    | CurrentToken
    | PreviousToken
    | FirstToken
    /// One that the core never issued.
    | UnknownToken

/// One input of a trace: an event of a member, or a change of its parameters.
[<RequireQualifiedAccess>]
type TraceInput =
    | Receive of PacketInput
    /// A pending timer fires: the one at this index, counted round and round. Ignored if none is pending.
    | FirePending of int
    /// A timer fires that the core did not schedule: the index of its kind, and what it is about.
    | FireUnscheduled of kind: int * about: RelativeIdentity * incarnation: uint16 * token: TimerToken
    | AnnounceTo of RelativeIdentity
    | Gossip
    | Broadcast
    | Leave
    /// To this identity, or to the member's own next generation.
    | ChangeIdentity of RelativeIdentity option
    | ReuseIdentity
    | ApplyMany of RecordInput list * disseminate: bool
    | AcceptBroadcast of key: int * version: int * size: int
    | BroadcastsHandled
    /// R10.2.
    | Configure of packetSize: int * transmissions: int * probes: int * notifies: bool
