/// Measures the speed of the simulator and the memory of a large cluster: members join until all of them know
/// each other.
module Swim.Simulation.Tests.Large

open System
open System.Diagnostics
open Swim
open Swim.Core
open Swim.Simulation

type Options =
    {
        Nodes: int
        /// The time over which the starts of the members are spread.
        Within: TimeSpan
        /// The virtual time after which the run ends in any case.
        Limit: TimeSpan
        RandomSeed: uint64
    }

let defaults =
    {
        Nodes = 10_000
        Within = TimeSpan.FromSeconds 60.0
        Limit = TimeSpan.FromSeconds 600.0
        RandomSeed = 1UL
    }

let private noObserver =
    { new IRunObserver<CompactIdentity> with
        member _.Started(_, _) = ()
        member _.Stopped(_, _) = ()
        member _.Stepped(_, _, _, _, _) = ()
        member _.Configured(_, _) = ()
        member _.Acted(_, _) = ()
    }

let private line (world: World<CompactIdentity>) (elapsed: TimeSpan) known all =
    let memory = Process.GetCurrentProcess().PeakWorkingSet64 / (1L <<< 20)
    let cluster = TimeSpan.FromTicks world.Now

    String.concat
        ", "
        [
            $"{cluster.TotalSeconds:F0} s of the cluster"
            $"{100.0 * float known / float all:F3}%% known"
            $"{world.Delivered:N0} packets"
            $"{world.Steps:N0} steps"
            $"{elapsed.TotalSeconds:F0} s"
            $"{float world.Steps / elapsed.TotalSeconds:N0} steps/s"
            $"{memory:N0} MB at most"
        ]

/// Returns exit code 0 if all members knew each other in time, else 1.
let run (options: Options) : int =
    let scenario =
        { Scenario.quiet options.Nodes (SwimConfig.Lan options.Nodes) options.Limit with
            Beginning = JoiningWithin options.Within
        }

    let world =
        World(IdentityScheme.compact, scenario, options.RandomSeed, noObserver, StepRunner<CompactIdentity>())

    let all = int64 options.Nodes * int64 (options.Nodes - 1)
    let known () = world.Nodes |> Array.sumBy (fun node -> int64 node.State.Members.ActiveCount)
    let clock = Stopwatch.StartNew()
    let mutable time = TimeSpan.Zero
    let mutable shown = TimeSpan.Zero
    world.Begin()

    while known () < all && time < options.Limit do
        time <- time + TimeSpan.FromSeconds 1.0
        world.RunUntil time

        if clock.Elapsed - shown > TimeSpan.FromSeconds 10.0 then
            shown <- clock.Elapsed
            printfn $"{line world clock.Elapsed (known ()) all}"

    printfn $"{line world clock.Elapsed (known ()) all}"
    let live = GC.GetTotalMemory true
    printfn $"{live / (1L <<< 20):N0} MB in use, {float live / float (known ()):F0} bytes for each record."

    if known () = all then
        printfn $"All {options.Nodes:N0} members know each other."
        0
    else
        printfn "Not all members know each other yet."
        1
