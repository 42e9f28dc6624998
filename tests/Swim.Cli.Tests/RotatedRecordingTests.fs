/// Recordings that continue an earlier part, as a node with a bound writes them.
module Swim.Cli.Tests.RotatedRecordingTests

open System.IO
open System.Text.Json
open Expecto

/// The later part of a recording of a live node.
let private later =
    RecordedCaseTests.files
    |> List.find (fun file -> FileInfo(file).Name = "live-under-loss.swimrec")

let private withLater name test =
    Tool.testInFolder name
    <| fun folder ->
        let path = folder.File "node.swimrec"
        File.Copy(later, path)
        test folder path

let tests =
    testList
        "replay, later parts"
        [
            withLater
                "a later part of a recording replays by itself, and names the earlier part if it is beside it"
            <| fun folder path ->
                let alone = Tool.succeed $"replay {path}"

                Expect.stringContains
                    alone.Output
                    "\nit continues an earlier part, which is not beside it\n"
                    "not there"

                Expect.stringContains alone.Output "every step is as recorded" "no difference"
                File.WriteAllText(folder.File "node.swimrec.1", "")
                let beside = Tool.succeed $"replay {path}"

                Expect.stringContains beside.Output $"\nit continues an earlier part, {path}.1\n" "there"

                let json = JsonDocument.Parse((Tool.succeed $"replay {path} --json").Output).RootElement
                Expect.isTrue (json.GetProperty("goes_on").GetBoolean()) "in JSON"
                Expect.equal (json.GetProperty("part_before").GetString()) $"{path}.1" "in JSON"
                Expect.equal (json.GetProperty("members").[0].GetProperty("starts").GetInt32()) 0 "no start"

            withLater "the timeline of a later part begins with its checkpoint"
            <| fun _ path ->
                let printed = Tool.succeed $"replay {path} --member 0"

                Expect.isMatch
                    printed.Lines[0]
                    @"^\d+\.\d{6} s  member 0, entry 1: continues from a checkpoint as 127\.0\.0\.1:\d+#\d+, which knows \d+ others$"
                    "what it is"

                let stepped = Tool.runWith "1\nq\n" [ "replay"; path; "--step" ]
                Expect.stringContains stepped.Output ", entry 1: continues from a checkpoint" "step by step"

            withLater
                "a later part that is truncated within its checkpoint is reported as damaged, and no case is written"
            <| fun _ path ->
                File.WriteAllBytes(path, (File.ReadAllBytes path)[..149])
                let printed = Tool.run $"replay {path}"
                Expect.equal printed.Code 1 "it is damaged"

                Expect.isMatch
                    printed.Error
                    @"^swim: node\.swimrec is damaged at byte \d+, after 0 good entries: cut off\n$"
                    "where"

                let written = Tool.run $"replay {path} --to-test {path}.case"

                Expect.stringContains
                    written.Output
                    "nothing can be replayed, so no case was written"
                    "no case"

                Expect.isFalse (File.Exists $"{path}.case") "no file"
        ]
