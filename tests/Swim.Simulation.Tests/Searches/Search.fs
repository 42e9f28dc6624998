namespace Swim.Simulation.Tests

open System
open System.Diagnostics
open Hedgehog
open Hedgehog.FSharp

/// Something that is looked for among random cases.
type Search<'Case> =
    {
        /// What `replay` calls it.
        Name: string
        Cases: Gen<'Case>
        Print: 'Case -> string
        /// What is wrong with a case, in words; none if all is well.
        Check: 'Case -> string option
    }

/// What a search came to.
type SearchResult =
    {
        /// How many cases were tried, the last of which failed if one did.
        Cases: int
        /// The smallest failing case that was found and how to play it again, in words.
        Failure: string option
    }

/// Random cases until one fails, and then ever smaller ones that fail too.
[<RequireQualifiedAccess>]
module Search =

    /// How long cases are made smaller at most.
    let private shrinkTime = TimeSpan.FromSeconds 60.0

    let private variable name =
        match Environment.GetEnvironmentVariable name with
        | null
        | "" -> None
        | text -> Some(UInt64.Parse text)

    /// Which seeds a property is tried with: always the same, so that every run of the suite is. SWIM_SEED=n
    /// plays a single one, SWIM_SEEDS=n those from 1 to n.
    let seeds: uint64 list =
        match variable "SWIM_SEED", variable "SWIM_SEEDS" with
        | Some seed, _ -> [ seed ]
        | None, Some count -> [ 1UL .. count ]
        | None, None -> [ 1UL ]

    /// The command that plays a case again.
    let command (name: string) (recheck: string) : string =
        $"dotnet run -c Release --project tests/Swim.Simulation.Tests -- replay {name} {recheck}"

    let private report (search: Search<'Case>) case what = $"{search.Print case}\n{what}\n"

    /// The property that no case fails. When cases have been made smaller for long enough, none fails any
    /// more, and the smallest so far stands.
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
                | Some what ->
                    if sinceFailure.IsNone then
                        sinceFailure <- Some(Stopwatch.StartNew())

                    Journal.singletonMessage (report search case what), Failure

        search.Cases |> Gen.map outcome |> Property.ofGen

    let private texts (journal: Journal) =
        Journal.eval journal
        |> Seq.choose (function
            | Text text -> Some text
            | _ -> None)
        |> String.concat "\n"

    let private describe (search: Search<'Case>) (seed: uint64) (report: Report) : string option =
        match report.Status with
        | OK -> None
        | GaveUp -> Some "no case could be made"
        | Failed failure ->
            let recheck =
                failure.RecheckInfo
                |> Option.map (fun info -> RecheckData.serialize info.Data)
                |> Option.defaultValue ""

            let size = recheck.Split('_')[0]

            Some(
                $"Case {int report.Tests} of seed {seed} fails (size {size}). "
                + $"Made smaller {int failure.Shrinks} times:\n\n"
                + texts failure.Journal
                + $"\nAgain: {command search.Name recheck}\n"
            )

    /// Tries so many cases of one seed. Sizes go from 1 to 100, and then from 1 again.
    let run (search: Search<'Case>) (cases: int) (seed: uint64) : SearchResult =
        let config =
            PropertyConfig.defaults
            |> PropertyConfig.withTests (cases * 1<tests>)
            |> PropertyConfig.withSeed (Seed.from seed)

        let report = property search |> Property.reportWith config
        { Cases = int report.Tests; Failure = describe search seed report }

    /// The number of the first of so many cases of one seed that fails, if one does. It is not made smaller.
    let first (search: Search<'Case>) (cases: int) (seed: uint64) : int option =
        let config =
            PropertyConfig.defaults
            |> PropertyConfig.withTests (cases * 1<tests>)
            |> PropertyConfig.withSeed (Seed.from seed)
            |> PropertyConfig.withShrinks 0<shrinks>

        let report = property search |> Property.reportWith config

        match report.Status with
        | Failed _ -> Some(int report.Tests)
        | _ -> None

    /// Plays one case again: what it is, and what is wrong with it.
    let replay (search: Search<'Case>) (recheck: string) : string option =
        match (property search |> Property.reportRecheck recheck).Status with
        | Failed failure -> Some(texts failure.Journal)
        | _ -> None
