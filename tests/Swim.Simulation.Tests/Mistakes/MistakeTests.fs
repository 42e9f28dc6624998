/// Each mistake is found by the random cases, within so many of them.
module Swim.Simulation.Tests.MistakeTests

open Expecto
open Swim.Simulation

let private all = ReceiveMistakes.all @ SendMistakes.all @ TimerMistakes.all

// How many cases are tried for each mistake. Sizes begin at 1, so the first few cases are tiny.
[<Literal>]
let private MostTraces = 200

[<Literal>]
let private MostScenarios = 60

[<Literal>]
let private RandomSeed = 1UL

/// The check that found a mistake, and the number of the case.
type private Finding = { Check: string; Case: int }

let private findingOf (failures: Failure list) case =
    match failures with
    | first :: _ -> { Check = first.Property; Case = case }
    | [] -> { Check = "?"; Case = case }

let private inTraces (mistake: Mistake) : Finding option =
    let mutable last = []
    let search = Traces.search mistake (fun (failures, _) -> last <- failures)
    Search.first search MostTraces RandomSeed |> Option.map (findingOf last)

let private inScenarios (mistake: Mistake) : Finding option =
    let mutable last = []
    let search = Scenarios.search mistake (fun result -> last <- result.Failures)
    Search.first search MostScenarios RandomSeed |> Option.map (findingOf last)

let private text (finding: Finding option) =
    match finding with
    | Some finding -> $"{finding.Check} ({finding.Case})"
    | None -> "-"

let private row (mistake: Mistake) traces scenarios =
    $"{mistake.Rule, -7} {mistake.Name, -55} {traces, -35} {scenarios}"

/// A table of all mistakes and what found them, and the mistakes that were not found.
let private table () : string * Mistake list =
    let found = all |> List.map (fun mistake -> mistake, inTraces mistake, inScenarios mistake)

    let lines =
        row
            { new Mistake("rule", "mistake") with
                override _.Step(_, state, _) = struct (state, Swim.Core.Effects.Empty)
            }
            $"in traces (case of {MostTraces})"
            $"in scenarios (case of {MostScenarios})"
        :: (found
            |> List.map (fun (mistake, traces, scenarios) -> row mistake (text traces) (text scenarios)))

    String.concat "\n" lines,
    found
    |> List.choose (fun (mistake, traces, scenarios) ->
        if traces.IsNone && scenarios.IsNone then Some mistake else None)

let tests =
    testList
        "Mistakes"
        [
            testCase "every mistake in the protocol is found by random traces or scenarios"
            <| fun () ->
                let table, missed = table ()
                printfn $"{table}"
                Expect.isEmpty (missed |> List.map _.Name) "mistakes that were not found"
        ]
