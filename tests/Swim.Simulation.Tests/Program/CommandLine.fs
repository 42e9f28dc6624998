/// The commands of this program. Without one it runs its tests.
module Swim.Simulation.Tests.CommandLine

open System

let private usage =
    String.concat
        "\n"
        [
            "soak --minutes N [--threads T] [--seed S]    try random cases for N minutes"
            "large [--nodes N] [--within SECONDS] [--limit SECONDS] [--seed S]    measure a large cluster that joins"
            "replay traces|scenarios CASE                 replay the case that a failure names"
        ]

let private (|Double|_|) (text: string) =
    match Double.TryParse(text, Globalization.CultureInfo.InvariantCulture) with
    | true, value -> Some value
    | _ -> None

let private (|Int|_|) (text: string) =
    match Int32.TryParse text with
    | true, value -> Some value
    | _ -> None

let private (|Unsigned|_|) (text: string) =
    match UInt64.TryParse text with
    | true, value -> Some value
    | _ -> None

let rec private soak (options: Soak.Options) (arguments: string list) : int =
    match arguments with
    | [] -> Soak.run options
    | "--minutes" :: Double minutes :: rest when minutes > 0.0 -> soak { options with Minutes = minutes } rest
    | "--threads" :: Int threads :: rest when threads > 0 -> soak { options with Threads = threads } rest
    | "--seed" :: Unsigned seed :: rest -> soak { options with RandomSeed = seed } rest
    | _ ->
        eprintfn $"{usage}"
        2

let rec private large (options: Large.Options) (arguments: string list) : int =
    match arguments with
    | [] -> Large.run options
    | "--nodes" :: Int nodes :: rest when nodes > 1 -> large { options with Nodes = nodes } rest
    | "--within" :: Double seconds :: rest when seconds > 0.0 ->
        large { options with Within = TimeSpan.FromSeconds seconds } rest
    | "--limit" :: Double seconds :: rest when seconds > 0.0 ->
        large { options with Limit = TimeSpan.FromSeconds seconds } rest
    | "--seed" :: Unsigned seed :: rest -> large { options with RandomSeed = seed } rest
    | _ ->
        eprintfn $"{usage}"
        2

let private replay (search: Search<'Case>) (case: string) : int =
    match Search.replay search case with
    | Some failure ->
        printfn $"{failure}"
        1
    | None ->
        printfn "No check fails in it."
        0

/// Runs a command: its exit code, or none if the first argument is no command.
let run (arguments: string list) : int option =
    match arguments with
    | "soak" :: rest ->
        let randomSeed = uint64 DateTime.UtcNow.Ticks % 1_000_000_000UL
        Some(soak { Minutes = 1.0; Threads = 1; RandomSeed = randomSeed } rest)
    | "large" :: rest -> Some(large Large.defaults rest)
    | [ "replay"; "traces"; case ] -> Some(replay (Traces.search (RealProtocol()) ignore) case)
    | [ "replay"; "scenarios"; case ] -> Some(replay (Scenarios.search (RealProtocol()) ignore) case)
    | [ "fingerprint" ] ->
        printfn $"{DeterminismTests.fingerprint ()}"
        Some 0
    | ("replay" | "help") :: _ ->
        eprintfn $"{usage}"
        Some 2
    | _ -> None
