namespace Swim.Cli

open System
open System.Runtime.InteropServices
open System.Threading

/// Turns SIGINT (Ctrl+C) and SIGTERM into a cancellation, in the place of the sudden end of the process.
/// A SIGINT that the parent told its children to ignore stays ignored, as .NET has it: scripts that start
/// this in the background with `&` should send SIGTERM.
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
            // The source stays: a signal that is being handled right now may still cancel it.
            for registration in registrations do
                registration.Dispose()
