module Swim.Simulation.Tests.ExperimentTests

open System
open System.IO
open System.Text.Json
open Expecto
open Swim.Simulation

let private table =
    {
        Title = "Fish"
        Columns = [ "name"; "count"; "length (m)" ]
        Rows =
            [
                [ Cell.Words "cod"; Cell.Whole 12_345L; Cell.Fraction(1.5m, 2) ]
                [ Cell.Words "whale"; Cell.Whole 1L; Cell.Empty ]
            ]
    }

let private tables =
    testList
        "tables"
        [
            testCase "a table as text has aligned columns, with numbers on the right"
            <| fun () ->
                let expected =
                    [
                        "Fish"
                        ""
                        "name    count  length (m)"
                        "cod    12,345        1.50"
                        "whale       1           -"
                    ]

                Expect.equal (Table.text table) (String.concat "\n" expected) "lines"

            testCase "a table as Markdown has aligned columns"
            <| fun () ->
                let expected =
                    [
                        "| name  |  count | length (m) |"
                        "| --- | ---: | ---: |"
                        "| cod   | 12,345 |       1.50 |"
                        "| whale |      1 |          - |"
                    ]

                Expect.equal (Table.markdown table) (String.concat "\n" expected) "lines"

            testCase "a table as JSON has an object for each row, with numbers as numbers"
            <| fun () ->
                use json = JsonDocument.Parse(Table.json [ table ])
                let rows = json.RootElement[0].GetProperty "rows"
                Expect.equal (json.RootElement[0].GetProperty("title").GetString()) "Fish" "title"
                Expect.equal (rows[0].GetProperty("count").GetInt64()) 12_345L "whole"
                Expect.equal (rows[0].GetProperty("length (m)").GetDecimal()) 1.5m "fraction"
                Expect.equal (rows[1].GetProperty("length (m)").ValueKind) JsonValueKind.Null "empty"

            testCase "the tables of a part of an experiment have all their rows"
            <| fun () ->
                for experiment in Experiment.all do
                    for table in experiment.Tables [||] do
                        Expect.isNonEmpty table.Rows table.Title

                        for row in table.Rows do
                            Expect.hasLength row table.Columns.Length table.Title
        ]

let private nothing: Outcome =
    {
        Trace = 0xABCUL
        Delivered = 1L
        FalsePositives =
            {
                Identities = 2L
                Total = 3L
                AboutHealthy = 4L
                AtHealthy = 5L
                HealthyRejoins = 6L
            }
        Traffic = { Messages = 7L; Bytes = 8L; MemberTime = TimeSpan.FromTicks 9L }
        Outages = 10
        FirstDetections = [| TimeSpan.FromTicks 11L; TimeSpan.FromTicks 12L |]
        FullDisseminations = [| TimeSpan.FromTicks 13L |]
        Spreads = [||]
        Failures = 14
    }

let private part =
    testList
        "a part of the cases"
        [
            testCase "a part of the cases has the right number of them, and is in every larger part"
            <| fun () ->
                let cases = [| for index in 1..200 -> Case.create 1UL $"{index}" (fun _ -> nothing) |]
                let keys share = Case.part share cases |> Array.map _.Key |> set
                Expect.hasLength (keys 50_000) 10 "5% of 200"
                Expect.isTrue (Set.isSubset (keys 50_000) (keys 200_000)) "in 20%"
                Expect.hasLength (keys 1_000_000) 200 "all"
                Expect.hasLength (keys 1) 1 "at least one"

            testCase "another random seed gives another part of the cases"
            <| fun () ->
                let keys randomSeed =
                    [| for index in 1..200 -> Case.create randomSeed $"{index}" (fun _ -> nothing) |]
                    |> Case.part 50_000
                    |> Array.map _.Key

                Expect.notEqual (keys 1UL) (keys 2UL) "which"
                Expect.equal (keys 1UL) (keys 1UL) "but the same for the same"

            testCase "each case of an experiment has a key and a random seed of its own"
            <| fun () ->
                for experiment in Experiment.all do
                    let cases = experiment.Cases 1UL experiment.Runs
                    Expect.hasLength (cases |> Array.distinctBy _.Key) cases.Length "keys"
                    Expect.hasLength (cases |> Array.distinctBy _.RandomSeed) cases.Length "random seeds"

            testCase "the interval experiment of Lifeguard has as many runs as the paper's"
            <| fun () ->
                let cases = Lifeguard.cases 1UL Lifeguard.Repetitions

                let isPaused (case: Case) =
                    case.Key.StartsWith("lifeguard/paused/interval/", StringComparison.Ordinal)

                Expect.hasLength (Array.filter isPaused cases) 4320 "9 * 6 * 8 * 10"
        ]

// Runs a test with a file of its own, which is deleted afterwards.
let private withFile (test: string -> unit) =
    let path = Path.Combine(Path.GetTempPath(), $"swim-{Guid.NewGuid():N}.jsonl")

    try
        test path
    finally
        File.Delete path

// Cases, and how often they were run.
let private counted () =
    let runs = ref 0

    let cases =
        [|
            for index in 1..6 ->
                Case.create 1UL $"case/{index}" (fun randomSeed ->
                    incr runs
                    { nothing with Trace = randomSeed })
        |]

    runs, cases

let private outcomeFile =
    testList
        "outcome file"
        [
            testCase "an outcome that was written to a file reads back"
            <| fun () ->
                withFile (fun path ->
                    let _, cases = counted ()
                    File.WriteAllText(path, OutcomeFile.line cases[0] nothing + "\n")
                    let read = OutcomeFile.read path
                    Expect.equal read[struct (cases[0].Key, cases[0].RandomSeed)] nothing "every field"
                    Expect.equal read.Count 1 "nothing else")

            testCase "an experiment resumes from its file where it was cut off"
            <| fun () ->
                withFile (fun path ->
                    let runs, cases = counted ()
                    let options = { CaseRunner.options with Record = Some path }
                    let whole = CaseRunner.cases options cases |> Array.map snd
                    let lines = File.ReadAllLines path
                    Expect.equal (runs.Value, lines.Length) (6, 6) "one line a run"

                    // Killed while it wrote the fifth line.
                    File.WriteAllText(path, String.concat "\n" lines[..3] + "\n" + lines[4].Substring(0, 30))
                    let told = ResizeArray<struct (int * int)>()

                    let options =
                        { options with Progress = fun finished all -> told.Add(struct (finished, all)) }

                    let again = CaseRunner.cases options cases |> Array.map snd
                    Expect.equal runs.Value 8 "two were missing"
                    Expect.equal again whole "the same outcomes"
                    Expect.equal (List.ofSeq told) [ struct (4, 6); struct (5, 6); struct (6, 6) ] "progress"
                    Expect.equal (File.ReadAllLines path) lines "the same file"

                    CaseRunner.cases options cases |> ignore
                    Expect.equal runs.Value 8 "nothing is missing now")

            testCase "the outcomes of another random seed do not count as outcomes of this one"
            <| fun () ->
                withFile (fun path ->
                    let _, cases = counted ()
                    CaseRunner.cases { CaseRunner.options with Record = Some path } cases |> ignore
                    let read = OutcomeFile.read path
                    let other = Case.create 2UL cases[0].Key cases[0].Run
                    Expect.isFalse (read.ContainsKey(struct (other.Key, other.RandomSeed))) "another run")

            testCase "the error about a damaged file of outcomes names the line"
            <| fun () ->
                withFile (fun path ->
                    let _, cases = counted ()
                    File.WriteAllText(path, OutcomeFile.line cases[0] nothing + "\n{}\n")

                    Expect.throwsC (fun () -> OutcomeFile.read path |> ignore) (fun error ->
                        Expect.isTrue (error :? InvalidDataException) "kind"
                        Expect.stringStarts error.Message $"{path}, line 2, is not a run" "message"))
        ]

let private small =
    testList
        "experiments"
        [
            testCase "experiments give the same tables on one thread and on two"
            <| fun () ->
                for experiment in Experiment.all do
                    let tables threads =
                        let options =
                            { CaseRunner.options with
                                Threads = threads
                                Runs = Some 1
                                PartsPerMillion = if experiment.Name = "lifeguard" then 2_000 else 300_000
                            }

                        Experiment.run options experiment |> List.map Table.text

                    Expect.equal (tables 2) (tables 1) experiment.Name

            testCase "in each run of the SWIM paper the one crash is detected"
            <| fun () ->
                let isCrash (case: Case) =
                    case.Key.Contains "/in-step/n8/" || case.Key.Contains "/suspicion/n8/"

                let cases = SwimPaper.cases 1UL 5 |> Array.filter isCrash

                for case, outcome in CaseRunner.cases CaseRunner.options cases do
                    Expect.equal (outcome.Outages, outcome.FirstDetections.Length) (1, 1) case.Key
                    Expect.equal outcome.FullDisseminations.Length 1 $"{case.Key}: all knew in time"
                    Expect.equal (outcome.FalsePositives.Total, outcome.Failures) (0L, 0) case.Key

            testCase "members in step detect a crash at the end of a period"
            <| fun () ->
                let isCrash (case: Case) = case.Key.Contains "/in-step/n8/"
                let cases = SwimPaper.cases 1UL 20 |> Array.filter isCrash
                let period = (SwimPaper.config 8 false).ProbePeriod.Ticks

                for case, outcome in CaseRunner.cases CaseRunner.options cases do
                    let after = outcome.FirstDetections[0].Ticks
                    Expect.isLessThan (after % period) 1000L $"{case.Key}: after whole periods"
                    Expect.isGreaterThanOrEqual after period case.Key
        ]

let tests = testList "Experiment" [ tables; part; outcomeFile; small; ExperimentPage.tests ]
