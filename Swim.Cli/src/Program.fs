module Swim.Cli.Program

open System
open System.Reflection
open System.Threading.Tasks
open Swim.Cli.Agent
open Swim.Cli.Demo
open Swim.Cli.Members
open Swim.Cli.Replay
open Swim.Cli.Simulate

/// The version that the build set, without the commit behind it.
let private version () =
    let assembly = Assembly.GetExecutingAssembly()

    match Option.ofObj (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()) with
    | Some attribute -> attribute.InformationalVersion.Split('+')[0]
    | None -> "unknown"

/// Runs work that takes no cancellation: a signal ends the process, which has no cluster to leave.
let private untilSignal (signals: Signals) (work: unit -> int) : Task<int> =
    use _ = signals.Token.Register(fun () -> exit ExitCode.interrupted)
    Task.FromResult(work ())

let private runAsync (request: Request) (signals: Signals) : Task<int> =
    match request with
    | ShowHelp command ->
        Console.Out.Write(CommandLine.help command)
        Task.FromResult ExitCode.success
    | ShowVersion ->
        Console.Out.WriteLine(version ())
        Task.FromResult ExitCode.success
    | RunDemo arguments -> DemoCommand.runAsync arguments signals.Token
    | RunAgent arguments -> AgentCommand.runAsync arguments signals.Token
    | RunMembers arguments -> MembersCommand.runAsync arguments signals.Token
    | RunLeave arguments -> LeaveCommand.runAsync arguments signals.Token
    | RunSimulate arguments -> untilSignal signals (fun () -> SimulateCommand.run arguments)
    | RunReplay arguments -> untilSignal signals (fun () -> ReplayCommand.run arguments)

[<EntryPoint>]
let main arguments =
    // Reading the command line makes .NET set up its signal handling, so this comes first.
    if Array.tryHead arguments = Some "agent" then
        InheritedInterrupt.accept ()

    use signals = new Signals()

    try
        let request = CommandLine.read (List.ofArray arguments)
        (runAsync request signals).GetAwaiter().GetResult()
    with error ->
        Fail.report error
