/// Random cases for as long as the caller asks for.
module Swim.Simulation.Tests.Soak

open System
open System.Diagnostics
open System.Threading
open Swim.Simulation

/// The options of a soak.
type Options =
    {
        Minutes: float
        Threads: int
        /// The random seed of the first batch; each batch takes the next.
        RandomSeed: uint64
    }

// Cases of one random seed: all sizes from 1 to 100.
[<Literal>]
let private ScenariosInBatch = 100

[<Literal>]
let private TracesInBatch = 300

let private progressEvery = TimeSpan.FromSeconds 5.0

/// Tries one batch: its failure, if any.
let private batch (tally: Tally) (randomSeed: uint64) : string option =
    let protocol = RealProtocol()
    let scenarios = Scenarios.search protocol tally.Add
    let traces = Traces.search protocol (snd >> tally.AddTrace)

    match (Search.run scenarios ScenariosInBatch randomSeed).Failure with
    | Some failure -> Some failure
    | None -> (Search.run traces TracesInBatch randomSeed).Failure

/// Tries batches until the time is over or one fails. Returns the exit code.
let run (options: Options) : int =
    let clock = Stopwatch.StartNew()
    let length = TimeSpan.FromMinutes options.Minutes
    let tally = Tally()
    let batches = ref 0L
    let failure: string option ref = ref None
    printfn $"Soaking for {length} on {options.Threads} threads from random seed {options.RandomSeed}."

    let work () =
        while failure.Value.IsNone && clock.Elapsed < length do
            let randomSeed = options.RandomSeed + uint64 (Interlocked.Increment batches) - 1UL

            match batch tally randomSeed with
            | Some found -> failure.Value <- Some found
            | None -> ()

    let threads =
        List.init options.Threads (fun _ ->
            let thread = Thread(work, 64 * 1024 * 1024)
            thread.Start()
            thread)

    let mutable shown = TimeSpan.Zero

    while threads |> List.exists _.IsAlive do
        threads |> List.iter (fun thread -> thread.Join 200 |> ignore)

        if clock.Elapsed - shown > progressEvery then
            shown <- clock.Elapsed
            printfn $"{tally.Line clock.Elapsed}"

    let processor = Process.GetCurrentProcess().TotalProcessorTime
    let perSecond = float tally.Steps / processor.TotalSeconds
    let last = options.RandomSeed + uint64 batches.Value - 1UL
    printfn $"\n{tally.Summary clock.Elapsed}"
    printfn $"{perSecond:N0} steps per second of processor time; random seeds {options.RandomSeed} to {last}."

    match failure.Value with
    | None ->
        printfn "No check failed."
        0
    | Some failure ->
        printfn $"\n{failure}"
        1
