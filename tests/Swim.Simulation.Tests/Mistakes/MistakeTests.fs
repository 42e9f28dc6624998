/// Proof that the net catches fish: each mistake is found, within so many cases.
module Swim.Simulation.Tests.MistakeTests

open Expecto
open Swim.Simulation

let private all = ReceiveMistakes.all @ SendMistakes.all @ TimerMistakes.all

// How many cases each is looked for in. Sizes begin at 1, so the first few are next to nothing.
[<Literal>]
let private MostTraces = 200

[<Literal>]
let private MostScenarios = 60

[<Literal>]
let private Seed = 1UL

/// What found a mistake, in which case.
type private Finding = { Finder: string; Case: int }

let private findingOf (failures: Failure list) case =
    match failures with
    | first :: _ -> { Finder = first.Property; Case = case }
    | [] -> { Finder = "?"; Case = case }

let private inTraces (mistake: Mistake) : Finding option =
    let mutable last = []
    let search = Traces.search mistake (fun (failures, _) -> last <- failures)
    Search.first search MostTraces Seed |> Option.map (findingOf last)

let private inScenarios (mistake: Mistake) : Finding option =
    let mutable last = []
    let search = Scenarios.search mistake (fun result -> last <- result.Failures)
    Search.first search MostScenarios Seed |> Option.map (findingOf last)

let private text (finding: Finding option) =
    match finding with
    | Some finding -> $"{finding.Finder} ({finding.Case})"
    | None -> "-"

let private row (mistake: Mistake) traces scenarios =
    $"{mistake.Rule, -7} {mistake.Name, -55} {traces, -35} {scenarios}"

/// The table of all mistakes and what found them; and those that nothing found.
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
            testCase "all are found"
            <| fun () ->
                let table, missed = table ()
                printfn $"{table}"
                Expect.isEmpty (missed |> List.map _.Name) "found by nothing"
        ]
