namespace Swim.Cli.Simulate

open System
open System.Globalization
open Swim.Simulation

/// The results of all runs of `swim simulate`, as text.
[<RequireQualifiedAccess>]
module TextReport =

    let private second = TimeSpan.FromSeconds 1.0

    let private row what (percentiles: Percentiles voption) (seen: string) =
        Cell.Words what
        :: [
            for choose in [ _.Median; _.Percentile99; _.Longest ] do
                Table.percentile second 3 choose percentiles
        ]
        @ [ Cell.Words seen ]

    let private countOf (percentiles: Percentiles voption) =
        match percentiles with
        | ValueSome percentiles -> percentiles.Count
        | ValueNone -> 0

    let private outages (word: string) (words: string) (summary: OutageSummary) =
        if summary.Count = 0 then
            []
        else
            [
                row
                    $"first detection of a {word}"
                    summary.FirstDetection
                    $"{summary.Noticed} of {summary.Count} {words}"
                row
                    $"{word} known to all"
                    summary.FullDissemination
                    $"{countOf summary.FullDissemination} of {summary.Count} {words}"
            ]

    let private durations (summary: MeasureSummary) : Table =
        {
            Title = ""
            Columns = [ "after"; "median s"; "99th s"; "max s"; "in" ]
            Rows =
                row
                    "all members know all"
                    summary.JoinTime
                    $"{countOf summary.JoinTime} of {summary.Runs} runs"
                :: outages "crash" "crashes" summary.Crashes
                @ outages "pause" "pauses" summary.Anomalies
        }

    let private rate (value: float) = Cell.Fraction(Math.Round(decimal value, 1), 1)

    let private counts (summary: MeasureSummary) : Table =
        let falsePositives = summary.FalsePositives

        let line what (cell: Cell) = [ Cell.Words what; cell ]

        {
            Title = ""
            Columns = [ "in all runs"; "" ]
            Rows =
                [
                    line "false positives in total" (Cell.Whole falsePositives.Total)
                    line "false positives about healthy members" (Cell.Whole falsePositives.AboutHealthy)
                    line "  of these at healthy members" (Cell.Whole falsePositives.AtHealthy)
                    line "messages per member per second" (rate summary.Traffic.MessageRate)
                    line "bytes per member per second" (rate summary.Traffic.ByteRate)
                ]
        }

    // These tables have no title, which leaves an empty line.
    let private untitled (table: Table) = (Table.text table).TrimStart()

    let private about (options: Options) =
        let scenario = options.Scenario
        let config = ConfigText.print scenario.Nodes scenario.Config
        let network = QualityText.print scenario.Quality
        let last = options.FirstRandomSeed + uint64 options.Runs - 1UL
        let plural = if scenario.Nodes = 1 then "member" else "members"

        let runs =
            if options.Runs = 1 then
                $"1 run, random seed {options.FirstRandomSeed}"
            else
                $"{options.Runs} runs, random seeds {options.FirstRandomSeed} to {last}"

        [
            $"{scenario.Nodes} {plural}, config {config}, network {network}"
            $"{ValueText.duration scenario.Length} a run, {runs}"
        ]

    let private whole (value: int64) = value.ToString("N0", CultureInfo.InvariantCulture)

    let private checks (options: Options) (results: MeasureResult[]) =
        let steps = results |> Array.sumBy _.Run.Steps
        let inspected = results |> Array.sumBy _.Run.CheckedSteps
        let failed = results |> Array.filter (fun result -> not result.Run.Failures.IsEmpty)

        if not options.Checks then
            $"{whole steps} steps; nothing was checked"
        elif failed.Length = 0 then
            $"{whole steps} steps, {whole inspected} of them checked; every check passed"
        else
            $"{whole steps} steps, {whole inspected} of them checked"

    /// All measurements, in lines.
    let text (options: Options) (results: MeasureResult[]) : string =
        let summary = MeasureSummary.create results

        [
            yield! about options
            ""
            untitled (durations summary)
            ""
            untitled (counts summary)
            ""
            checks options results
        ]
        |> String.concat "\n"

    // One run can fail the same check at every member.
    [<Literal>]
    let private FailuresShown = 3

    /// The failed checks and the command that reproduces each run, in lines; none if every check passed.
    let failures (options: Options) (results: MeasureResult[]) : string list =
        [
            for result in results do
                let failures = result.Run.Failures

                if not failures.IsEmpty then
                    $"the run with random seed {result.Run.RandomSeed} failed these checks:"

                    for failure in List.truncate FailuresShown failures do
                        $"  {failure}"

                    if failures.Length > FailuresShown then
                        $"  and {failures.Length - FailuresShown} more"

                    $"  to reproduce: {options.CommandOf result.Run.RandomSeed}"
        ]
