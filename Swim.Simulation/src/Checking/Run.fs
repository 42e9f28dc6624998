namespace Swim.Simulation

open System
open System.Diagnostics
open Swim
open Swim.Core

/// What came of a run.
type RunResult =
    {
        Scenario: Scenario
        Seed: uint64
        /// What was broken, in the order of time; nothing if all is well.
        Failures: Failure list
        /// How many steps members took.
        Steps: int64
        /// At how many of them all invariants were checked.
        CheckedSteps: int64
        /// How many packets arrived.
        Delivered: int64
        /// What the network did to others.
        Faults: NetworkFaults
        /// A hash of all that happened.
        Trace: uint64
    }

/// How a run is made.
[<NoEquality; NoComparison>]
type RunOptions<'Id when 'Id: equality and 'Id :> IIdentity<'Id>> =
    {
        Scheme: IdentityScheme<'Id>
        Stepper: Stepper<'Id>
        /// Sees the run too.
        Observer: IRunObserver<'Id> option
        /// Whether invariants are checked.
        Checks: bool
        /// Whether the cluster gets time to settle after the scenario, and is judged then.
        Settles: bool
        /// Whether it is judged as soon as it is calm, in the place of when that time is over. Much faster;
        /// what would go wrong only later is not seen.
        JudgesWhenCalm: bool
    }

[<RequireQualifiedAccess>]
module Run =

    /// Real identities, the protocol as it is, everything checked.
    let options: RunOptions<NodeIdentity> =
        {
            Scheme = IdentityScheme.node
            Stepper = ProtocolStepper()
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
        let also action = Option.iter action options.Observer

        { new IRunObserver<'Id> with
            member _.Started(time, node) =
                if options.Checks then
                    checker.Started node

                also _.Started(time, node)

            member _.Stopped(time, node) = also _.Stopped(time, node)

            member _.Stepped(time, node, before, event, effects) =
                if options.Observer.IsSome then
                    options.Observer.Value.Stepped(time, node, before, event, effects)

                accuracy.Stepped(time, node, effects)

                if options.Checks then
                    checker.Stepped(time, node, before, event, effects)

                if checker.Failures.Count + accuracy.Failures.Count > 0 then
                    stop ()

            member _.Configured(time, node) = also _.Configured(time, node)
            member _.Acted(time, action) = also _.Acted(time, action)
        }

    let private settle (options: RunOptions<'Id>) (world: World<'Id>) (accuracy: Accuracy<'Id>) =
        let scenario = world.Scenario
        let deadline = scenario.Length + Verdict.settleTime scenario.Config scenario.Nodes

        // Longer than anything that began during the faults goes on.
        let window =
            max (TimeSpan.FromTicks(scenario.Config.ProbePeriod.Ticks * 10L)) (TimeSpan.FromSeconds 2.0)

        // To look at all views of a large cluster takes long.
        let looks = options.JudgesWhenCalm || scenario.Nodes <= Checker<'Id>.FullCheckUpTo

        let isCalm () =
            looks
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

        // Until it is calm at two looks in a row, or the time is over; what is sent in the last window is
        // judged. The first has whatever was held back during the faults.
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

    /// Runs a scenario. What a step throws is a failure like any other.
    let scenario (options: RunOptions<'Id>) (scenario: Scenario) (seed: uint64) : RunResult =
        match Scenario.faults scenario with
        | [] -> ()
        | faults -> invalidArg (nameof scenario) (String.concat "; " faults)

        let checker = Checker<'Id> scenario.Nodes
        let mutable stop = ignore
        let accuracy = Accuracy<'Id> options.Scheme
        let observer = observe options checker accuracy (fun () -> stop ())
        let world = World(options.Scheme, scenario, seed, observer, options.Stepper)
        stop <- world.Stop

        let failures =
            try
                world.Begin()
                // The actions of the last moment too.
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
            Seed = seed
            Failures = failures
            Steps = world.Steps
            CheckedSteps = checker.CheckedSteps
            Delivered = world.Delivered
            Faults = world.Network.Faults
            Trace = world.Trace
        }
