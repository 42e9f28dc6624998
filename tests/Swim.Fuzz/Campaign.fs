namespace Swim.Fuzz

open System
open System.Diagnostics

/// How long a campaign runs.
[<Struct>]
type internal Duration =
    /// So many inputs: the same ones each time.
    | Inputs of count: int64
    /// So much time.
    | Time of TimeSpan

/// Random inputs, one after the other, until one shows a fault or enough were tried.
[<RequireQualifiedAccess>]
module internal Campaign =

    /// The input with that number of the run from that random seed.
    let inputOf (pool: byte[][]) (randomSeed: uint64) (number: int64) : byte[] =
        Inputs.make (Dice(Dice(randomSeed).Word() + uint64 number)) pool

    /// How many inputs were tried; fails with a report of the first that shows a fault. `progress` is told
    /// from time to time.
    let run
        (target: Target)
        pool
        (randomSeed: uint64)
        (duration: Duration)
        (progress: int64 -> TimeSpan -> unit)
        =
        let clock = Stopwatch.StartNew()
        let mutable number = 0L
        let mutable told = TimeSpan.Zero

        let isOver () =
            match duration with
            | Inputs count -> number >= count
            | Time time -> number &&& 0xFFL = 0L && clock.Elapsed >= time

        while not (isOver ()) do
            let input = inputOf pool randomSeed number

            match Target.fault target input with
            | Some what ->
                failwith (Report.ofInput target $"Random seed {randomSeed}, input {number}" input what)
            | None -> ()

            number <- number + 1L

            if number &&& 0xFFFL = 0L && clock.Elapsed - told > TimeSpan.FromSeconds 10.0 then
                told <- clock.Elapsed
                progress number told

        number
