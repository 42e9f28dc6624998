namespace Swim.Cli

open System
open Swim.Host

/// Ends a command early. It is reported in one line on stderr, never with a stack trace.
exception CommandFailure of exitCode: int * reason: string

/// The exit codes of the process.
[<RequireQualifiedAccess>]
module ExitCode =

    /// The command did everything that it was asked to do.
    let success = 0

    /// The command line was valid, but the command failed.
    let failed = 1

    /// The command line cannot be used as it is.
    let misused = 2

    /// Stopped by a signal; the code that shells report for SIGINT.
    let interrupted = 130

/// Raises failures, and reports them.
[<RequireQualifiedAccess>]
module Fail =

    /// Ends the command because its arguments cannot be used. The reason says what is wrong and what to type instead.
    let usage reason : 'T = raise (CommandFailure(ExitCode.misused, reason))

    /// Ends the command because what it tried failed.
    let runtime reason : 'T = raise (CommandFailure(ExitCode.failed, reason))

    /// The message in one line, without the name of the parameter that .NET appends.
    let private oneLine (message: string) =
        let sentence = message.Split(" (Parameter '")[0]
        sentence.ReplaceLineEndings(" ").Trim()

    /// Why the command ended, in one line.
    let reason (error: exn) : string =
        match error with
        | CommandFailure(_, reason) -> reason
        | :? SwimStartException -> oneLine error.Message
        | _ -> $"{oneLine error.Message} ({error.GetType().Name})"

    /// Writes to stderr why the command ended, and returns its exit code.
    let report (error: exn) : int =
        Console.Error.WriteLine $"swim: {reason error}"

        match error with
        | CommandFailure(exitCode, _) -> exitCode
        | _ -> ExitCode.failed
