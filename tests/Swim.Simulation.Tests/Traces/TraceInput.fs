namespace Swim.Simulation.Tests

open System
open Swim.Core

/// Somebody, as seen from a core: so a trace with fewer steps still makes sense.
[<RequireQualifiedAccess>]
type Who =
    /// One that the core knows, counted round and round; if it knows nobody, the first stranger.
    | Known of int
    /// Whoever is at one of six addresses, the core's own being 1, in one of a few generations.
    | Stranger of address: int * generation: int
    /// The core itself.
    | Ourselves
    /// The member that is being probed; if none is, a stranger.
    | Probed

/// What a record says; about whom is said beside it.
type Said = { About: Who; Incarnation: uint16; Status: Status }

/// Which number a probe has.
type Number =
    /// That of the current probe.
    | Current
    | Another of uint32

/// What a packet says.
type Word =
    {
        From: Who
        Incarnation: uint16
        To: Who
        /// Its place among all kinds.
        Kind: int
        Named: Who
        Number: Number
        Updates: Said list
        /// The key, the version and the size of each.
        Broadcasts: (int * int * int) list
    }

/// Which life a timer is of.
type Token =
    | OfNow
    | OfBefore
    | OfTheBeginning
    /// One that nobody gave out.
    | OfNobody

/// One step of a trace.
type TraceInput =
    | Hear of Word
    /// Lets a timer fire that is out, counted round and round; none if none is.
    | Fire of int
    /// Lets one fire that is not: its place among all kinds, about whom, with what.
    | Misfire of kind: int * about: Who * incarnation: uint16 * token: Token
    | AnnounceWord of Who
    | GossipWord
    | BroadcastWord
    | LeaveWord
    /// Our own next generation, or anybody.
    | ChangeTo of Who option
    | ReuseWord
    | Apply of Said list * broadcast: bool
    | Accept of key: int * version: int * size: int
    | Handled
    /// R10.2.
    | Configure of packetSize: int * transmissions: int * probes: int * notifies: bool
