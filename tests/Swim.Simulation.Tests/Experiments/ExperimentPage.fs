module Swim.Simulation.Tests.ExperimentPage

open System
open System.IO
open Expecto
open Swim.Simulation
open Swim.TestKit

let private page = lazy File.ReadAllLines(RepositoryFiles.PathOf("spec", "experiments.md"))

/// The cells of a row of the page: of the table under the heading `title`, the row that begins with `first`.
let private committed (title: string) (first: string) : string list =
    let cells (line: string) = line.Trim('|', ' ').Split '|' |> Array.map _.Trim() |> List.ofArray

    let under = page.Value |> Array.skipWhile (fun line -> line <> $"### {title}")
    Expect.isNonEmpty under $"spec/experiments.md has a table \"{title}\""

    under
    |> Seq.skip 1
    |> Seq.takeWhile (fun line -> not (line.StartsWith '#'))
    |> Seq.filter (fun line -> line.StartsWith '|')
    |> Seq.map cells
    |> Seq.tryFind (fun row -> row.Head = first)
    |> fun row -> Expect.wantSome row $"\"{title}\" of spec/experiments.md has a row {first}"

/// The cells of the row of a table that begins with `first`, as the page would have them.
let private computed (table: Table) (first: string) : string list =
    let rows = (Table.markdown table).Split '\n' |> Array.skip 2
    let cells (line: string) = line.Trim('|', ' ').Split '|' |> Array.map _.Trim() |> List.ofArray
    rows |> Seq.map cells |> Seq.find (fun row -> row.Head = first)

/// Repeats some of the runs behind the page, and compares the rows that they give with those of the page.
let private agrees name fraction (isCheap: Case -> bool) (rows: Table -> string list) () =
    let experiment = (Experiment.tryFind name).Value

    let finished =
        experiment.Cases CaseRunner.options.RandomSeed experiment.Runs
        |> Case.part fraction
        |> Array.filter isCheap
        |> CaseRunner.cases { CaseRunner.options with Threads = 2 }

    for table in experiment.Tables finished do
        for first in rows table do
            Expect.equal (computed table first) (committed table.Title first) $"{table.Title}, row {first}"

/// The part of the Lifeguard grid that the page shows, in parts per million.
[<Literal>]
let LifeguardFraction = 50_000

let tests =
    testList
        "spec/experiments.md"
        [
            testCase
                "spec/experiments.md has the rows of the SWIM paper for 8 and 16 members that the code gives"
            <| agrees
                "swim-paper"
                1_000_000
                (fun case -> case.Key.Contains "/n8/" || case.Key.Contains "/n16/")
                (fun _ -> [ "8"; "16" ])

            testCase "spec/experiments.md has the row of Lifeguard for one paused member that the code gives"
            <| agrees
                "lifeguard"
                LifeguardFraction
                (fun case -> case.Key.StartsWith "lifeguard/paused/interval/C1/")
                (fun table -> if table.Columns.Head = "C" then [ "1" ] else [])
        ]
