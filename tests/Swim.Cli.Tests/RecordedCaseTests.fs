/// The recordings in `spec/vectors/recordings`: the core still takes exactly the recorded steps, and keeps all
/// invariants. `swim replay --to-test` writes such a recording.
module Swim.Cli.Tests.RecordedCaseTests

open System
open System.IO
open System.Text.Json
open Expecto
open Swim.TestKit

/// The files of all recorded cases.
let files: string list =
    Directory.GetFiles(RepositoryFiles.PathOf("spec", "vectors", "recordings"), "*.swimrec")
    |> Seq.sort
    |> List.ofSeq

let private summary (file: string) =
    JsonDocument.Parse((Tool.runWith "" [ "replay"; file; "--json" ]).Output).RootElement

let private texts (name: string) (summary: JsonElement) =
    [ for text in summary.GetProperty(name).EnumerateArray() -> nonNull (text.GetString()) ]

let tests =
    testList
        "recorded cases"
        [
            testCase
                "the recorded cases include some that begin with a start and some that begin with a checkpoint"
            <| fun () ->
                let continuations, beginnings =
                    files |> List.partition (fun file -> (summary file).GetProperty("goes_on").GetBoolean())

                Expect.isNonEmpty continuations "those that continue from a checkpoint"
                Expect.isNonEmpty beginnings "those that begin with a start"

            for file in files do
                testCase $"{FileInfo(file).Name} replays step by step as recorded"
                <| fun () ->
                    let summary = summary file
                    Expect.equal (summary.GetProperty("damage").GetString()) null "it is whole"

                    Expect.equal
                        (texts "differences" summary |> List.truncate 3)
                        []
                        "steps that are not as recorded; if that is intended, spec/vectors/README.md says how to write the case anew"

                    Expect.isEmpty (texts "broken" summary) "broken invariants"
                    Expect.isGreaterThan (summary.GetProperty("steps").GetInt64()) 0L "it has steps"

            Tool.testInFolder "replay --to-test writes a case for the suite, up to the entry of --until"
            <| fun folder ->
                let trace = folder.File "run.swimrec"
                let whole = folder.File "whole.swimrec"
                let part = folder.File "part.swimrec"
                let rest = "--nodes 4 --config local --loss 10 --runs 1"
                Tool.succeed $"simulate {rest} --trace {trace}" |> ignore
                let printed = Tool.succeed $"replay {trace} --to-test {whole}"
                Expect.stringContains printed.Output $" entries to {whole}; the suite replays all of " "where"

                Expect.equal
                    (File.ReadAllBytes whole)
                    (File.ReadAllBytes trace)
                    "the same bytes, because no step differs"

                let printed = Tool.succeed $"replay {trace} --until 200 --to-test {part}"
                Expect.stringContains printed.Output $"wrote 200 entries to {part}" "a part of it"
                let bytes = File.ReadAllBytes part
                Expect.equal bytes (File.ReadAllBytes(trace)[.. bytes.Length - 1]) "the first part of it"
                Expect.equal ((summary part).GetProperty("entries").GetInt64()) 200L "up to that entry"

            Tool.testInFolder "replay --to-test refuses an existing file, --step and --member in one line"
            <| fun folder ->
                let trace = folder.File "run.swimrec"
                Tool.succeed $"simulate --nodes 3 --config local --runs 1 --trace {trace}" |> ignore

                Tool.refuses
                    $"replay {trace} --to-test {trace}"
                    $"{trace} exists already; type --to-test with the name of a new file, or move that one away"

                Tool.refuses
                    $"replay {trace} --to-test case.swimrec --step"
                    "--to-test and --step cannot be combined; leave one of them out"

                Tool.refuses
                    $"replay {trace} --to-test case.swimrec --member 1"
                    "--to-test and --member cannot be combined; leave one of them out"

                Tool.refuses
                    $"replay {trace} --until 0"
                    "--until must be at least 1, not 0; type --until 1000"
        ]
