namespace Swim.Cli

open System
open System.IO
open Argu
open Swim.Simulation

/// How `swim simulate` makes its runs, and what it makes of them.
type SimulateOptions =
    {
        Scenario: Scenario
        /// The seeds of the runs follow each other; this is that of the first.
        FirstSeed: uint64
        Runs: int
        /// How many runs are made at a time.
        Threads: int
        /// Whether invariants are checked, and the cluster is judged at the end.
        Checks: bool
        /// Where to draw what was measured: SVG or PNG, by the name.
        Plot: string option
        /// Where to record the first run; a file that does not exist yet.
        Trace: string option
        Json: bool
        /// The words of a command that makes runs of the same scenario.
        Words: string list
    }

    /// The seed of each run.
    member options.Seeds: uint64[] =
        Array.init options.Runs (fun index -> options.FirstSeed + uint64 index)

    /// The command that makes just the run with that seed.
    member options.Replay(seed: uint64) : string =
        let quote (word: string) =
            let isPlain letter = Char.IsAsciiLetterOrDigit letter || "-_./:=%,+".Contains letter
            if Seq.forall isPlain word then word else $"'{word}'"

        options.Words @ [ "--seed"; string seed; "--runs"; "1" ]
        |> List.map quote
        |> String.concat " "

/// Reads the options of `swim simulate` from its arguments.
[<RequireQualifiedAccess>]
module SimulateOptions =

    /// On how many threads runs are made at a time.
    let threads (arguments: ParseResults<SimulateArgument>) : int =
        match arguments.TryGetResult SimulateArgument.Threads with
        | Some threads -> Values.number "--threads" 1 1024 Environment.ProcessorCount threads
        | None -> Environment.ProcessorCount

    /// The seed of the first run.
    let seed (arguments: ParseResults<SimulateArgument>) : uint64 =
        arguments.GetResult(SimulateArgument.Seed, 1UL)

    /// A file to write to, which may be there already, in a folder that exists.
    let outputFile option example (text: string) : string =
        if String.IsNullOrWhiteSpace text || Path.EndsInDirectorySeparator text then
            Fail.usage $"{option} needs the name of a file; type {option} {text.Trim()}{example}"

        let path = Path.GetFullPath text
        let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue path

        if Directory.Exists path then
            Fail.usage $"{text} is a folder; type {option} {Path.Combine(text, example)}"

        if not (Directory.Exists folder) then
            Fail.usage $"there is no folder {folder}; make it, or type {option} {Path.GetFileName path}"

        path

    let private hasExtension (path: string) (extension: string) =
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)

    let private plotFile (text: string) =
        let path = outputFile "--plot" "swim.svg" text

        let isDrawn = [ ".svg"; ".png" ] |> List.exists (hasExtension path)

        if not isDrawn then
            let instead = Path.ChangeExtension(text, ".svg")
            Fail.usage $"--plot draws SVG or PNG, by the name of the file; type --plot {instead}"

        path

    /// An argument as it was typed.
    let words (argument: SimulateArgument) : string list =
        match argument with
        | SimulateArgument.Nodes nodes -> [ "--nodes"; string nodes ]
        | SimulateArgument.Config words -> "--config" :: words
        | SimulateArgument.Loss text -> [ "--loss"; text ]
        | SimulateArgument.Latency text -> [ "--latency"; text ]
        | SimulateArgument.Kill words -> "--kill" :: words
        | SimulateArgument.Pause words -> "--pause" :: words
        | SimulateArgument.Partition words -> "--partition" :: words
        | SimulateArgument.Seconds seconds -> [ "--seconds"; string seconds ]
        | SimulateArgument.Scenario path -> [ "--scenario"; path ]
        | SimulateArgument.Seed seed -> [ "--seed"; string seed ]
        | SimulateArgument.Runs runs -> [ "--runs"; string runs ]
        | SimulateArgument.Threads threads -> [ "--threads"; string threads ]
        | SimulateArgument.Unchecked -> [ "--unchecked" ]
        | SimulateArgument.Plot path -> [ "--plot"; path ]
        | SimulateArgument.Trace path -> [ "--trace"; path ]
        | SimulateArgument.Print -> [ "--print" ]
        | SimulateArgument.Experiment name -> [ "--experiment"; name ]
        | SimulateArgument.Fraction text -> [ "--fraction"; text ]
        | SimulateArgument.Results path -> [ "--results"; path ]
        | SimulateArgument.Markdown -> [ "--markdown" ]
        | SimulateArgument.Json -> [ "--json" ]

    // Only what decides about the scenario, and not about what is made of it.
    let private wordsOfScenario (arguments: ParseResults<SimulateArgument>) =
        let names = "--scenario" :: List.map fst (SimulateScenario.options arguments)
        let isOfScenario argument = List.contains (words argument).Head names

        "swim"
        :: "simulate"
        :: (arguments.GetAllResults() |> List.filter isOfScenario |> List.collect words)

    let private refuse (arguments: ParseResults<SimulateArgument>) =
        for isGiven, option in
            [
                arguments.Contains SimulateArgument.Fraction, "--fraction"
                arguments.Contains SimulateArgument.Results, "--results"
                arguments.Contains SimulateArgument.Markdown, "--markdown"
            ] do
            if isGiven then
                let names = Experiment.all |> List.map _.Name
                Fail.usage $"{option} means nothing without --experiment; type --experiment {names[0]} too"

    /// The options; fails with exit code 2 if a value cannot be used.
    let read (arguments: ParseResults<SimulateArgument>) : SimulateOptions =
        refuse arguments

        {
            Scenario = SimulateScenario.read arguments
            FirstSeed = seed arguments
            Runs = arguments.GetResult(SimulateArgument.Runs, 10) |> Values.number "--runs" 1 1_000_000 10
            Threads = threads arguments
            Checks = not (arguments.Contains SimulateArgument.Unchecked)
            Plot = arguments.TryGetResult SimulateArgument.Plot |> Option.map plotFile
            Trace = arguments.TryGetResult SimulateArgument.Trace |> Option.map (Values.newFile "--trace")
            Json = arguments.Contains SimulateArgument.Json
            Words = wordsOfScenario arguments
        }
