namespace Swim.Cli.Agent

open System
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks
open Argu
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Logging.Console
open Swim
open Swim.Cli
open Swim.Host

/// `swim agent`: one member of a cluster, until a signal or its dashboard makes it leave.
[<RequireQualifiedAccess>]
module AgentCommand =

    /// Logs to stderr, in single lines: stdout is for events.
    let private logging (level: LogLevel) =
        LoggerFactory.Create(fun builder ->
            builder
                .SetMinimumLevel(level)
                // The agent itself reports that the dashboard could not start.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddSimpleConsole(fun options ->
                    options.SingleLine <- true
                    options.UseUtcTimestamp <- true
                    options.TimestampFormat <- Timestamp.Format + " "
                    options.ColorBehavior <- LoggerColorBehavior.Disabled)
                .AddConsole(fun options -> options.LogToStandardErrorThreshold <- LogLevel.Trace)
            |> ignore)

    /// Why the agent could not start, in terms of the command line: the socket, or the file of the recording.
    let private explain (options: Options) (error: SwimStartException) =
        let code =
            match error.InnerException with
            | :? SocketException as inner -> inner.SocketErrorCode
            | _ -> SocketError.SocketError

        let bind = options.Bind

        match code with
        | SocketError.AddressAlreadyInUse ->
            $"port {bind.Port} of {bind.Address} is taken; type --bind {bind.Address}:0 for a free one, or stop what uses it"
        | SocketError.AddressNotAvailable ->
            $"this machine has no address {bind.Address}; type --bind 127.0.0.1:{bind.Port}, or another address of its own"
        | SocketError.AccessDenied ->
            $"listening on port {bind.Port} is not permitted; type --bind {bind.Address}:7946, or another port from 1024 up"
        | _ -> error.Message.Replace("another RecordingPath", "another file for --record")

    let private start (options: Options) (loggers: ILoggerFactory) =
        try
            SwimNode.Start(
                SwimNodeOptions(
                    BindEndPoint = options.Bind,
                    AdvertiseEndPoint = Option.toObj options.Advertise,
                    Seeds = Array.ofList options.Seeds,
                    Config = options.Config,
                    RecordingPath = Option.toObj options.Record,
                    RecordingMaxBytes = Option.toNullable options.RecordMaxBytes,
                    LoggerFactory = loggers
                )
            )
        with
        | :? SwimStartException as error -> Fail.usage (explain options error)
        | :? ArgumentException as error -> Fail.usage error.Message

    /// Prints the statistics once per period, until cancelled.
    let private printStatistics (node: SwimNode) (output: IOutput) period (stop: CancellationToken) =
        task {
            use timer = new PeriodicTimer(period)

            try
                while! timer.WaitForNextTickAsync stop do
                    output.Statistics("statistics", node.Snapshot, node.Statistics)
            with :? OperationCanceledException ->
                ()
        }

    /// The dashboard of an agent without one.
    let private noDashboard =
        { new IAsyncDisposable with
            member _.DisposeAsync() = ValueTask.CompletedTask
        }

    /// Waits for the signal, or for the end of the node if it fails first.
    let private waitAsync (node: SwimNode) (stop: CancellationToken) =
        task {
            try
                do! node.Completion.WaitAsync stop
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                ()
        }

    /// Serves the dashboard, if it is asked for, and prints its URL.
    let private serve (options: Options) (node: SwimNode) (output: IOutput) (loggers: ILoggerFactory) =
        task {
            match options.Dashboard with
            | Some endPoint ->
                let! dashboard = Dashboard.StartAsync(endPoint, node, loggers)
                output.Dashboard(dashboard.Url, node.Snapshot)
                return dashboard :> IAsyncDisposable
            | None -> return noDashboard
        }

    /// Runs the agent until a signal or its dashboard makes it leave, and returns the exit code.
    let runAsync (arguments: ParseResults<AgentArgument>) (signal: CancellationToken) : Task<int> =
        task {
            let options = Options.read arguments
            let output = if options.Json then Output.json else Output.text
            use loggers = logging options.LogLevel
            use node = start options loggers
            output.Listening(node.LocalEndPoint, node.Snapshot)
            use! _dashboard = serve options node output loggers
            use stop = CancellationTokenSource.CreateLinkedTokenSource signal

            let following =
                NodeEvents.follow node (fun event ->
                    output.Event event

                    // The dashboard can make the node leave: then the agent ends, too.
                    if event.Kind = SwimEventKind.Defunct && event.Cause = Some ChangeCause.Leave then
                        stop.Cancel())

            let printing =
                match options.Stats with
                | Some period -> printStatistics node output period stop.Token
                | None -> Task.FromResult()

            do! waitAsync node stop.Token
            do! printing
            do! node.DisposeAsync()
            // All events are printed before the last line.
            do! following

            if not node.Snapshot.HasLeft then
                Fail.runtime
                    "the member stopped without leaving its cluster; the other members will detect that by probing"

            output.Statistics("left", node.Snapshot, node.Statistics)
            return ExitCode.success
        }
