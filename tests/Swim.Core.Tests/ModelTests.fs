/// The models, the modules and the README of `tla/` belong together.
module Swim.Core.Tests.ModelTests

open System.Globalization
open Expecto
open Swim.Core.Tests.Repository

let private isOfEngines (one: Model.Model) = one.Kind = "engines"

/// The models of the protocol; others test the engines.
let private models = Model.manifest |> List.filter (isOfEngines >> not)

let private head = "| model | shows | rule | expected | states | depth | s | quick |"

/// The rows of the table under the heading of a kind.
let private rowsUnder (kind: string) =
    let readme = read "tla/README.md"
    let below = readme.IndexOf $"\n### {kind}\n"
    Expect.isGreaterThan below 0 $"the README has a heading for {kind}"
    [ for cells in table head (readme.Substring below) -> List.ofArray cells[..4] ]

let private rowOf (one: Model.Model) =
    let expected = if one.Passes then "pass" else $"fail: `{one.Property}`"

    let states =
        if one.Passes then
            (int64 one.States).ToString("N0", CultureInfo.InvariantCulture)
        else
            "-"

    [ $"`{one.Name}`"; one.Shows; String.concat ", " one.Rules; expected; states ]

let tests =
    testList
        "Models"
        [
            testCase "no two models have one name"
            <| fun () ->
                let names = Model.all |> List.map _.Name
                Expect.equal (List.distinct names) names "names"

            testCase "a model has a value for each constant of its module"
            <| fun () ->
                for one in Model.all |> List.filter (isOfEngines >> not) do
                    Expect.equal (Set one.Constants.Keys) (Model.constantsDeclared one) one.Name

            testCase "a model names what its module defines"
            <| fun () ->
                for one in Model.all |> List.filter (isOfEngines >> not) do
                    let defined = Model.operatorsOf one

                    for name in one.Specification :: one.Checks do
                        Expect.isTrue (defined.Contains name) $"{one.Name} names {name}"

            testCase "a model of which something is expected checks a property"
            <| fun () ->
                for one in models do
                    Expect.isNonEmpty one.Checks one.Name

            testCase "the models that must fail are those under must-fail"
            <| fun () ->
                for one in models do
                    Expect.equal (not one.Passes) (one.Kind = "must-fail") one.Name

            testCase "a model that must fail has a twin that passes"
            <| fun () ->
                for failing in models |> List.filter (fun one -> not one.Passes) do
                    models
                    |> List.exists (fun passing -> List.isEmpty (Model.twinFaults failing passing))
                    |> Flip.Expect.isTrue $"{failing.Name} has no twin"

            for kind, rows in Model.manifest |> List.groupBy _.Kind do
                testCase $"the README lists the models of {kind}"
                <| fun () ->
                    Expect.equal (List.sort (rowsUnder kind)) (List.sort (List.map rowOf rows)) "rows"
        ]
