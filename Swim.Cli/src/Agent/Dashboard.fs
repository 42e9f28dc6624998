namespace Swim.Cli.Agent

open System
open System.IO
open System.Net
open System.Threading
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open Swim.AspNetCore
open Swim.Cli
open Swim.Host

/// Leaves signals to the agent: the server stops when the agent stops it.
type private NoLifetime() =
    interface IHostLifetime with
        member _.WaitForStartAsync _ = Task.CompletedTask
        member _.StopAsync _ = Task.CompletedTask

/// The dashboard of an agent, on a server of its own.
type Dashboard private (app: WebApplication) =

    /// How long the server waits for connected browsers when it stops.
    static let stopWithin = TimeSpan.FromSeconds 2.0

    /// Clients on this machine may make the member leave; clients elsewhere may only read.
    static let optionsFor (endPoint: IPEndPoint) =
        let isLocal = IPAddress.IsLoopback endPoint.Address
        SwimDashboardOptions(AllowControl = isLocal, RequireLoopbackHost = isLocal)

    /// Why it cannot listen, in terms of the command line.
    static let explain (endPoint: IPEndPoint) (error: exn) =
        let reason = error.Message.TrimEnd '.'
        $"the dashboard cannot listen on {endPoint} ({reason}); type --dashboard 127.0.0.1:0 for a free port, or --no-dashboard"

    /// The URL that it is served at.
    member _.Url = Seq.head app.Urls + "/"

    /// Serves it until disposed. Fails with exit code 2 if it cannot listen there.
    static member StartAsync(endPoint: IPEndPoint, node: SwimNode, loggers: ILoggerFactory) =
        task {
            // Empty: neither the environment nor files in the current folder configure it, and it prints nothing.
            let builder = WebApplication.CreateEmptyBuilder(WebApplicationOptions())

            builder.WebHost.UseKestrelCore().ConfigureKestrel(fun options -> options.Listen endPoint)
            |> ignore

            builder.Services.AddRoutingCore().AddSingleton<ILoggerFactory>(loggers) |> ignore
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>() |> ignore
            let app = builder.Build()
            app.MapSwim("/", node, optionsFor endPoint) |> ignore

            try
                do! app.StartAsync()
                return new Dashboard(app)
            with :? IOException as error ->
                do! app.DisposeAsync()
                return Fail.usage (explain endPoint error)
        }

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            ValueTask(
                task {
                    use limit = new CancellationTokenSource(stopWithin)
                    do! app.StopAsync limit.Token
                    do! app.DisposeAsync()
                }
                :> Task
            )
