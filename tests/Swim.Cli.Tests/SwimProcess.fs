/// Runs `swim` as a process of its own, and reads what it prints.
module Swim.Cli.Tests.SwimProcess

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto

let private patience = TimeSpan.FromSeconds 30.0

/// Repeats the check until it holds, for conditions that no output announces.
let eventually what (holds: unit -> bool) : unit =
    let since = Stopwatch.StartNew()

    while not (holds ()) do
        if since.Elapsed > patience then
            failtest $"not within {patience.TotalSeconds} s: {what}"

        Thread.Yield() |> ignore

/// A running `swim`. Disposing kills it, unless it exited before.
type Run(words: string) =
    let tool = Path.Combine(AppContext.BaseDirectory, "swim.dll")
    let lines = ResizeArray<string>()
    let errors = ResizeArray<string>()

    let add (into: ResizeArray<string>) (line: string | null) =
        match line with
        | null -> ()
        | line ->
            lock lines (fun () ->
                into.Add line
                Monitor.PulseAll lines)

    let proc =
        let start =
            ProcessStartInfo(
                "dotnet",
                $"\"{tool}\" {words}",
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        match Process.Start start with
        | null -> failtest "dotnet does not start"
        | proc ->
            proc.OutputDataReceived.Add(fun printed -> add lines printed.Data)
            proc.ErrorDataReceived.Add(fun printed -> add errors printed.Data)
            proc.BeginOutputReadLine()
            proc.BeginErrorReadLine()
            proc

    /// The lines on stderr so far.
    member _.Errors = lock lines (fun () -> List.ofSeq errors)

    /// The lines on stdout so far.
    member _.Lines = lock lines (fun () -> List.ofSeq lines)

    /// Waits for a matching line, printed before or after this call.
    member run.Until(what: string, holds: string -> bool) : string =
        lock lines (fun () ->
            let since = Stopwatch.StartNew()

            let rec wait () =
                match Seq.tryFind holds lines with
                | Some line -> line
                | None ->
                    let left = patience - since.Elapsed

                    if left <= TimeSpan.Zero || not (Monitor.Wait(lines, left)) then
                        failtest $"{words} never printed {what}, but {run.Lines} and {run.Errors}"

                    wait ()

            wait ())

    /// Sends a signal by its name.
    member _.Signal(name: string) : unit =
        use kill = Process.Start("/bin/sh", [ "-c"; $"kill -{name} {proc.Id}" ])
        kill.WaitForExit()
        Expect.equal kill.ExitCode 0 $"{name} is sent"

    /// Waits until it exited and all of its output was read; returns the exit code.
    member _.Exit() : int =
        Expect.isTrue (proc.WaitForExit patience) $"{words} ends"
        proc.WaitForExit()
        proc.ExitCode

    interface IDisposable with
        member _.Dispose() =
            proc.Kill true
            proc.WaitForExit()
            proc.Dispose()

/// A running `swim agent` with its dashboard.
type Agent(words: string) =
    let run = new Run($"agent --bind 127.0.0.1:0 --config local {words}")
    let word index (line: string) = line.Split(' ')[index]
    let identity = run.Until("that it listens", (fun line -> word 1 line = "listening")) |> word 2
    let url = run.Until("its dashboard", (fun line -> word 1 line = "dashboard")) |> word 2

    member _.Run = run
    member _.Identity = identity
    member _.EndPoint = identity.Split('#')[0]
    member _.Url = url

    interface IDisposable with
        member _.Dispose() = (run :> IDisposable).Dispose()
