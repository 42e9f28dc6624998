namespace Swim.Simulation

open System
open System.Buffers
open Swim
open Swim.Core

/// Holds back what reaches a paused or frozen member, and releases it when its anomaly is over.
[<Sealed>]
type internal Anomalies<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (transport: Transport<'Id>, timeline: Timeline<'Id>) =

    // What a socket holds before it drops packets.
    [<Literal>]
    let SocketCapacity = 4096

    // In the order of the host: packets, timers, calls, and then what the member sends.
    let release (node: Node<'Id>) (act: ScenarioAction -> unit) =
        while node.Arrived.Count > 0 do
            let datagram = node.Arrived.Dequeue()
            transport.Deliver(node, datagram.Bytes, datagram.Length)

        while node.Overdue.Count > 0 do
            node.Handle(TimerFired(node.Overdue.Dequeue()))

        while node.Postponed.Count > 0 do
            act (node.Postponed.Dequeue())

        while node.Unsent.Count > 0 do
            transport.Transmit(node.Number, node.Unsent.Dequeue())

    /// Holds a member's packets back for that long.
    member _.Pause(node: Node<'Id>, length: TimeSpan) : unit =
        node.PausedUntil <- max node.PausedUntil (timeline.Now + length.Ticks)
        node.HealthySince <- Int64.MaxValue

        timeline.Schedule(
            node.PausedUntil,
            ScheduledEvent.create ScheduledEventKind.PauseOver node.Number node.Life
        )

    /// Holds a member's packets, timers and calls back for that long.
    member _.Freeze(node: Node<'Id>, length: TimeSpan) : unit =
        node.FrozenUntil <- max node.FrozenUntil (timeline.Now + length.Ticks)
        node.HealthySince <- Int64.MaxValue

        timeline.Schedule(
            node.FrozenUntil,
            ScheduledEvent.create ScheduledEventKind.FreezeOver node.Number node.Life
        )

    /// Whether a member stands still now.
    member _.IsFrozen(node: Node<'Id>) : bool = timeline.Now < node.FrozenUntil

    /// A packet reaches a member's machine.
    member _.Arrive(node: Node<'Id>, bytes: byte[], length: int) : unit =
        if not node.IsRunning then
            ArrayPool<byte>.Shared.Return bytes
        elif timeline.Now < node.PausedUntil || timeline.Now < node.FrozenUntil then
            if node.Arrived.Count < SocketCapacity then
                node.Arrived.Enqueue { Bytes = bytes; Length = length; Destination = node.Number }
            else
                node.Dropped <- node.Dropped + 1L
                ArrayPool<byte>.Shared.Return bytes
        else
            transport.Deliver(node, bytes, length)

    /// A timer of a member is due.
    member anomalies.TimerDue(node: Node<'Id>, timer: Timer<'Id>) : unit =
        if anomalies.IsFrozen node then
            node.Overdue.Enqueue timer
        else
            node.Handle(TimerFired timer)

    /// Releases what was held back, if the member's last anomaly is over. `act` does its postponed actions.
    member _.Recover(node: Node<'Id>, act: ScenarioAction -> unit) : unit =
        if
            timeline.Now >= node.PausedUntil
            && timeline.Now >= node.FrozenUntil
            && node.HealthySince > timeline.Now
        then
            node.HealthySince <- timeline.Now
            release node act

    /// Ends all anomalies of a member, those of its clock too.
    member anomalies.End(node: Node<'Id>, act: ScenarioAction -> unit) : unit =
        node.ClockRate <- 1_000_000
        node.Lateness <- TimeSpan.Zero
        node.PausedUntil <- min node.PausedUntil timeline.Now
        node.FrozenUntil <- min node.FrozenUntil timeline.Now
        anomalies.Recover(node, act)
