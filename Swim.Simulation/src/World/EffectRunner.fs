namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// Carries out the effects of a step: sends packets, schedules timers by the member's clock, and begins
/// joining again when the member becomes Idle.
[<Sealed>]
type internal EffectRunner<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        randomSeed: uint64,
        transport: Transport<'Id>,
        joining: Joining<'Id>,
        timeline: Timeline<'Id>,
        trace: RunTrace
    ) =

    // A decimal, because the longest timers times a million do not fit into 64 bits.
    let onClockOf (node: Node<'Id>) (after: TimeSpan) =
        if node.ClockRate = 1_000_000 then
            after.Ticks
        else
            decimal after.Ticks * 1_000_000m / decimal node.ClockRate
            |> min (decimal (Int64.MaxValue / 4L))
            |> int64

    let latenessOf (node: Node<'Id>) =
        if node.Lateness > TimeSpan.Zero then
            let mutable random =
                RandomGenerator.create (
                    RandomSeed.ofMember randomSeed node.Number node.Life ^^^ uint64 trace.Steps
                )

            Quality.upTo node.Lateness &random
        else
            0L

    let schedule (node: Node<'Id>) (timer: Timer<'Id>) (after: TimeSpan) =
        timeline.Schedule(
            timeline.Now + onClockOf node after + latenessOf node,
            { ScheduledEvent.create ScheduledEventKind.TimerDue node.Number node.Life with
                Timer = timer
            }
        )

    member _.CarryOut(node: Node<'Id>, effects: Effects<'Id>) : unit =
        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Send packet -> transport.Send(node, packet)
            | Schedule(timer, after) -> schedule node timer after
            | Notify event when event.Kind = SwimEventKind.Idle -> joining.ScheduleRound node
            | _ -> ()
