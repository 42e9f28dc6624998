namespace Swim.Simulation

open System
open System.Threading
open Swim
open Swim.Core

/// How runs are measured.
[<NoEquality; NoComparison>]
type MeasureOptions<'Id when 'Id: equality and 'Id :> IIdentity<'Id>> =
    {
        /// How each run is made. If it has an observer, that observer must be for one run only.
        Run: RunOptions<'Id>
        /// The beginning of the window in which traffic is counted, since the run began.
        WindowFrom: TimeSpan
        /// The end of the window; the end of the scenario if that comes first.
        WindowTo: TimeSpan
        /// The length of one bucket of the traffic over time. More than zero.
        Bucket: TimeSpan
    }

[<RequireQualifiedAccess>]
module Measure =

    /// Measures a whole scenario in buckets of one second, without checks.
    let options<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
        (scheme: IdentityScheme<'Id>)
        : MeasureOptions<'Id> =
        {
            Run =
                {
                    Scheme = scheme
                    Runner = StepRunner<'Id>
                    Observer = None
                    Checks = false
                    Settles = false
                    JudgesWhenCalm = false
                }
            WindowFrom = TimeSpan.Zero
            WindowTo = TimeSpan.MaxValue
            Bucket = TimeSpan.FromSeconds 1.0
        }

    let private both (first: IRunObserver<'Id>) (second: IRunObserver<'Id>) =
        { new IRunObserver<'Id> with
            member _.Started(time, node) =
                first.Started(time, node)
                second.Started(time, node)

            member _.Stopped(time, node) =
                first.Stopped(time, node)
                second.Stopped(time, node)

            member _.Stepped(time, node, before, event, effects) =
                first.Stepped(time, node, before, event, effects)
                second.Stepped(time, node, before, event, effects)

            member _.Configured(time, node) =
                first.Configured(time, node)
                second.Configured(time, node)

            member _.Acted(time, action) =
                first.Acted(time, action)
                second.Acted(time, action)
        }

    /// Runs a scenario and measures it. Throws `ArgumentException` if the window or the bucket is empty.
    let run (options: MeasureOptions<'Id>) (scenario: Scenario) (randomSeed: uint64) : MeasureResult =
        let windowTo = min options.WindowTo scenario.Length

        if options.WindowFrom < TimeSpan.Zero || options.WindowFrom >= windowTo then
            invalidArg
                (nameof options)
                "The window must begin at zero or later, before it ends and before the scenario ends."

        if options.Bucket <= TimeSpan.Zero then
            invalidArg (nameof options) "The bucket must be longer than zero."

        let measured =
            MeasureObserver(options.Run.Scheme, scenario, options.WindowFrom, windowTo, options.Bucket)

        let observer =
            match options.Run.Observer with
            | Some other -> both measured other
            | None -> measured

        let runOptions = { options.Run with Observer = Some observer }
        measured.Result(Run.scenario runOptions scenario randomSeed)

    /// Does independent pieces of work on so many threads. The results are in the order of the work, whatever
    /// the number of threads. `finished` is called after each, by one thread at a time. Throws
    /// `AggregateException` with the error of the first piece that failed.
    let inParallel (threads: int) (finished: int -> 'Result -> unit) (work: (unit -> 'Result)[]) : 'Result[] =
        let results = Array.zeroCreate work.Length
        let errors = Array.create work.Length None
        let gate = Lock()
        let mutable next = -1

        let worker () =
            let mutable index = Interlocked.Increment(&next)

            while index < work.Length do
                try
                    results[index] <- work[index]()
                    lock gate (fun () -> finished index results[index])
                with error ->
                    errors[index] <- Some error
                    Volatile.Write(&next, work.Length)

                index <- Interlocked.Increment(&next)

        let others = Array.init (max 1 threads - 1) (fun _ -> Thread(worker, 16 * 1024 * 1024))
        others |> Array.iter _.Start()
        worker ()
        others |> Array.iter _.Join()

        match Array.tryPick id errors with
        | Some error -> raise (AggregateException error)
        | None -> results

    /// Measures one scenario with many random seeds on so many threads. The results are in the order of the
    /// random seeds. `finished` is called after each run, in any order, by one thread at a time, with the
    /// number of finished runs and the run.
    let runs
        threads
        (finished: int -> MeasureResult -> unit)
        (options: unit -> MeasureOptions<'Id>)
        scenario
        randomSeeds
        =
        let mutable doneSoFar = 0

        let tell _ result =
            doneSoFar <- doneSoFar + 1
            finished doneSoFar result

        randomSeeds
        |> Array.map (fun (randomSeed: uint64) -> fun () -> run (options ()) scenario randomSeed)
        |> inParallel threads tell
