namespace Swim.Cli.Simulate

open System
open System.Globalization
open System.IO
open System.Threading
open Argu
open Swim.Cli
open Swim.Simulation

/// `swim simulate --experiment`: the experiment of a paper, as tables.
[<RequireQualifiedAccess>]
module ExperimentCommand =

    let private experiment (name: string) =
        match Experiment.tryFind name with
        | Some experiment -> experiment
        | None ->
            let names = Experiment.all |> List.map _.Name
            let all = String.concat ", " names
            let nearest = Suggestion.nearest name names |> Option.defaultValue names[0]
            Fail.usage $"--experiment takes one of {all}, not '{name}'; type --experiment {nearest}"

    /// Reads a number from 0 to 1, or a percentage, in parts per million.
    let private fraction (text: string) =
        let plain =
            Decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)

        let partsPerMillion =
            match ValueText.tryPercent text, plain with
            | Some partsPerMillion, _ -> partsPerMillion
            | None, (true, value) when value <= 1m -> int (Math.Ceiling(value * 1_000_000m))
            | _ -> 0

        if partsPerMillion < 1 || partsPerMillion > 1_000_000 then
            Fail.usage $"'{text}' is not a fraction of the runs, such as 0.05 or 5%%; type --fraction 0.05"

        partsPerMillion

    /// Refuses the options that the experiment decides itself.
    let private refuse (arguments: ParseResults<SimulateArgument>) =
        for argument in arguments.GetAllResults() do
            match argument with
            | SimulateArgument.Experiment _
            | SimulateArgument.Fraction _
            | SimulateArgument.Results _
            | SimulateArgument.Markdown
            | SimulateArgument.Json
            | SimulateArgument.Runs _
            | SimulateArgument.RandomSeed _
            | SimulateArgument.Threads _ -> ()
            | other ->
                let option = (Options.words other).Head

                Fail.usage
                    $"{option} and --experiment cannot be combined, because an experiment has its own scenarios; leave {option} out"

        if arguments.Contains SimulateArgument.Json && arguments.Contains SimulateArgument.Markdown then
            Fail.usage "--json and --markdown cannot be combined; leave one of them out"

    /// Runs the experiment, prints its tables and returns the exit code.
    let run (arguments: ParseResults<SimulateArgument>) (name: string) : int =
        let experiment = experiment name
        refuse arguments
        let mutable runs = struct (0, 0)

        use progress =
            new Progress(fun () ->
                let struct (finished, all) = runs
                $"{finished} of {all} runs")

        let options =
            {
                PartsPerMillion = arguments.GetResult(SimulateArgument.Fraction, "1") |> fraction
                Runs =
                    arguments.TryGetResult SimulateArgument.Runs
                    |> Option.map (Values.number "--runs" 1 1_000_000 10)
                RandomSeed = Options.randomSeed arguments
                Threads = Options.threads arguments
                Record =
                    arguments.TryGetResult SimulateArgument.Results
                    |> Option.map (Options.outputFile "--results" "results.jsonl")
                Progress =
                    fun finished all ->
                        runs <- struct (finished, all)
                        progress.Report(float finished / float all)
            }

        let tables =
            try
                Experiment.run options experiment
            with
            | :? InvalidDataException as error ->
                Fail.usage $"{error.Message}; remove that line, or type --results with another file"
            | :? IOException
            | :? UnauthorizedAccessException as error ->
                Fail.runtime $"the results cannot be kept: {error.Message}"

        (progress :> IDisposable).Dispose()

        if arguments.Contains SimulateArgument.Json then
            Console.Out.WriteLine(Table.json tables)
        else
            let print (table: Table) =
                if arguments.Contains SimulateArgument.Markdown then
                    $"### {table.Title}\n\n{Table.markdown table}"
                else
                    Table.text table

            tables |> List.map print |> String.concat "\n\n" |> Console.Out.WriteLine

        ExitCode.success
