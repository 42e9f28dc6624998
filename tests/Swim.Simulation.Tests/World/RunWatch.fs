namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Core
open Swim.Simulation

/// A step of a member.
[<NoEquality; NoComparison>]
type Seen =
    {
        /// Since the run began, in milliseconds.
        At: float
        Node: int
        Event: Event<NodeIdentity>
        Effects: Effect<NodeIdentity> list
    }

/// Observes a run and keeps all its steps.
[<Sealed>]
type RunWatch() =

    let steps = ResizeArray<Seen>()

    // The codec uses the lists of a packet again after the step.
    let copyOf (event: Event<NodeIdentity>) =
        match event with
        | PacketReceived packet ->
            PacketReceived { packet with Updates = ArraySegment(Array.ofSeq packet.Updates) }
        | other -> other

    member _.Steps = List.ofSeq steps

    /// The steps of one member.
    member watch.Of(node: int) = watch.Steps |> List.filter (fun seen -> seen.Node = node)

    interface IRunObserver<NodeIdentity> with
        member _.Started(_, _) = ()
        member _.Stopped(_, _) = ()
        member _.Configured(_, _) = ()
        member _.Acted(_, _) = ()

        member _.Stepped(time, node, _, event, effects) =
            steps.Add
                {
                    At = float time / float TimeSpan.TicksPerMillisecond
                    Node = node.Number
                    Event = copyOf event
                    Effects = List.ofSeq effects
                }

/// The beginnings of most tests of the world.
[<RequireQualifiedAccess>]
module Given =

    let milliseconds (count: float) = TimeSpan.FromMilliseconds count

    /// Members that know each other, on a perfect network, with these actions at these times in milliseconds.
    let joined nodes (length: float) (actions: (float * ScenarioAction) list) : Scenario =
        { Scenario.quiet nodes (SwimConfig.Local nodes) (milliseconds length) with
            Beginning = Joined
        }
        |> Scenario.withActions (actions |> List.map (fun (at, action) -> milliseconds at, action))

    /// Runs a scenario up to its length: its steps, and the world at its end.
    let watched (scenario: Scenario) (randomSeed: uint64) : RunWatch * World<NodeIdentity> =
        let watch = RunWatch()
        let world = World(IdentityScheme.node, scenario, randomSeed, watch, StepRunner())
        world.Begin()
        world.RunUntil scenario.Length
        watch, world

/// What tests look for in a step.
[<RequireQualifiedAccess>]
module Seen =

    let isPacket (seen: Seen) = seen.Event.IsPacketReceived

    let isTimer (seen: Seen) = seen.Event.IsTimerFired

    /// Whether the member received a packet from that member.
    let isFrom (node: int) (seen: Seen) =
        match seen.Event with
        | PacketReceived packet -> packet.Header.Source.Port = node
        | _ -> false

    /// Whether a probe period ended.
    let isPeriod (seen: Seen) =
        match seen.Event with
        | TimerFired(ProbeRandomMember _) -> true
        | _ -> false

    let isWithin (from: float) (until: float) (seen: Seen) = seen.At >= from && seen.At < until

    /// Whether the member begins to suspect another.
    let suspects (seen: Seen) =
        seen.Effects
        |> List.exists (function
            | Schedule(ChangeSuspectToDown _, _) -> true
            | _ -> false)
