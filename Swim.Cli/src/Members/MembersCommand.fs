namespace Swim.Cli.Members

open System
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Argu
open Swim.Cli

/// `swim members`: what an agent knows of its cluster.
[<RequireQualifiedAccess>]
module MembersCommand =

    /// The number of the last of these events, or `otherwise` if there is none.
    let private lastNumber (events: JsonElement) (otherwise: int64) =
        events.EnumerateArray()
        |> Seq.fold (fun _ event -> event.GetProperty("number").GetInt64()) otherwise

    /// Prints the members once, and each event after that. When events come too quickly, the dashboard sends a
    /// second snapshot, which may hold some that were not printed yet.
    let private watchAsync (client: AgentClient) isJson (stop: CancellationToken) =
        task {
            let mutable printed = None

            let handle (_: string) (message: JsonElement) =
                let events = message.GetProperty "events"

                match printed with
                | None ->
                    let members = message.GetProperty "members"

                    Console.Out.WriteLine((if isJson then Report.json else Report.table) members)

                    printed <- Some(lastNumber events 0L)
                | Some last ->
                    for event in events.EnumerateArray() do
                        if event.GetProperty("number").GetInt64() > last then
                            Console.Out.WriteLine(if isJson then event.GetRawText() else Report.event event)

                    printed <- Some(lastNumber events last)

            try
                do! client.FollowAsync(handle, stop)

                return
                    Fail.runtime
                        "the agent ended, or the connection to it broke; the other members may still be running"
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                return ExitCode.success
        }

    /// Prints the members, and with `--watch` the events, and returns the exit code.
    let runAsync (arguments: ParseResults<MembersArgument>) (stop: CancellationToken) : Task<int> =
        task {
            let isJson = arguments.Contains MembersArgument.Json
            use client = AgentClient.Parse("members", arguments.TryGetResult MembersArgument.Agent)

            if arguments.Contains MembersArgument.Watch then
                return! watchAsync client isJson stop
            else
                let! members = client.GetAsync("members", stop)
                Console.Out.WriteLine((if isJson then Report.json else Report.table) members)
                return ExitCode.success
        }
