namespace Swim.Cli

open System
open System.Diagnostics
open System.Threading

/// Reports the progress of long work on stderr: on a terminal in one line that is overwritten, elsewhere in a
/// line every ten seconds. Work of less than two seconds is not reported.
[<Sealed>]
type Progress(describe: unit -> string) =

    static let silentFor = TimeSpan.FromSeconds 2.0

    let isTerminal = not Console.IsErrorRedirected
    let watch = Stopwatch.StartNew()
    let gate = Lock()
    let mutable part = 0.0
    // The part that an earlier process did says nothing about the speed of this one.
    let mutable first = nan
    let mutable shown = 0
    let mutable isOver = false

    let left () =
        if part < 1.0 && part - first > 0.02 then
            let left = watch.Elapsed.TotalSeconds * (1.0 - part) / (part - first)
            $", about {Math.Ceiling left:F0} s left"
        else
            ""

    let print () =
        let line =
            $"{Math.Floor(100.0 * part):F0}%%, {describe ()}, {watch.Elapsed.TotalSeconds:F0} s so far{left ()}"

        if isTerminal then
            Console.Error.Write("\r" + line.PadRight shown)
            shown <- line.Length
        else
            Console.Error.WriteLine line

    let tick (_: objnull) =
        lock gate (fun () ->
            if not isOver && watch.Elapsed >= silentFor then
                print ())

    let timer =
        let period = if isTerminal then TimeSpan.FromSeconds 0.5 else TimeSpan.FromSeconds 10.0

        new Timer(tick, null, period, period)

    /// How much of the work is done, from 0 to 1. From any thread.
    member _.Report(fraction: float) : unit =
        lock gate (fun () ->
            part <- max part (min 1.0 fraction)

            if Double.IsNaN first then
                first <- part)

    interface IDisposable with
        member _.Dispose() =
            timer.Dispose()

            lock gate (fun () ->
                isOver <- true

                if shown > 0 then
                    Console.Error.Write("\r" + String(' ', shown) + "\r")
                    shown <- 0)
