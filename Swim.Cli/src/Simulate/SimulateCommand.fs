namespace Swim.Cli

open System
open Argu
open Swim.Simulation

/// `swim simulate`: what a cluster would do.
[<RequireQualifiedAccess>]
module Simulate =

    /// Prints what came of the runs and gives the exit code.
    let report (options: SimulateOptions) (results: MeasureResult[]) =
        if options.Json then
            Console.Out.WriteLine(SimulateJson.text options results)
        else
            Console.Out.WriteLine(SimulateReport.text options results)

        match SimulateReport.failures options results with
        | [] -> ExitCode.success
        | lines ->
            for line in lines do
                Console.Error.WriteLine $"swim: {line}"

            ExitCode.failed

    let private simulate (options: SimulateOptions) : int =
        let results = SimulateRuns.make options

        options.Plot |> Option.iter (fun path -> Plot.write path options.Scenario results)

        report options results

    /// Makes the runs, or the experiment, and gives the exit code.
    let run (arguments: ParseResults<SimulateArgument>) : int =
        match arguments.TryGetResult SimulateArgument.Experiment with
        | Some name -> SimulateExperiment.run arguments name
        | None ->
            let options = SimulateOptions.read arguments

            if arguments.Contains SimulateArgument.Print then
                Console.Out.Write(ScenarioText.print options.Scenario)
                ExitCode.success
            else
                simulate options
