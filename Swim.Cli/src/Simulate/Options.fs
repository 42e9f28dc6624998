namespace Swim.Cli.Simulate

open System
open System.IO
open Argu
open Swim.Cli
open Swim.Simulation

/// How `swim simulate` makes its runs, and what it writes about them.
type Options =
    {
        Scenario: Scenario
        /// The random seed of the first run; each later run takes the next number.
        FirstRandomSeed: uint64
        Runs: int
        /// How many runs are made in parallel.
        Threads: int
        /// Whether every step is checked, and the cluster at the end.
        Checks: bool
        /// The file to draw the measurements in: SVG or PNG, by its extension.
        Plot: string option
        /// The file to record the first run in, which does not exist yet.
        Trace: string option
        Json: bool
        /// The words of a command that runs the same scenario.
        Words: string list
    }

    /// The random seed of each run.
    member options.RandomSeeds: uint64[] =
        Array.init options.Runs (fun index -> options.FirstRandomSeed + uint64 index)

    /// The command that makes only the run with that random seed.
    member options.CommandOf(randomSeed: uint64) : string =
        let quote (word: string) =
            let isPlain letter = Char.IsAsciiLetterOrDigit letter || "-_./:=%,+".Contains letter
            if Seq.forall isPlain word then word else $"'{word}'"

        options.Words @ [ "--random-seed"; string randomSeed; "--runs"; "1" ]
        |> List.map quote
        |> String.concat " "

/// Reads the options of `swim simulate` from its arguments.
[<RequireQualifiedAccess>]
module Options =

    /// How many runs are made in parallel.
    let threads (arguments: ParseResults<SimulateArgument>) : int =
        match arguments.TryGetResult SimulateArgument.Threads with
        | Some threads -> Values.number "--threads" 1 1024 Environment.ProcessorCount threads
        | None -> Environment.ProcessorCount

    /// The random seed of the first run.
    let randomSeed (arguments: ParseResults<SimulateArgument>) : uint64 =
        arguments.GetResult(SimulateArgument.RandomSeed, 1UL)

    /// Reads the path of a file to write, which may exist already, in a folder that does.
    let outputFile option example (text: string) : string =
        if String.IsNullOrWhiteSpace text || Path.EndsInDirectorySeparator text then
            Fail.usage $"{option} needs the name of a file; type {option} {text.Trim()}{example}"

        let path = Path.GetFullPath text
        let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue path

        if Directory.Exists path then
            Fail.usage $"{text} is a folder; type {option} {Path.Combine(text, example)}"

        if not (Directory.Exists folder) then
            Fail.usage $"there is no folder {folder}; create it, or type {option} {Path.GetFileName path}"

        path

    let private hasExtension (path: string) (extension: string) =
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)

    let private plotFile (text: string) =
        let path = outputFile "--plot" "swim.svg" text

        let isDrawn = [ ".svg"; ".png" ] |> List.exists (hasExtension path)

        if not isDrawn then
            let instead = Path.ChangeExtension(text, ".svg")
            Fail.usage $"--plot draws SVG or PNG, by the extension of the file; type --plot {instead}"

        path

    /// The words of an argument, as they were typed.
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
        | SimulateArgument.RandomSeed seed -> [ "--random-seed"; string seed ]
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

    // Only the arguments that describe the scenario, not those for the runs and the output.
    let private wordsOfScenario (arguments: ParseResults<SimulateArgument>) =
        let names = "--scenario" :: List.map fst (ScenarioOptions.options arguments)
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
                Fail.usage $"{option} needs --experiment; type --experiment {names[0]} as well"

    /// Reads the options; fails with exit code 2 if a value cannot be used.
    let read (arguments: ParseResults<SimulateArgument>) : Options =
        refuse arguments

        {
            Scenario = ScenarioOptions.read arguments
            FirstRandomSeed = randomSeed arguments
            Runs = arguments.GetResult(SimulateArgument.Runs, 10) |> Values.number "--runs" 1 1_000_000 10
            Threads = threads arguments
            Checks = not (arguments.Contains SimulateArgument.Unchecked)
            Plot = arguments.TryGetResult SimulateArgument.Plot |> Option.map plotFile
            Trace = arguments.TryGetResult SimulateArgument.Trace |> Option.map (Values.newFile "--trace")
            Json = arguments.Contains SimulateArgument.Json
            Words = wordsOfScenario arguments
        }
