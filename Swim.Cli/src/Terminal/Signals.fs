namespace Swim.Cli

open System
open System.Runtime.InteropServices
open System.Threading

/// What this process inherited from its parent for SIGINT (Ctrl+C).
[<RequireQualifiedAccess>]
module InheritedInterrupt =

    // The same on every Unix.
    let private SIGINT = 2
    let private SIG_DFL = 0n
    let private SIG_IGN = 1n

    /// More than `struct sigaction` takes on any Unix. The handler is its first field.
    [<Literal>]
    let private SigactionSize = 256

    [<DllImport("libc", EntryPoint = "sigaction")>]
    extern int private sigaction(int signal, nativeint replacement, byte[] current)

    [<DllImport("libc", EntryPoint = "signal")>]
    extern nativeint private setHandler(int signal, nativeint handler)

    let private isIgnored () =
        let current = Array.zeroCreate SigactionSize

        sigaction (SIGINT, 0n, current) = 0
        && MemoryMarshal.Read<nativeint>(ReadOnlySpan current) = SIG_IGN

    /// Resets SIGINT to its default if the parent had it ignored, as a shell without job control has it for `cmd &`.
    /// .NET does not handle a signal that is ignored when the process first uses a signal handler, the console or a
    /// child process, and never looks again: call this before any of them.
    let accept () : unit =
        if not (OperatingSystem.IsWindows()) && isIgnored () then
            setHandler (SIGINT, SIG_DFL) |> ignore

/// Turns SIGINT (Ctrl+C) and SIGTERM into a cancellation, so that a command can end in good order. An ignored
/// SIGINT stays ignored, unless `InheritedInterrupt.accept` was called before.
type Signals() =
    let stop = new CancellationTokenSource()

    let registrations =
        [
            for signal in [ PosixSignal.SIGINT; PosixSignal.SIGTERM ] do
                PosixSignalRegistration.Create(
                    signal,
                    fun context ->
                        context.Cancel <- true
                        stop.Cancel()
                )
        ]

    /// Cancelled by the first of the signals.
    member _.Token = stop.Token

    interface IDisposable with
        member _.Dispose() =
            // The source is not disposed: a signal that is being handled at this moment may still cancel it.
            for registration in registrations do
                registration.Dispose()
