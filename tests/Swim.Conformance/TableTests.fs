/// Every transition of every table, taken in the core; and what they are about.
module Swim.Conformance.TableTests

open Expecto

let private shown = 5

let private replayed (transitions: Transition list) =
    [
        for transition in transitions do
            match Replay.compare transition with
            | [] -> ()
            | differences -> transition, differences
    ]

let private report (failures: (Transition * string list) list) =
    [
        for transition, differences in List.truncate shown failures do
            yield! differences
            $"in {transition.Line}"
    ]
    |> String.concat "\n"

let private replayOf (name: string, table: Lazy<Transition list>) =
    testCase $"the core takes every step of {name} as the model does"
    <| fun () ->
        let failures = replayed table.Value
        Expect.isNonEmpty table.Value "the table has transitions"

        if not failures.IsEmpty then
            failtest $"{failures.Length} of {table.Value.Length} steps differ, such as\n{report failures}"

let private print (title: string) (all: string list) (counts: Map<string, int>) =
    let entries =
        [ for name in all -> $"{name} {counts |> Map.tryFind name |> Option.defaultValue 0}" ]

    printfn "%s: %s" title (String.concat ", " entries)

let private countBy (names: Transition -> string list) (tables: (string * Lazy<Transition list>) list) =
    tables
    |> Seq.collect (fun (_, table) -> table.Value)
    |> Seq.collect names
    |> Seq.countBy id
    |> Map.ofSeq

let private coverage (tables: (string * Lazy<Transition list>) list) =
    testCase "the tables have steps of every operator and every rule of the model"
    <| fun () ->
        let operators = tables |> countBy (fun step -> [ step.Operator ])
        let rules = tables |> countBy Coverage.rulesOf
        let sizes = Map.ofList [ for name, table in tables -> name, table.Value.Length ]
        print "Steps compared" (List.map fst tables) sizes
        print "by operator" Coverage.operators operators
        print "by rule" Coverage.rules rules
        Expect.containsAll (List.ofSeq operators.Keys) Coverage.operators "each operator"
        Expect.isEmpty (List.except Coverage.operators (List.ofSeq operators.Keys)) "no other operator"
        Expect.containsAll (List.ofSeq rules.Keys) Coverage.rules "each rule"

        Expect.isGreaterThanOrEqual
            (tables |> List.sumBy (fun (_, table) -> table.Value.Length))
            10_000
            "steps in all"

let tests tables = testList "Transitions" [ yield! List.map replayOf tables; coverage tables ]
