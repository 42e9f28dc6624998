module Swim.Cli.Tests.PlotTests

open System.IO
open System.Xml.Linq
open Expecto

let private textsOf (path: string) =
    XDocument.Load(path).Descendants()
    |> Seq.filter (fun element -> element.Name.LocalName = "text")
    |> Seq.map _.Value.Trim()
    |> set

let tests =
    testList
        "plot"
        [
            Tool.testInFolder "simulate --plot draws three charts with units as SVG"
            <| fun folder ->
                let path = folder.File "cluster.svg"
                Tool.succeed $"simulate --nodes 5 --config local --runs 3 --plot {path}" |> ignore
                let texts = textsOf path

                for expected in
                    [
                        "First detection"
                        "Infection"
                        "Messages"
                        "% of outages"
                        "% of members that know"
                        "messages per member per second"
                        "seconds since the beginning"
                        "crashes"
                    ] do
                    Expect.contains texts expected "what it is about"

                Expect.isFalse (texts.Contains "pauses") "no member was paused"

            Tool.testInFolder "simulate --plot draws a run without faults, and replaces an older file"
            <| fun folder ->
                let path = folder.File "cluster.SVG"
                File.WriteAllText(path, String.replicate 1_000_000 "old")

                Tool.succeed $"simulate --nodes 3 --config local --runs 1 --kill 0 --plot {path}"
                |> ignore

                Expect.contains (textsOf path) "no member crashed or was paused" "it says so"

            Tool.testInFolder "simulate --plot draws a PNG if the file has that extension"
            <| fun folder ->
                let path = folder.File "cluster.png"
                Tool.succeed $"simulate --nodes 3 --config local --runs 1 --plot {path}" |> ignore
                Expect.equal (File.ReadAllBytes(path)[1..3]) "PNG"B "its signature"
        ]
