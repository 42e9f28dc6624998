namespace Swim.Cli.Agent

open System
open System.Net
open System.Net.Sockets
open Argu
open Microsoft.Extensions.Logging
open Swim.Cli
open Swim.Host

/// How an agent runs.
type Options =
    {
        Bind: IPEndPoint
        Advertise: IPEndPoint option
        Seeds: SeedAddress list
        Config: Swim.SwimConfig
        LogLevel: LogLevel
        /// The interval at which the statistics are printed, if they are.
        Stats: TimeSpan option
        /// The file to record the member's inputs in, which does not exist yet.
        Record: string option
        /// The endpoint that the dashboard is served on, if it is.
        Dashboard: IPEndPoint option
        /// How many bytes of recordings to keep.
        RecordMaxBytes: int64 option
        Json: bool
    }

/// Reads the options of an agent from its arguments.
[<RequireQualifiedAccess>]
module Options =

    let private config (arguments: ParseResults<AgentArgument>) =
        let nodes =
            arguments.TryGetResult AgentArgument.Nodes
            |> Option.map (Values.number "--nodes" 1 1_000_000 16)

        let name, make = arguments.GetResult(AgentArgument.Config, "lan") |> Values.preset "--config"

        match nodes with
        | Some _ when name = "simple" ->
            Fail.usage
                "--nodes and --config simple cannot be combined; leave one of them out, or type --config lan"
        | _ -> make (Option.defaultValue 16 nodes)

    let private recordMaxBytes (arguments: ParseResults<AgentArgument>) =
        match arguments.TryGetResult AgentArgument.RecordMaxBytes with
        | Some _ when not (arguments.Contains AgentArgument.Record) ->
            Fail.usage "--record-max-bytes needs --record; type --record member.swimrec as well"
        | bytes ->
            bytes
            |> Option.map (
                Values.atLeast "--record-max-bytes" (int64 SwimNodeOptions.MinRecordingBytes) 100_000_000L
            )

    /// An example of an address of this machine, in the family of the given one.
    let private exampleFor (given: IPEndPoint) =
        match given.AddressFamily with
        | AddressFamily.InterNetworkV6 -> "[fd00::2]"
        | _ -> "10.0.0.2"

    let private requireConcrete bind advertise =
        match advertise with
        | Some(endPoint: IPEndPoint) when SwimNodeOptions.IsAny endPoint.Address ->
            Fail.usage
                $"other members cannot send to {endPoint.Address}; type --advertise {exampleFor endPoint}:{endPoint.Port} with an address of this machine"
        | None when SwimNodeOptions.IsAny (bind: IPEndPoint).Address ->
            Fail.usage
                $"other members cannot send to {bind.Address}; type --bind {bind} --advertise {exampleFor bind}:{bind.Port} with an address of this machine"
        | _ -> ()

    let private requireOthers bind advertise (seeds: SeedAddress list) =
        for seed in seeds do
            match Option.ofObj seed.Literal with
            | Some literal when literal.Equals bind || Some literal = advertise ->
                Fail.usage
                    $"--join {seed} is this member itself; type --join with another member, or leave it out to start a cluster"
            | _ -> ()

    let private dashboard (arguments: ParseResults<AgentArgument>) =
        match arguments.TryGetResult AgentArgument.Dashboard with
        | Some _ when arguments.Contains AgentArgument.NoDashboard ->
            Fail.usage "--dashboard and --no-dashboard cannot be combined; leave one of them out"
        | Some text -> Some(Values.endPoint "--dashboard" text)
        | None when arguments.Contains AgentArgument.NoDashboard -> None
        | None -> Some(IPEndPoint(IPAddress.Loopback, 0))

    /// Reads the options; fails with exit code 2 if a value cannot be used.
    let read (arguments: ParseResults<AgentArgument>) : Options =
        let bind =
            match arguments.TryGetResult AgentArgument.Bind with
            | Some text -> Values.endPoint "--bind" text
            | None -> Fail.usage "agent needs to know where to listen; type --bind 127.0.0.1:7946"

        let advertise =
            arguments.TryGetResult AgentArgument.Advertise
            |> Option.map (Values.endPoint "--advertise")

        let seeds =
            [
                for texts in arguments.GetResults AgentArgument.Join do
                    if List.isEmpty texts then
                        Fail.usage "--join needs a value; type --join 127.0.0.1:7946"

                    for text in texts do
                        Values.seed "--join" text
            ]

        requireConcrete bind advertise
        requireOthers bind advertise seeds

        {
            Bind = bind
            Advertise = advertise
            Seeds = seeds
            Config = config arguments
            LogLevel = arguments.GetResult(AgentArgument.LogLevel, "warning") |> Values.logLevel "--log-level"
            Stats =
                arguments.TryGetResult AgentArgument.Stats
                |> Option.map (Values.number "--stats" 1 86_400 10 >> float >> TimeSpan.FromSeconds)
            Record = arguments.TryGetResult AgentArgument.Record |> Option.map (Values.newFile "--record")
            Dashboard = dashboard arguments
            RecordMaxBytes = recordMaxBytes arguments
            Json = arguments.Contains AgentArgument.Json
        }
