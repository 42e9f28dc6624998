/// What the core did in traced runs, held against the tables of the model: a step that the model knows has to
/// end as it does there. `tla/check --traces` follows whole traces with the spec itself.
module Swim.Conformance.TraceTests

open System.Collections.Generic
open System.Text
open Expecto

/// Everything that decides how a step ends.
let private keyOf (step: Transition) =
    struct (step.Operator, step.Node, step.Argument, step.Before, Set.contains step.Node step.Renewable)

let private indexOf (tables: (string * Lazy<Transition list>) list) =
    let index = Dictionary<_, Transition>()

    for _, table in tables do
        for step in table.Value do
            if step.DownIsFinal then
                index[keyOf step] <- step

    index

let private without (addresses: Set<int>) (records: ModelRecords) =
    Map.filter (fun address _ -> not (Set.contains address addresses)) records

/// The fields in which the trace differs from the model. In the core an update is gone with its last
/// transmission, in the model by a step of its own; whether a spent one was sent, `SwimTrace` looks at.
let private differences (model: Transition) (step: Transition) =
    let waiting (state: ModelState) = Set.ofSeq state.Up.Keys
    let spent = waiting model.After - waiting step.After
    let withoutSpent (packet: ModelPacket) = { packet with Updates = without spent packet.Updates }

    [
        if { model.After with Up = without spent model.After.Up } <> step.After then
            "after"
        if Set.map withoutSpent model.Out <> Set.map withoutSpent step.Out then
            "out"
        if model.Notes <> step.Notes then
            "notes"
    ]

let private compareAll (index: Dictionary<_, Transition>) (steps: Transition list) =
    let known =
        steps
        |> List.choose (fun step ->
            match index.TryGetValue(keyOf step) with
            | true, model -> Some(step, differences model step)
            | _ -> None)

    known.Length, known |> List.filter (snd >> List.isEmpty >> not)

let tests (tables: (string * Lazy<Transition list>) list) =
    let index = lazy indexOf tables

    testList
        "Traces"
        [
            testCase "every traced step that the tables know ends as the model says"
            <| fun () ->
                let mutable all = 0
                let mutable known = 0

                for name, _, _ in Harness.runs do
                    let steps =
                        Encoding.UTF8.GetString(Harness.traceOf name)
                        |> TraceReader.lines
                        |> TraceReader.transitions

                    let found, wrong = compareAll index.Value steps
                    all <- all + steps.Length
                    known <- known + found

                    for step, fields in wrong do
                        failtest $"{name}, {step.Line}, {step.Operator}: {fields} differ from the model"

                printfn "Traced steps: %d, of which the tables know %d" all known
                Expect.isGreaterThan known 500 "enough of the steps are in the tables"

            for name, _, _ in Harness.runs do
                testCase $"{name} does what the model checker has followed, line by line"
                <| fun () ->
                    let linesOf (trace: byte[]) = Encoding.UTF8.GetString(trace).Split '\n'
                    let expected = linesOf (Harness.followed Tables.folder name)
                    let actual = linesOf (Harness.traceOf name)

                    match Seq.zip expected actual |> Seq.tryFindIndex (fun (one, other) -> one <> other) with
                    | Some at ->
                        failtest
                            $"line {at + 1} was\n{expected[at]}\nand is\n{actual[at]}\nIf it should be: spec/vectors/README.md says how to follow the new trace and keep it"
                    | None -> Expect.equal actual.Length expected.Length "lines"

            testCase "a trace that is wrong in one field is noticed"
            <| fun () ->
                let trace = Encoding.UTF8.GetString(Harness.traceOf "two-kill")
                let good = trace |> TraceReader.lines |> TraceReader.transitions
                let found, wrong = compareAll index.Value good
                Expect.isGreaterThan found 20 "steps that the tables know"
                Expect.isEmpty wrong "all of them right"

                let corrupt name (change: Transition -> Transition) =
                    let _, wrong = compareAll index.Value (List.map change good)
                    Expect.isNonEmpty wrong name

                let after change step = { step with After = change step.After }
                corrupt "after.inc" (after (fun state -> { state with Inc = state.Inc + 1 }))
                corrupt "after.id" (after (fun state -> { state with Id = { state.Id with Generation = 9 } }))
                corrupt "after.conn" (after (fun state -> { state with Conn = "defunct" }))
                corrupt "after.left" (after (fun state -> { state with Left = not state.Left }))
                corrupt "after.await" (after (fun state -> { state with Await = not state.Await }))
                corrupt "after.mem" (after (fun state -> { state with Mem = Map.empty }))
                corrupt "after.tomb" (after (fun state -> { state with Tomb = Map.ofList [ 1, (9, 0) ] }))
                corrupt "after.susp" (after (fun state -> { state with Susp = set [ 1, 9, 9 ] }))
                corrupt "after.rem" (after (fun state -> { state with Rem = set [ 1, 9, 9 ] }))
                corrupt "out" (fun step -> { step with Out = Set.empty })
                corrupt "notes" (fun step -> { step with Notes = [ "idle", 1, 9 ] })

                let addition = { Generation = 9; Incarnation = 9; Status = "alive" }
                corrupt "after.up" (after (fun state -> { state with Up = Map.add 1 addition state.Up }))
        ]
