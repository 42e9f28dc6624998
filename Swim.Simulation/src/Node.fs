namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim.Core

/// Bytes under way.
[<Struct; NoEquality; NoComparison>]
type Datagram =
    {
        Bytes: byte[]
        Length: int
        /// The number of the member that it goes to.
        Destination: int
    }

/// One member as its machine sees it: the state of the core, and what surrounds it.
[<Sealed>]
type Node<'Id when 'Id: equality>(number: int, rules: Rules<'Id>, state: State<'Id>) =

    /// From 1.
    member _.Number = number

    member val Rules = rules with get, set
    member val State = state with get, set

    /// The highest generation that it has had.
    member val Generation = 0 with get, set

    /// Which process this is, counted; timers of an earlier one are nobody's.
    member val Life = 0 with get, set

    member val IsRunning = false with get, set

    /// Whether its caller asked it to leave, or it never started.
    member val IsOut = false with get, set

    /// Until when it can neither send nor receive.
    member val PausedUntil = 0L with get, set

    /// Until when it stands still.
    member val FrozenUntil = 0L with get, set

    /// When its last anomaly ended; the largest number while one lasts.
    member val HealthySince = 0L with get, set

    /// The rate of its clock, in parts per million.
    member val ClockRate = 1_000_000 with get, set

    /// How late its timers may be, in ticks.
    member val Lateness = TimeSpan.Zero with get, set

    /// What arrived while it could not receive, as a socket would hold it.
    member val Arrived = Queue<Datagram>()

    /// What it wanted to send while it could not.
    member val Unsent = Queue<Datagram>()

    /// The timers that were due while it stood still.
    member val Overdue = Queue<Timer<'Id>>()

    /// What its caller was to do meanwhile.
    member val Postponed = Queue<Deed>()

    member val Values = KeyValue() with get, set

    /// What was seen of its steps, if they are checked.
    member val History: History<'Id> option = None with get, set

    /// How long it waits until it asks its seeds again.
    member val JoinDelay = TimeSpan.Zero with get, set

    /// Whether it asks its seeds again some time.
    member val IsAsking = false with get, set

    /// Counts how often it began to ask them; an earlier round is over.
    member val JoinRound = 0 with get, set

    member val Sent = 0L with get, set
    member val SentBytes = 0L with get, set
    member val Refused = 0L with get, set
    member val Dropped = 0L with get, set
