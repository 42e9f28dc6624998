namespace Swim.Cli

open System
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Argu

/// `swim members`: what an agent knows of its cluster.
[<RequireQualifiedAccess>]
module Members =

    /// The number of the last of these changes; the given one if there is none.
    let private lastNumber (changes: JsonElement) (otherwise: int64) =
        changes.EnumerateArray()
        |> Seq.fold (fun _ change -> change.GetProperty("number").GetInt64()) otherwise

    /// Prints the members once, and each change after that. A second snapshot, when changes came too quickly,
    /// may hold some that were not printed yet.
    let private watchAsync (client: AgentClient) isJson (stop: CancellationToken) =
        task {
            let mutable printed = None

            let handle (_: string) (event: JsonElement) =
                let changes = event.GetProperty "changes"

                match printed with
                | None ->
                    let members = event.GetProperty "members"

                    Console.Out.WriteLine(
                        (if isJson then MembersReport.json else MembersReport.table) members
                    )

                    printed <- Some(lastNumber changes 0L)
                | Some last ->
                    for change in changes.EnumerateArray() do
                        if change.GetProperty("number").GetInt64() > last then
                            Console.Out.WriteLine(
                                if isJson then change.GetRawText() else MembersReport.change change
                            )

                    printed <- Some(lastNumber changes last)

            try
                do! client.FollowAsync(handle, stop)

                return
                    Fail.runtime
                        "the agent ended, or the connection to it broke; its cluster may go on without it"
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                return ExitCode.success
        }

    /// Prints what was asked for and gives the exit code.
    let runAsync (arguments: ParseResults<MembersArgument>) (stop: CancellationToken) : Task<int> =
        task {
            let isJson = arguments.Contains MembersArgument.Json
            use client = AgentClient.Parse("members", arguments.TryGetResult MembersArgument.Agent)

            if arguments.Contains MembersArgument.Watch then
                return! watchAsync client isJson stop
            else
                let! members = client.GetAsync("members", stop)
                Console.Out.WriteLine((if isJson then MembersReport.json else MembersReport.table) members)
                return ExitCode.success
        }
