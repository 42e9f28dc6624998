namespace Swim.Cli

open System
open System.Threading
open System.Threading.Tasks
open Argu
open Spectre.Console

/// `swim demo`: a cluster in one process that shows what it can do.
[<RequireQualifiedAccess>]
module Demo =

    /// How the demo shows itself. It gets the cluster, and the play that it is to follow.
    type private Display = DemoCluster -> ((DemoLine -> unit) -> Task<DemoOutcome>) -> Task<DemoOutcome>

    let private isTerminal (console: IAnsiConsole) =
        let profile = console.Profile
        profile.Out.IsTerminal && profile.Capabilities.Ansi && profile.Capabilities.Interactive

    let private quietly: Display = fun _ play -> play ignore

    let private lineByLine: Display =
        fun _ play -> play (fun line -> Console.Out.WriteLine(string line))

    let private playAsync size (display: Display) cancellation =
        task {
            use cluster = new DemoCluster(size)
            return! display cluster (fun tell -> DemoPhases.runAsync cluster tell cancellation)
        }

    /// Whoever reads the JSON gets an object even if the cluster could not be started.
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

    /// Plays the demo and gives the exit code.
    let runAsync (arguments: ParseResults<DemoArgument>) (cancellation: CancellationToken) : Task<int> =
        task {
            let size = arguments.GetResult(DemoArgument.Nodes, 5) |> Values.number "--nodes" 3 64 5
            let console = AnsiConsole.Console

            let! outcome =
                if arguments.Contains DemoArgument.Json then
                    task {
                        let! outcome = jsonAsync size cancellation
                        Console.Out.WriteLine(DemoReport.json outcome)
                        return outcome
                    }
                else
                    task {
                        let display = if isTerminal console then DemoTable.runAsync console else lineByLine
                        let! outcome = playAsync size display cancellation
                        DemoReport.print console outcome
                        return outcome
                    }

            for reason in outcome.Failure do
                Console.Error.WriteLine $"swim: {reason}"

            return
                if outcome.Ok then ExitCode.success
                elif cancellation.IsCancellationRequested then ExitCode.interrupted
                else ExitCode.failed
        }
