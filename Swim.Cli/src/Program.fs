module Swim.Cli.Program

open System.Reflection
open System.Threading.Tasks

/// The version that the build gave, without the commit behind it.
let private version () =
    let assembly = Assembly.GetExecutingAssembly()

    match Option.ofObj (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()) with
    | Some attribute -> attribute.InformationalVersion.Split('+')[0]
    | None -> "unknown"

/// Work that looks for no signal ends with the process: there is nothing to leave in good order.
let private untilSignal (signals: Signals) (work: unit -> int) : Task<int> =
    use _ = signals.Token.Register(fun () -> exit ExitCode.interrupted)
    Task.FromResult(work ())

let private runAsync (request: Request) (signals: Signals) : Task<int> =
    match request with
    | ShowHelp command ->
        System.Console.Out.Write(CommandLine.help command)
        Task.FromResult ExitCode.success
    | ShowVersion ->
        System.Console.Out.WriteLine(version ())
        Task.FromResult ExitCode.success
    | RunDemo arguments -> Demo.runAsync arguments signals.Token
    | RunAgent arguments -> Agent.runAsync arguments signals.Token
    | RunMembers arguments -> Members.runAsync arguments signals.Token
    | RunLeave arguments -> Leave.runAsync arguments signals.Token
    | RunSimulate arguments -> untilSignal signals (fun () -> Simulate.run arguments)
    | RunReplay arguments -> untilSignal signals (fun () -> Replay.run arguments)

[<EntryPoint>]
let main arguments =
    use signals = new Signals()

    try
        let request = CommandLine.read (List.ofArray arguments)
        (runAsync request signals).GetAwaiter().GetResult()
    with error ->
        Fail.tell error
