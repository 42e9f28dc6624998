namespace Swim.Cli.Simulate

open System
open System.Threading
open Swim
open Swim.Cli
open Swim.Simulation

/// Makes the runs of `swim simulate` and measures them.
[<RequireQualifiedAccess>]
module Runs =

    /// Reports the progress of the clock of one run, in thousandths of its length.
    let private watch (scenario: Scenario) (advance: int -> unit) : IRunObserver<NodeIdentity> =
        let step = max 1L (scenario.Length.Ticks / 1000L)
        let mutable reported = 0

        { new IRunObserver<NodeIdentity> with
            member _.Started(_, _) = ()
            member _.Stopped(_, _) = ()

            member _.Stepped(time, _, _, _, _) =
                let now = int (min 1000L (time / step))

                if now > reported then
                    advance (now - reported)
                    reported <- now

            member _.Configured(_, _) = ()
            member _.Acted(_, _) = ()
        }

    let private measuring (options: Options) (advance: int -> unit) =
        let scenario = options.Scenario

        { Measure.options IdentityScheme.node with
            Run =
                { Run.options with
                    Checks = options.Checks
                    Settles = options.Checks
                    JudgesWhenCalm = true
                    Observer = Some(watch scenario advance)
                }
            // One point of the plot for each probe period, but at most 200.
            Bucket = max scenario.Config.ProbePeriod (scenario.Length / 200.0)
        }

    /// Makes all runs, and returns their results in the order of their random seeds. The first run is recorded if
    /// a trace is asked for.
    let make (options: Options) : MeasureResult[] =
        let mutable parts = 0
        let mutable finished = 0

        // How long the last clusters take to settle is not known in advance.
        let describe () =
            let isSettling = Volatile.Read &parts >= 1000 * options.Runs
            let settling = if isSettling then ", until the last clusters have settled" else ""
            $"{Volatile.Read &finished} of {options.Runs} runs{settling}"

        use progress = new Progress(describe)

        let advance more =
            let all = Interlocked.Add(&parts, more)
            progress.Report(float all / (1000.0 * float options.Runs))

        let trace = options.Trace |> Option.map (fun path -> TraceRecorder path)

        let work =
            options.RandomSeeds
            |> Array.mapi (fun index randomSeed ->
                fun () ->
                    let measuring = measuring options advance

                    let measuring =
                        match trace with
                        | Some trace when index = 0 -> { measuring with Run = trace.Attach measuring.Run }
                        | _ -> measuring

                    Measure.run measuring options.Scenario randomSeed)

        let results =
            work
            |> Measure.inParallel options.Threads (fun _ _ -> Interlocked.Increment &finished |> ignore)

        trace |> Option.iter _.Close()
        results
