namespace Swim.Simulation

open System
open System.Diagnostics
open Swim
open Swim.Core

/// The result of a run.
type RunResult =
    {
        Scenario: Scenario
        RandomSeed: uint64
        /// The failures, in the order of time; empty if there are none.
        Failures: Failure list
        /// How many steps members took.
        Steps: int64
        /// At how many of them all checks were made.
        CheckedSteps: int64
        /// How many packets arrived.
        Delivered: int64
        /// The faults of the network.
        Faults: NetworkFaults
        /// A hash of all that happened: two runs with the same hash are the same.
        Trace: uint64
    }

/// How a run is made.
[<NoEquality; NoComparison>]
type RunOptions<'Id when 'Id: equality and 'Id :> IIdentity<'Id>> =
    {
        Scheme: IdentityScheme<'Id>
        /// Makes what takes the steps of all members of a run; a test makes a protocol with a mistake.
        Runner: unit -> StepRunner<'Id>
        /// An observer of the run, if any.
        Observer: IRunObserver<'Id> option
        /// Whether the checks are made after each step.
        Checks: bool
        /// Whether the cluster gets time to settle after the scenario, and the verdict is made then.
        Settles: bool
        /// Whether the verdict is made as soon as the cluster is calm, not at the end of that time. Much
        /// faster, but failures after that moment are not found.
        JudgesWhenCalm: bool
    }

[<RequireQualifiedAccess>]
module Run =

    /// Real identities, the protocol as it is, all checks.
    let options: RunOptions<NodeIdentity> =
        {
            Scheme = IdentityScheme.node
            Runner = StepRunner<NodeIdentity>
            Observer = None
            Checks = true
            Settles = true
            JudgesWhenCalm = false
        }

    let private observe
        (options: RunOptions<'Id>)
        (checker: Checker<'Id>)
        (accuracy: Accuracy<'Id>)
        (stop: unit -> unit)
        =
        let tell call = Option.iter call options.Observer

        { new IRunObserver<'Id> with
            member _.Started(time, node) =
                if options.Checks then
                    checker.Started node

                tell _.Started(time, node)

            member _.Stopped(time, node) = tell _.Stopped(time, node)

            member _.Stepped(time, node, before, event, effects) =
                if options.Observer.IsSome then
                    options.Observer.Value.Stepped(time, node, before, event, effects)

                accuracy.Stepped(time, node, effects)

                if options.Checks then
                    checker.Stepped(time, node, before, event, effects)

                if checker.Failures.Count + accuracy.Failures.Count > 0 then
                    stop ()

            member _.Configured(time, node) = tell _.Configured(time, node)
            member _.Acted(time, action) = tell _.Acted(time, action)
        }

    let private settle (options: RunOptions<'Id>) (world: World<'Id>) (accuracy: Accuracy<'Id>) =
        let scenario = world.Scenario
        let deadline = scenario.Length + Verdict.settleTime scenario.Config scenario.Nodes

        // Longer than any exchange that began during the faults lasts.
        let window =
            max (TimeSpan.FromTicks(scenario.Config.ProbePeriod.Ticks * 10L)) (TimeSpan.FromSeconds 2.0)

        // Comparing all views of a large cluster takes long.
        let canJudgeEarly = options.JudgesWhenCalm || scenario.Nodes <= Checker<'Id>.FullCheckUpTo

        let isCalm () =
            canJudgeEarly
            && Verdict.isCalm options.Scheme scenario.Config world.Nodes (TimeSpan.FromTicks world.Now)

        let sent () = world.Nodes |> Array.sumBy _.Sent
        let mutable before = 0L
        let mutable wasCalm = false
        let mutable isOver = false
        let mutable time = scenario.Length

        let pass length =
            before <- sent ()
            time <- time + length
            world.RunUntil time

        world.EndFaults()
        pass window

        // Until the cluster is calm at the end of two windows in a row, or the time is over. The verdict
        // counts the packets of the last window; the first has those that were held back during the faults.
        while not isOver do
            let isCalmNow = isCalm ()

            if isCalmNow && Verdict.healsUntil scenario.Config deadline then
                accuracy.Begin world.Nodes

            isOver <- world.IsStopped || time >= deadline || (options.JudgesWhenCalm && wasCalm && isCalmNow)

            wasCalm <- isCalmNow

            if not isOver then
                pass window

        if world.IsStopped then
            []
        else
            let at = TimeSpan.FromTicks world.Now
            Verdict.failures options.Scheme scenario.Config world.Nodes at (sent () - before) window

    /// Runs a scenario. An exception in a step is a failure like any other.
    /// Throws `ArgumentException` if the scenario cannot be run (`Scenario.faults`).
    let scenario (options: RunOptions<'Id>) (scenario: Scenario) (randomSeed: uint64) : RunResult =
        match Scenario.faults scenario with
        | [] -> ()
        | faults ->
            let faults = String.concat "; " faults
            invalidArg (nameof scenario) $"The scenario cannot be run: {faults}."

        let checker = Checker<'Id> scenario.Nodes
        let mutable stop = ignore
        let accuracy = Accuracy<'Id> options.Scheme
        let observer = observe options checker accuracy (fun () -> stop ())
        let world = World(options.Scheme, scenario, randomSeed, observer, options.Runner())
        stop <- world.Stop

        let failures =
            try
                world.Begin()
                // Including the actions at the very end.
                world.RunUntil(scenario.Length + TimeSpan.FromTicks 1L)

                let atTheEnd =
                    if options.Settles && not world.IsStopped then
                        settle options world accuracy
                    else
                        []

                List.ofSeq checker.Failures @ List.ofSeq accuracy.Failures @ atTheEnd
            with error ->
                [
                    {
                        Property = "NothingThrows"
                        At = TimeSpan.FromTicks world.Now
                        Node = 0
                        Detail = error.ToString()
                    }
                ]

        {
            Scenario = scenario
            RandomSeed = randomSeed
            Failures = failures
            Steps = world.Steps
            CheckedSteps = checker.CheckedSteps
            Delivered = world.Delivered
            Faults = world.Network.Faults
            Trace = world.Trace
        }
