namespace Swim.Cli

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
open Swim.Host

/// Signals are the agent's; the server ends when the agent tells it to.
type private NoLifetime() =
    interface IHostLifetime with
        member _.WaitForStartAsync _ = Task.CompletedTask
        member _.StopAsync _ = Task.CompletedTask

/// The page of an agent, on a server of its own.
type AgentDashboard private (app: WebApplication) =

    /// How long browsers may take to notice that it ends.
    static let stopWithin = TimeSpan.FromSeconds 2.0

    /// Who reaches it from elsewhere may look; who is on this machine may also make the member leave.
    static let optionsFor (endPoint: IPEndPoint) =
        let isLocal = IPAddress.IsLoopback endPoint.Address
        SwimDashboardOptions(AllowControl = isLocal, RequireLoopbackHost = isLocal)

    /// Why it cannot listen, in terms of the command line.
    static let explain (endPoint: IPEndPoint) (error: exn) =
        let reason = error.Message.TrimEnd '.'
        $"the dashboard cannot listen on {endPoint} ({reason}); type --dashboard 127.0.0.1:0 for a free port, or --no-dashboard"

    /// Where it is served.
    member _.Url = Seq.head app.Urls + "/"

    /// Serves it until disposed. Fails with exit code 2 if it cannot listen there.
    static member StartAsync(endPoint: IPEndPoint, node: SwimNode, loggers: ILoggerFactory) =
        task {
            // Empty: neither the environment nor files in the current folder configure it, and nothing is printed.
            let builder = WebApplication.CreateEmptyBuilder(WebApplicationOptions())

            builder.WebHost.UseKestrelCore().ConfigureKestrel(fun options -> options.Listen endPoint)
            |> ignore

            builder.Services.AddRoutingCore().AddSingleton<ILoggerFactory>(loggers) |> ignore
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>() |> ignore
            let app = builder.Build()
            app.MapSwim("/", node, optionsFor endPoint) |> ignore

            try
                do! app.StartAsync()
                return new AgentDashboard(app)
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
