namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// Carries out the effects of one member's steps: sends packets, schedules timers by the member's clock, answers
/// for its broadcast handler, and begins joining again when the member becomes Idle.
[<Sealed>]
type internal NodeEffects<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        node: Node<'Id>,
        randomSeed: uint64,
        transport: Transport<'Id>,
        joining: Joining<'Id>,
        timeline: Timeline<'Id>,
        trace: RunTrace
    ) =

    // A decimal, because the longest timers times a million do not fit into 64 bits.
    let onItsClock (after: TimeSpan) =
        if node.ClockRate = 1_000_000 then
            after.Ticks
        else
            decimal after.Ticks * 1_000_000m / decimal node.ClockRate
            |> min (decimal (Int64.MaxValue / 4L))
            |> int64

    let lateness () =
        if node.Lateness > TimeSpan.Zero then
            let mutable random =
                RandomGenerator.create (
                    RandomSeed.ofMember randomSeed node.Number node.Life ^^^ uint64 trace.Steps
                )

            Quality.upTo node.Lateness &random
        else
            0L

    interface IEffectHandler<'Id> with

        member _.Send packet =
            transport.Send(node, &packet)
            SwimError.None

        member _.Schedule(timer, after) =
            timeline.Schedule(
                timeline.Now + onItsClock after + lateness (),
                { ScheduledEvent.create ScheduledEventKind.TimerDue node.Number node.Life with
                    Timer = timer
                }
            )

        member _.Notify event =
            if event.Kind = SwimEventKind.Idle then
                joining.ReconsiderSoon node

        member _.Offer(_, payload) =
            match node.Values.Receive payload with
            | ValueSome key -> Fresh(key, payload)
            | ValueNone -> Stale

        member _.OfferFailed failure = raise failure
