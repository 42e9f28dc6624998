namespace Swim.Simulation.Tests

open System
open System.Diagnostics
open Hedgehog
open Hedgehog.FSharp

/// A search for a failing case among random cases.
type Search<'Case> =
    {
        /// The name of the search for `replay`.
        Name: string
        Cases: Gen<'Case>
        Print: 'Case -> string
        /// The failure of a case, in words, if any.
        Check: 'Case -> string option
    }

/// The result of a search.
type SearchResult =
    {
        /// How many cases were tried. If one failed, it was the last.
        Cases: int
        /// The smallest failing case that was found, and the command that replays it.
        Failure: string option
    }

/// Tries random cases until one fails, and then smaller ones that fail too.
[<RequireQualifiedAccess>]
module Search =

    /// How long a failing case is shrunk at most.
    let private shrinkTime = TimeSpan.FromSeconds 60.0

    let private variable name =
        match Environment.GetEnvironmentVariable name with
        | null
        | "" -> None
        | text -> Some(UInt64.Parse text)

    /// The random seeds of each search: always the same, so that each run of the suite is the same.
    /// SWIM_SEED=n selects a single one, SWIM_SEEDS=n those from 1 to n.
    let randomSeeds: uint64 list =
        match variable "SWIM_SEED", variable "SWIM_SEEDS" with
        | Some randomSeed, _ -> [ randomSeed ]
        | None, Some count -> [ 1UL .. count ]
        | None, None -> [ 1UL ]

    /// The command that replays a case.
    let command (name: string) (recheck: string) : string =
        $"dotnet run -c Release --project tests/Swim.Simulation.Tests -- replay {name} {recheck}"

    let private report (search: Search<'Case>) case failure = $"{search.Print case}\n{failure}\n"

    /// The property that no case fails. After `shrinkTime`, every case counts as passed, so that the smallest
    /// failing case so far is the result.
    let private property (search: Search<'Case>) : Property<unit> =
        let mutable sinceFailure = None

        let isOver () =
            match sinceFailure with
            | None -> false
            | Some(clock: Stopwatch) -> clock.Elapsed > shrinkTime

        let outcome case =
            lazy
                match (if isOver () then None else search.Check case) with
                | None -> Journal.empty, Success()
                | Some failure ->
                    if sinceFailure.IsNone then
                        sinceFailure <- Some(Stopwatch.StartNew())

                    Journal.singletonMessage (report search case failure), Failure

        search.Cases |> Gen.map outcome |> Property.ofGen

    let private texts (journal: Journal) =
        Journal.eval journal
        |> Seq.choose (function
            | Text text -> Some text
            | _ -> None)
        |> String.concat "\n"

    let private describe (search: Search<'Case>) (randomSeed: uint64) (report: Report) : string option =
        match report.Status with
        | OK -> None
        | GaveUp -> Some "No case could be generated."
        | Failed failure ->
            let recheck =
                failure.RecheckInfo
                |> Option.map (fun info -> RecheckData.serialize info.Data)
                |> Option.defaultValue ""

            let size = recheck.Split('_')[0]

            Some(
                $"Case {int report.Tests} of random seed {randomSeed} fails (size {size}). "
                + $"Shrunk {int failure.Shrinks} times:\n\n"
                + texts failure.Journal
                + $"\nReplay: {command search.Name recheck}\n"
            )

    /// Tries so many cases of one random seed. Sizes go from 1 to 100, and then from 1 again.
    let run (search: Search<'Case>) (cases: int) (randomSeed: uint64) : SearchResult =
        let config =
            PropertyConfig.defaults
            |> PropertyConfig.withTests (cases * 1<tests>)
            |> PropertyConfig.withSeed (Seed.from randomSeed)

        let report = property search |> Property.reportWith config
        { Cases = int report.Tests; Failure = describe search randomSeed report }

    /// The number of the first failing case among so many of one random seed, if any. It is not shrunk.
    let first (search: Search<'Case>) (cases: int) (randomSeed: uint64) : int option =
        let config =
            PropertyConfig.defaults
            |> PropertyConfig.withTests (cases * 1<tests>)
            |> PropertyConfig.withSeed (Seed.from randomSeed)
            |> PropertyConfig.withShrinks 0<shrinks>

        let report = property search |> Property.reportWith config

        match report.Status with
        | Failed _ -> Some(int report.Tests)
        | _ -> None

    /// Replays one case: the case and its failure, in words, if it fails.
    let replay (search: Search<'Case>) (recheck: string) : string option =
        match (property search |> Property.reportRecheck recheck).Status with
        | Failed failure -> Some(texts failure.Journal)
        | _ -> None
