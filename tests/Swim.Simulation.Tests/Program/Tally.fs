namespace Swim.Simulation.Tests

open System
open System.Collections.Generic
open Swim
open Swim.Core
open Swim.Simulation

/// Counts over many runs. Several threads may use it.
[<Sealed>]
type Tally() =

    let lockObject = obj ()
    let mutable runs = 0L
    let mutable traces = 0L
    let mutable steps = 0L
    let mutable checkedSteps = 0L
    let mutable delivered = 0L
    let faults = SortedDictionary<string, int64>(StringComparer.Ordinal)

    let add name count =
        match faults.TryGetValue name with
        | true, before -> faults[name] <- before + count
        | _ -> faults[name] <- count

    let nameOf (action: ScenarioAction) = (ActionText.print action).Split(' ')[0]

    /// Counts a run of a scenario.
    member _.Add(result: RunResult) : unit =
        lock lockObject (fun () ->
            runs <- runs + 1L
            steps <- steps + result.Steps
            checkedSteps <- checkedSteps + result.CheckedSteps
            delivered <- delivered + result.Delivered
            add "(packet lost)" result.Faults.Lost
            add "(packet duplicated)" result.Faults.Duplicated
            add "(packet held back)" result.Faults.HeldBack
            add "(packet damaged)" result.Faults.Damaged

            for _, action in result.Scenario.Actions do
                add (nameOf action) 1L)

    /// Counts a trace of so many steps.
    member _.AddTrace(count: int) : unit =
        lock lockObject (fun () ->
            traces <- traces + 1L
            steps <- steps + int64 count
            checkedSteps <- checkedSteps + int64 count)

    /// How many steps were taken so far.
    member _.Steps = lock lockObject (fun () -> steps)

    /// The counts as one line, after this time.
    member _.Line(elapsed: TimeSpan) : string =
        lock lockObject (fun () ->
            let injected = Seq.sum faults.Values
            let perSecond = float steps / max 0.001 elapsed.TotalSeconds

            $"{elapsed:``hh\:mm\:ss``}  {steps:N0} steps, {runs:N0} runs, {traces:N0} traces, "
            + $"{injected:N0} faults, {perSecond:N0} steps/s")

    /// All counts, after this time.
    member tally.Summary(elapsed: TimeSpan) : string =
        let line = tally.Line elapsed

        lock lockObject (fun () ->
            let checks = List.length Checks.all<Swim.NodeIdentity>

            let kinds = faults |> Seq.map (fun fault -> $"  {fault.Key, -20} {fault.Value, 15:N0}")

            String.concat
                "\n"
                [
                    line
                    $"{checkedSteps:N0} steps were checked by {checks} checks each, "
                    + $"{delivered:N0} packets arrived. Faults by kind:"
                    yield! kinds
                ])
