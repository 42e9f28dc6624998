namespace Swim.Cli

open System
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks
open Argu
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Logging.Console
open Swim.Host

/// `swim agent`: one member of a cluster, until a signal ends it.
[<RequireQualifiedAccess>]
module Agent =

    /// Logs go to stderr, in single lines: stdout is for events.
    let private logging (level: LogLevel) =
        LoggerFactory.Create(fun builder ->
            builder
                .SetMinimumLevel(level)
                // That the dashboard could not start is told in the agent's own words.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddSimpleConsole(fun options ->
                    options.SingleLine <- true
                    options.UseUtcTimestamp <- true
                    options.TimestampFormat <- Stamp.Format + " "
                    options.ColorBehavior <- LoggerColorBehavior.Disabled)
                .AddConsole(fun options -> options.LogToStandardErrorThreshold <- LogLevel.Trace)
            |> ignore)

    /// Why the agent could not start, in terms of the command line: the socket, or the file of the recording.
    let private explain (options: AgentOptions) (error: SwimStartException) =
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

    let private start (options: AgentOptions) (loggers: ILoggerFactory) =
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

    /// Prints the statistics again and again until cancelled.
    let private printStatistics (node: SwimNode) (output: IAgentOutput) period (stop: CancellationToken) =
        task {
            use timer = new PeriodicTimer(period)

            try
                while! timer.WaitForNextTickAsync stop do
                    output.Statistics("statistics", node.Snapshot, node.Statistics)
            with :? OperationCanceledException ->
                ()
        }

    /// What is served when nothing is.
    let private nothing =
        { new IAsyncDisposable with
            member _.DisposeAsync() = ValueTask.CompletedTask
        }

    /// Ends with the signal, or with the node if it fails first.
    let private waitAsync (node: SwimNode) (stop: CancellationToken) =
        task {
            try
                do! node.Completion.WaitAsync stop
            with :? OperationCanceledException when stop.IsCancellationRequested ->
                ()
        }

    /// Serves the dashboard, if it is asked for, and tells where.
    let private serve
        (options: AgentOptions)
        (node: SwimNode)
        (output: IAgentOutput)
        (loggers: ILoggerFactory)
        =
        task {
            match options.Dashboard with
            | Some endPoint ->
                let! dashboard = AgentDashboard.StartAsync(endPoint, node, loggers)
                output.Dashboard(dashboard.Url, node.Snapshot)
                return dashboard :> IAsyncDisposable
            | None -> return nothing
        }

    /// Runs the agent until a signal, or until it was told by its dashboard to leave, and gives the exit code.
    let runAsync (arguments: ParseResults<AgentArgument>) (signal: CancellationToken) : Task<int> =
        task {
            let options = AgentOptions.read arguments
            let output = if options.Json then AgentOutput.json else AgentOutput.text
            use loggers = logging options.LogLevel
            use node = start options loggers
            output.Listening(node.LocalEndPoint, node.Snapshot)
            use! _dashboard = serve options node output loggers
            use stop = CancellationTokenSource.CreateLinkedTokenSource signal

            let following =
                Notice.follow node (fun notice ->
                    output.Notice notice

                    // Having left there is nothing to stay for.
                    if notice.Kind = SwimChangeKind.Defunct && node.Snapshot.HasLeft then
                        stop.Cancel())

            let printing =
                match options.Stats with
                | Some period -> printStatistics node output period stop.Token
                | None -> Task.FromResult()

            do! waitAsync node stop.Token
            do! printing
            do! node.DisposeAsync()
            // What happened until the end is printed before the last line.
            do! following

            if not node.Snapshot.HasLeft then
                Fail.runtime "stopped without having left; the others will find out by their probes"

            output.Statistics("left", node.Snapshot, node.Statistics)
            return ExitCode.success
        }
