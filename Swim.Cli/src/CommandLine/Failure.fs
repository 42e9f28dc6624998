namespace Swim.Cli

open System
open Swim.Host

/// What ends a command early. It is told in one line on stderr, never with a stack trace.
exception CommandFailure of exitCode: int * reason: string

/// What the process exits with.
[<RequireQualifiedAccess>]
module ExitCode =

    /// All that was asked for happened.
    let success = 0

    /// The command line was fine, but what it asked for did not work out.
    let failed = 1

    /// The command line has to change first.
    let misused = 2

    /// Stopped by a signal; as shells report SIGINT.
    let interrupted = 130

/// Making failures, and telling them.
[<RequireQualifiedAccess>]
module Fail =

    /// Ends the command because its arguments cannot be used. The reason says what to type instead.
    let usage reason : 'T = raise (CommandFailure(ExitCode.misused, reason))

    /// Ends the command because what it tried did not work out.
    let runtime reason : 'T = raise (CommandFailure(ExitCode.failed, reason))

    /// The message in one line, without what .NET adds about parameters of methods.
    let private oneLine (message: string) =
        let sentence = message.Split(" (Parameter '")[0]
        sentence.ReplaceLineEndings(" ").Trim()

    /// Why the command ended, in one line.
    let reason (error: exn) : string =
        match error with
        | CommandFailure(_, reason) -> reason
        | :? SwimStartException -> oneLine error.Message
        | _ -> $"{oneLine error.Message} ({error.GetType().Name})"

    /// Tells on stderr why the command ended, and gives the exit code for that.
    let tell (error: exn) : int =
        Console.Error.WriteLine $"swim: {reason error}"

        match error with
        | CommandFailure(exitCode, _) -> exitCode
        | _ -> ExitCode.failed
