namespace Swim.Cli.Simulate

open System
open Argu
open Swim.Cli
open Swim.Simulation

/// `swim simulate`: measures what a cluster would do.
[<RequireQualifiedAccess>]
module SimulateCommand =

    /// Prints the results of the runs and returns the exit code.
    let report (options: Options) (results: MeasureResult[]) =
        if options.Json then
            Console.Out.WriteLine(JsonReport.text options results)
        else
            Console.Out.WriteLine(TextReport.text options results)

        match TextReport.failures options results with
        | [] -> ExitCode.success
        | lines ->
            for line in lines do
                Console.Error.WriteLine $"swim: {line}"

            ExitCode.failed

    let private simulate (options: Options) : int =
        let results = Runs.make options

        options.Plot |> Option.iter (fun path -> Plot.write path options.Scenario results)

        report options results

    /// Makes the runs, or the experiment, and returns the exit code.
    let run (arguments: ParseResults<SimulateArgument>) : int =
        match arguments.TryGetResult SimulateArgument.Experiment with
        | Some name -> ExperimentCommand.run arguments name
        | None ->
            let options = Options.read arguments

            if arguments.Contains SimulateArgument.Print then
                Console.Out.Write(ScenarioText.print options.Scenario)
                ExitCode.success
            else
                simulate options
