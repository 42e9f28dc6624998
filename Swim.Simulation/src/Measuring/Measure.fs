namespace Swim.Simulation

open System
open System.Threading
open Swim

/// How runs are measured.
[<NoEquality; NoComparison>]
type MeasureOptions<'Id when 'Id: equality and 'Id :> IIdentity<'Id>> =
    {
        /// How each run is made. Its observer, if any, sees the run too; it must then be made for one run.
        Run: RunOptions<'Id>
        /// From when on traffic counts for the rates, since the run began.
        WindowFrom: TimeSpan
        /// Until when; the end of the scenario if it is later.
        WindowTo: TimeSpan
        /// How long one bucket of the traffic over time is. More than zero.
        Bucket: TimeSpan
    }

[<RequireQualifiedAccess>]
module Measure =

    /// Measures the whole of a scenario, in buckets of one second, and checks nothing.
    let options<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
        (scheme: IdentityScheme<'Id>)
        : MeasureOptions<'Id> =
        {
            Run =
                {
                    Scheme = scheme
                    Stepper = ProtocolStepper()
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

    /// Runs a scenario from a seed and measures it.
    let run (options: MeasureOptions<'Id>) (scenario: Scenario) (seed: uint64) : MeasureResult =
        let windowTo = min options.WindowTo scenario.Length

        if options.WindowFrom < TimeSpan.Zero || options.WindowFrom >= windowTo then
            invalidArg (nameof options) "the window must begin before it ends, and before the scenario ends"

        if options.Bucket <= TimeSpan.Zero then
            invalidArg (nameof options) "a bucket must be longer than zero"

        let measured =
            MeasureObserver(options.Run.Scheme, scenario, options.WindowFrom, windowTo, options.Bucket)

        let observer =
            match options.Run.Observer with
            | Some other -> both measured other
            | None -> measured

        let runOptions = { options.Run with Observer = Some observer }
        measured.Result(Run.scenario runOptions scenario seed)

    /// Does pieces of work that need nothing of each other on so many threads. The results are in the order
    /// of the work, so they are the same on one thread and on many. `finished` is told of each as it is
    /// done, by one thread at a time.
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

    /// Measures one scenario from many seeds on so many threads. `finished` is told of each run as it is
    /// done, in any order, by one thread at a time: how many are done so far, and the run. The results are
    /// in the order of the seeds.
    let runs
        threads
        (finished: int -> MeasureResult -> unit)
        (options: unit -> MeasureOptions<'Id>)
        scenario
        seeds
        =
        let mutable doneSoFar = 0

        let tell _ result =
            doneSoFar <- doneSoFar + 1
            finished doneSoFar result

        seeds
        |> Array.map (fun (seed: uint64) -> fun () -> run (options ()) scenario seed)
        |> inParallel threads tell
