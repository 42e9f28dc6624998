/// Breaks the core in small ways and expects the replay to notice each.
module Swim.Mutants.Main

open Expecto
open Swim
open Swim.Core
open Swim.Conformance

let private steps = lazy (Tables.names |> List.collect Tables.read)

/// The first step in which the core, with this mutant switched on, differs from the model.
let private caughtBy (number: int) =
    Mutant.current <- number

    try
        steps.Value
        |> Seq.indexed
        |> Seq.tryPick (fun (index, step) ->
            match Replay.compare step with
            | [] -> None
            | difference :: _ -> Some(index + 1, step.Operator, difference))
    finally
        Mutant.current <- 0

let private mutants = Mutants.read System.AppContext.BaseDirectory

let private mutantTest (number: int, mutant: Mutants.Mutant) =
    testCase $"{mutant.Rule} {mutant.Name}"
    <| fun () ->
        match caughtBy number with
        | Some(step, operator, difference) ->
            printfn "%-6s %-60s caught by step %d, %s: %s" mutant.Rule mutant.Name step operator difference
        | None ->
            failtest $"no step of the model tells the core from one in which {mutant.Name} ({mutant.File}.fs)"

let private all =
    // The switch is one for the whole process.
    testSequenced
    <| testList
        "Swim.Mutants"
        [
            yield
                testCase "without a mutant the copy is the core"
                <| fun () -> Expect.isNone (caughtBy 0) "every step is as in the model"

            for index, mutant in List.indexed mutants do
                yield mutantTest (index + 1, mutant)
        ]

[<EntryPoint>]
let main arguments = runTestsWithCLIArgs [] arguments all
