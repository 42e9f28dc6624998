/// `tla/manifest.json`, the configurations, the modules and the README of `tla/` belong together.
module Swim.Core.Tests.ModelTests

open System.Globalization
open Expecto
open Swim.Core.Tests.Repository

/// The models of the protocol; others test the engines.
let private models =
    Model.manifest |> List.filter (fun one -> not (one.Module.StartsWith "engine/"))

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
            testCase "each configuration is in the manifest"
            <| fun () ->
                let listed = [ for one in models -> one.Cfg ]
                Expect.equal (List.sort (files "tla" "MC*.cfg")) (List.sort listed) "MC*.cfg"

            testCase "a configuration names what its module defines"
            <| fun () ->
                for one in models do
                    let defined = Model.operatorsOf one
                    Expect.isNonEmpty (Model.properties one) $"{one.Name} checks nothing"
                    Expect.hasLength (Model.specification one) 1 $"{one.Name} has one specification"

                    for name in Model.specification one @ Model.properties one do
                        Expect.isTrue (defined.Contains name) $"{one.Name} names {name}"

            testCase "a model that must fail checks what it must break, and has a twin that passes"
            <| fun () ->
                for failing in models |> List.filter (fun one -> not one.Passes) do
                    Expect.contains (Model.properties failing) failing.Property failing.Name

                    models
                    |> List.exists (fun passing -> List.isEmpty (Model.twinFaults failing passing))
                    |> Flip.Expect.isTrue $"{failing.Name} has no twin"

            testCase "the README says what the manifest says"
            <| fun () ->
                let head = "| model | shows | rule | expected | states | depth | s | quick |"
                let rows = [ for cells in table head (read "tla/README.md") -> List.ofArray cells[..4] ]
                let expected = List.map rowOf Model.manifest
                Expect.equal (List.sort rows) (List.sort expected) "rows"
        ]
