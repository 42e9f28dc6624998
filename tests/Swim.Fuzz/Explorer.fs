/// Fuzzing that is guided by coverage, within this process: an input that takes a new branch joins the pool
/// that others are made from. For when there is no AFL, and faster than it.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Explorer

open System
open System.Diagnostics
open System.IO

/// Where the inputs that added coverage go.
let found () = Path.Combine(Repository.artifacts (), "found")

let private keep (input: byte[]) =
    Directory.CreateDirectory(found ()) |> ignore
    File.WriteAllBytes(Path.Combine(found (), $"{Swim.Crc32C.Of(ReadOnlySpan input):x8}.bin"), input)

/// Explores until the time is up; prints how the coverage grows.
let run (target: Target) (start: byte[] list) (randomSeed: uint64) (time: TimeSpan) : unit =
    let clock = Stopwatch.StartNew()
    let covered = CoveredSoFar true
    let mutable pool: byte[][] = [||]
    let mutable number = 0L
    let mutable told = TimeSpan.FromSeconds -10.0

    let attempt context input =
        let mutable fault = None
        let isNew = covered.Add(fun () -> fault <- Target.fault target input)

        match fault with
        | Some what -> failwith (Report.ofInput target context input what)
        | None -> ()

        isNew

    for input in start do
        if attempt "From the corpus" input then
            pool <- Array.append pool [| input |]

    while clock.Elapsed < time do
        let input = Campaign.inputOf pool randomSeed number

        if attempt $"Random seed {randomSeed}, exploration {number}" input then
            pool <- Array.append pool [| input |]
            keep input

        number <- number + 1L

        if clock.Elapsed - told >= TimeSpan.FromSeconds 10.0 then
            told <- clock.Elapsed
            let rate = float number / clock.Elapsed.TotalSeconds

            printfn
                $"{told.TotalSeconds, 6:F0} s {number, 12:N0} inputs {rate, 9:N0}/s {covered.Branches, 6} branches {pool.Length, 6} in the pool"

    printfn
        $"{clock.Elapsed.TotalSeconds, 6:F0} s {number, 12:N0} inputs, {covered.Branches} branches, {pool.Length} in the pool"
