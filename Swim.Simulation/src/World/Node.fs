namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// One member as its machine sees it: the state of the core, and what surrounds it. It outlives the member's
/// process, which may crash and start again.
[<Sealed>]
type Node<'Id when 'Id: equality> internal (number: int, timeline: Timeline<'Id>) =

    /// From 1.
    member _.Number = number

    /// Now, in ticks since the run began.
    member _.Now = timeline.Now

    /// Takes the steps of the current process, or will take those of the first.
    member val Driver = Unchecked.defaultof<MemberDriver<'Id>> with get, set

    member node.Rules = node.Driver.Rules
    member node.State = node.Driver.State

    /// Feeds an event to the member.
    member node.Handle(event: Event<'Id>) : unit = node.Driver.Handle &event |> ignore

    /// The highest generation that the member has had.
    member val Generation = 0 with get, set

    /// The number of the current process, 0 before the first. Timers of an earlier process are void.
    member val Life = 0 with get, set

    member val IsRunning = false with get, set

    /// Whether the member left the cluster.
    member val HasLeft = false with get, set

    /// Until when the member can neither send nor receive, in ticks since the run began.
    member val PausedUntil = 0L with get, set

    /// Until when the process stands still, in ticks since the run began.
    member val FrozenUntil = 0L with get, set

    /// When the last anomaly of the process ended; the largest number while one lasts.
    member val HealthySince = 0L with get, set

    /// The rate of the member's clock, in parts per million of the true one.
    member val ClockRate = 1_000_000 with get, set

    /// How late timers may fire at most.
    member val Lateness = TimeSpan.Zero with get, set

    /// Packets that arrived while the member could not receive, as a socket would hold them.
    member val Arrived = Queue<Datagram>()

    /// Packets that the member sent while it was paused.
    member val Unsent = Queue<Datagram>()

    /// Timers that were due while the process stood still.
    member val Overdue = Queue<Timer<'Id>>()

    /// Actions of the process that were due while it stood still.
    member val Postponed = Queue<ScenarioAction>()

    /// What the member's broadcast handler knows.
    member val Values = ValueStore() with get, set

    /// What the checks saw of the member's steps, if they are checked.
    member val History: History<'Id> option = None with get, set

    /// How far the member is in joining.
    member val Joining = Unchecked.defaultof<JoinProgress> with get, set

    /// Whether another request to the seeds is scheduled.
    member val IsAsking = false with get, set

    /// The number of the next decision about joining. What was scheduled for an earlier one is void.
    member val JoinDecision = 0 with get, set

    /// How many packets the member sent.
    member val Sent = 0L with get, set

    /// How many bytes the member sent.
    member val SentBytes = 0L with get, set

    /// How many packets were too large or could not be decoded.
    member val Refused = 0L with get, set

    /// How many packets a full socket dropped.
    member val Dropped = 0L with get, set
