namespace Swim.Cli.Demo

open System
open System.Threading
open System.Threading.Tasks
open Argu
open Spectre.Console
open Swim.Cli

/// `swim demo`: a cluster in one process that shows what SWIM does.
[<RequireQualifiedAccess>]
module DemoCommand =

    /// How the demo is shown. It is passed the cluster, and the play, which takes the function for its lines.
    type private Display = Cluster -> ((StoryLine -> unit) -> Task<Outcome>) -> Task<Outcome>

    let private isTerminal (console: IAnsiConsole) =
        let profile = console.Profile
        profile.Out.IsTerminal && profile.Capabilities.Ansi && profile.Capabilities.Interactive

    let private quietly: Display = fun _ play -> play ignore

    let private lineByLine: Display =
        fun _ play -> play (fun line -> Console.Out.WriteLine(string line))

    let private playAsync size (display: Display) cancellation =
        task {
            use cluster = new Cluster(size)
            return! display cluster (fun show -> Story.runAsync cluster show cancellation)
        }

    /// The outcome, also if the cluster could not be started: a program that reads the JSON always gets an object.
    let private jsonAsync size cancellation =
        task {
            try
                return! playAsync size quietly cancellation
            with error ->
                return
                    {
                        Nodes = size
                        Measured = Map.empty
                        Total = TimeSpan.Zero
                        Failure = [ Fail.reason error ]
                    }
        }

    /// Plays the demo and returns the exit code.
    let runAsync (arguments: ParseResults<DemoArgument>) (cancellation: CancellationToken) : Task<int> =
        task {
            let size = arguments.GetResult(DemoArgument.Nodes, 5) |> Values.number "--nodes" 3 64 5
            let console = AnsiConsole.Console

            let! outcome =
                if arguments.Contains DemoArgument.Json then
                    task {
                        let! outcome = jsonAsync size cancellation
                        Console.Out.WriteLine(Report.json outcome)
                        return outcome
                    }
                else
                    task {
                        let display = if isTerminal console then LiveTable.runAsync console else lineByLine
                        let! outcome = playAsync size display cancellation
                        Report.print console outcome
                        return outcome
                    }

            for reason in outcome.Failure do
                Console.Error.WriteLine $"swim: {reason}"

            return
                if outcome.Ok then ExitCode.success
                elif cancellation.IsCancellationRequested then ExitCode.interrupted
                else ExitCode.failed
        }
