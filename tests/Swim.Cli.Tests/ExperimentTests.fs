module Swim.Cli.Tests.ExperimentTests

open System.IO
open System.Text.Json
open Expecto

// A fraction of the hundreds of runs.
let private few = "simulate --experiment swim-paper --runs 2 --fraction 0.05"

let tests =
    testList
        "simulate, experiments"
        [
            testCase
                "an experiment prints the same tables on one thread and on two, and in text, JSON and Markdown"
            <| fun () ->
                let text = Tool.succeed $"{few} --threads 1"
                Expect.equal (Tool.succeed $"{few} --threads 2").Output text.Output "on two threads"
                let markdown = Tool.succeed $"{few} --markdown"
                Expect.stringStarts markdown.Output "### " "a title"
                Expect.stringContains markdown.Output "\n| ---" "a table"
                use document = JsonDocument.Parse (Tool.succeed $"{few} --json").Output

                for table in document.RootElement.EnumerateArray() do
                    let title = nonNull (table.GetProperty("title").GetString())
                    Expect.stringContains text.Output title "the same tables"
                    Expect.stringContains markdown.Output $"### {title}\n" "the same tables"

            Tool.testInFolder "an interrupted experiment continues from its results file"
            <| fun folder ->
                let path = folder.File "results.jsonl"
                let whole = Tool.succeed $"{few} --results {path}"
                let lines = File.ReadAllLines path
                Expect.isGreaterThan lines.Length 3 "one line for each run"

                // The last line is incomplete, as after the process was killed.
                File.WriteAllText(path, String.concat "\n" lines[..2] + "\n" + lines[3].Substring(0, 9))
                Expect.equal (Tool.succeed $"{few} --results {path}").Output whole.Output "the same tables"
                Expect.equal (File.ReadAllLines path |> set) (set lines) "the same results"

            Tool.testInFolder "a results file with an unreadable line is refused with the number of the line"
            <| fun folder ->
                let path = folder.File "results.jsonl"
                File.WriteAllText(path, "junk\n")
                let printed = Tool.run $"{few} --results {path}"
                Expect.equal (printed.Code, printed.Output) (2, "") "refused"
                Expect.stringContains printed.Error $"{path}, line 1" "where"
                Expect.stringContains printed.Error "type --results with another file" "what to type instead"
        ]
