module Swim.Cli.Tests.ReplayTests

open System
open System.IO
open System.Text.Json
open Expecto

/// A scenario with everything that a recording can contain.
let private eventful =
    """
    nodes 5
    config local remove-down-after=1000h
    begin joining within 200ms
    network latency 1ms..5ms loss 1% duplicate 2% reorder 5%/20ms corrupt 1%
    length 12s
    at 1s drift 1 to 99%
    at 1s freeze 2 for 500ms
    at 1s slow-timers 3 by 20ms
    at 2s put 1 key 7 size 40
    at 2s transmissions 2 to 5
    at 3s crash 5
    at 3s leave 4
    at 4s change-identity 3
    at 5s restart 5
    at 6s pause 2 for 3s
    at 7s put 3 key 7 size 50
    at 8s reuse 4
    """

/// Records the first of two runs of a scenario.
let private record (folder: Tool.Folder) : string =
    let scenario = folder.File "scenario.txt"
    let trace = folder.File "run.swimrec"
    File.WriteAllText(scenario, eventful)
    Tool.succeed $"simulate --scenario {scenario} --runs 2 --trace {trace}" |> ignore
    trace

let private json (line: string) = JsonDocument.Parse(line).RootElement.Clone()

let private texts (element: JsonElement) (name: string) =
    [ for text in element.GetProperty(name).EnumerateArray() -> nonNull (text.GetString()) ]

let tests =
    testList
        "replay"
        [
            Tool.testInFolder "the trace of a simulation replays exactly and keeps all invariants"
            <| fun folder ->
                let trace = record folder
                let printed = Tool.succeed $"replay {trace}"
                Expect.stringContains printed.Output "5 members, " "the members"
                Expect.stringContains printed.Output "every step is as recorded" "no difference"
                Expect.stringContains printed.Output "every invariant holds after every step" "nothing broken"

                let summary = json (Tool.succeed $"replay {trace} --json").Output
                Expect.isTrue (summary.GetProperty("ok").GetBoolean()) "ok"

                Expect.isGreaterThan
                    (summary.GetProperty("span_us").GetInt64())
                    12_000_000L
                    "it has the settling too"

                let members = summary.GetProperty "members"
                Expect.equal (members[4].GetProperty("starts").GetInt32()) 2 "the restart"

                let last index = members[index].GetProperty("last_identity").GetString()
                Expect.notEqual (last 4) "10.0.0.1:5#1" "as a newer identity"
                Expect.notEqual (last 2) "10.0.0.1:3#1" "the change of identity"

            Tool.testInFolder "recording a run does not change it"
            <| fun folder ->
                let run = "simulate --nodes 5 --config local --loss 10 --runs 2 --json"
                let trace = folder.File "run.swimrec"

                Expect.equal
                    (Tool.succeed $"{run} --trace {trace}").Output
                    (Tool.succeed run).Output
                    "the same"

            Tool.testInFolder
                "the timeline of a member shows its inputs, its effects and the changes in its view"
            <| fun folder ->
                let trace = record folder
                let entries = (Tool.succeed $"replay {trace} --member 3 --json").Lines |> List.map json
                let event (entry: JsonElement) = nonNull (entry.GetProperty("event").GetString())

                Expect.all
                    entries
                    (fun entry -> entry.GetProperty("member").GetInt32() = 3)
                    "only that member"

                Expect.stringStarts (event entries[0]) "started as 10.0.0.1:3#1 with random seed " "its start"

                let changed =
                    entries
                    |> List.find (fun entry -> (event entry).StartsWith "asked to change its identity")

                Expect.equal (event changed) "asked to change its identity to 10.0.0.1:3#2" "its input"

                Expect.contains
                    (texts changed "changes")
                    "is 10.0.0.1:3#2 now, was 10.0.0.1:3#1"
                    "what changed"

                Expect.exists (texts changed "effects") (fun text -> text.StartsWith "sends ") "its effects"

                let all = entries |> List.collect (fun entry -> texts entry "changes")
                Expect.contains all "10.0.0.1:4#1 Down, was Alive 0" "the member that left"
                Expect.contains all "10.0.0.1:5#2 Alive 0, was 10.0.0.1:5#1 Down" "the member that came back"

                let ofFirst =
                    (Tool.succeed $"replay {trace} --member 1 --json").Lines
                    |> List.collect (fun line -> texts (json line) "changes")

                Expect.contains
                    ofFirst
                    "10.0.0.1:3#2 Alive 0, was 10.0.0.1:3#1 Alive 0"
                    "the member that changed its identity"

                // By address it is the whole timeline; by identity only the part under that identity.
                let count name = (Tool.succeed $"replay {trace} --member {name} --json").Lines.Length
                Expect.equal (count "10.0.0.1:3") entries.Length "by its address"
                Expect.isLessThan (count "10.0.0.1:3#2") entries.Length "by its identity"

                let text = Tool.succeed $"replay {trace} --member 3"

                Expect.stringContains
                    text.Output
                    ": asked to change its identity to 10.0.0.1:3#2\n    > "
                    "in text"

                Expect.stringContains text.Output "    * is 10.0.0.1:3#2 now, was 10.0.0.1:3#1\n" "in text"
                Expect.stringContains text.Output "every step is as recorded" "and the summary"

            Tool.testInFolder "a truncated recording is replayed up to its end and reported as damaged"
            <| fun folder ->
                let trace = record folder
                let bytes = File.ReadAllBytes trace
                // In the middle of the last entry, wherever that begins.
                File.WriteAllBytes(trace, bytes[.. bytes.Length - 4])
                let printed = Tool.run $"replay {trace}"
                Expect.equal printed.Code 1 "it is damaged"

                Expect.stringContains
                    printed.Output
                    "every step is as recorded"
                    "the undamaged part is replayed"

                Expect.isMatch
                    printed.Error
                    @"^swim: run\.swimrec is damaged at byte \d+, after \d+ good entries: cut off\n$"
                    "where and why"

                let summary = json (Tool.run $"replay {trace} --json").Output
                Expect.isFalse (summary.GetProperty("ok").GetBoolean()) "not ok"

                Expect.stringContains
                    (nonNull (summary.GetProperty("damage").GetString()))
                    "cut off"
                    "in JSON"

            Tool.testInFolder "any changed byte of a recording is reported as damage in one line"
            <| fun folder ->
                let trace = record folder
                let bytes = File.ReadAllBytes trace
                let damaged = folder.File "damaged.swimrec"

                for at in [ 0; 7; 12; 40; bytes.Length / 3; bytes.Length / 2; bytes.Length - 1 ] do
                    let changed = Array.copy bytes
                    changed[at] <- changed[at] ^^^ 0x10uy
                    File.WriteAllBytes(damaged, changed)
                    let printed = Tool.run $"replay {damaged}"
                    Expect.equal printed.Code 1 $"byte {at}"
                    Expect.stringStarts printed.Error "swim: damaged.swimrec " $"byte {at}"
                    Expect.equal (printed.Error.Split('\n').Length) 2 $"one line about byte {at}"

            Tool.testInFolder "replay reports a file that is not a recording, or does not exist, in one line"
            <| fun folder ->
                let path = folder.File "notes.txt"
                File.WriteAllText(path, "no recording at all")
                let printed = Tool.run $"replay {path}"
                Expect.equal (printed.Code, printed.Output) (1, "") "nothing to show"
                Expect.stringStarts printed.Error "swim: notes.txt is no recording" "why"

                Tool.refuses
                    "replay nowhere.swimrec"
                    "there is no file nowhere.swimrec; type swim replay with a recording that exists"

            Tool.testInFolder "replay refuses invalid options in one line that says what to type instead"
            <| fun folder ->
                let trace = record folder
                Tool.refuses "replay" "replay needs a recording; type swim replay member.swimrec"

                Tool.refuses
                    $"replay {trace} {trace}"
                    $"unrecognized argument: '{trace}'; type swim replay --help to see what it takes"

                Tool.refuses
                    $"replay {trace} --member"
                    "argument '--member' must be followed by <NAME>; type --member 3"

                Tool.refuses
                    $"replay {trace} --members 3"
                    "unknown option '--members' of swim replay; type --member 3"

                Tool.refuses
                    $"replay {trace} --json --step"
                    "--json and --step cannot be combined; leave one of them out"

                for name in [ "6"; "10.0.0.1:6"; "me" ] do
                    Tool.refuses
                        $"replay {trace} --member {name}"
                        $"there is no member {name} in run.swimrec; type --member 1 or --member 10.0.0.1:1"
        ]
