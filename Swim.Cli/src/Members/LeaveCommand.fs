namespace Swim.Cli.Members

open System
open System.Threading
open System.Threading.Tasks
open Argu
open Swim.Cli

/// `swim leave`: makes an agent leave its cluster.
[<RequireQualifiedAccess>]
module LeaveCommand =

    /// Makes the agent leave and returns the exit code.
    let runAsync (arguments: ParseResults<LeaveArgument>) (stop: CancellationToken) : Task<int> =
        task {
            use client = AgentClient.Parse("leave", arguments.TryGetResult LeaveArgument.Agent)
            let! answer = client.PostAsync("leave", stop)

            if arguments.Contains LeaveArgument.Json then
                Console.Out.WriteLine(answer.GetRawText())
            else
                Console.Out.WriteLine $"""{answer.GetProperty("left").GetString()} left its cluster"""

            return ExitCode.success
        }
