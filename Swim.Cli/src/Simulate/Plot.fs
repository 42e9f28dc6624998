namespace Swim.Cli.Simulate

open System
open System.IO
open ScottPlot
open SkiaSharp
open Swim.Cli
open Swim.Simulation

/// Draws the measurements: when outages are detected, how the updates spread, and what members send.
[<RequireQualifiedAccess>]
module Plot =

    let private width = 900
    let private height = 1050

    // Readable on white, and distinct for colour-blind readers.
    let private colours =
        Map
            [
                OutageKind.Crashed, Color.FromHex "#0072B2"
                OutageKind.Anomaly, Color.FromHex "#D55E00"
            ]

    let private nameOf kind =
        match kind with
        | OutageKind.Crashed -> "crashes"
        | OutageKind.Anomaly -> "pauses"

    let private seconds (duration: TimeSpan) = duration.TotalSeconds

    let private outagesOf (results: MeasureResult[]) kind =
        results
        |> Array.collect _.Outages
        |> Array.filter (fun outage -> outage.Kind = kind && outage.Witnesses > 0)

    let private line (plot: Plot) kind (name: string) (xs: float[]) (ys: float[]) isStep =
        let scatter = plot.Add.ScatterLine(xs, ys)
        scatter.LineWidth <- 2f
        scatter.Color <- colours[kind]
        scatter.LegendText <- name

        if isStep then
            scatter.ConnectStyle <- ConnectStyle.StepHorizontal

    let private labels (plot: Plot) (title: string) (x: string) (y: string) =
        plot.Title(title, 15f)
        plot.XLabel(x, 12f)
        plot.YLabel(y, 12f)

    /// The axis of percentages, with some room above 100.
    let private percentages (plot: Plot) (longest: float) (isEmpty: bool) =
        if isEmpty then
            plot.Add.Annotation("no member crashed or was paused", Alignment.MiddleCenter) |> ignore

        plot.Axes.SetLimits(0.0, max 1.0 (longest * 1.05), 0.0, 105.0)

    /// The percentage of outages that some member had detected, over time.
    let private detection (plot: Plot) (results: MeasureResult[]) longest =
        labels plot "First detection" "seconds since a member could not be reached" "% of outages"

        for kind in [ OutageKind.Crashed; OutageKind.Anomaly ] do
            let outages = outagesOf results kind

            if outages.Length > 0 then
                let first =
                    outages
                    |> Array.choose (_.First >> ValueOption.map seconds >> Option.ofValueOption)
                    |> Array.sort

                let part count = 100.0 * float count / float outages.Length
                let xs = Array.concat [ [| 0.0 |]; first; [| longest * 1.05 |] ]

                let ys =
                    Array.concat
                        [
                            [| 0.0 |]
                            Array.mapi (fun index _ -> part (index + 1)) first
                            [| part first.Length |]
                        ]

                line plot kind (nameOf kind) xs ys true

        percentages plot longest (Array.isEmpty (Array.collect _.Outages results))
        plot.ShowLegend Alignment.LowerRight |> ignore

    /// The percentage of members that knew of an outage, over time.
    let private infection (plot: Plot) (results: MeasureResult[]) longest =
        labels plot "Infection" "seconds since a member could not be reached" "% of members that know"

        let times =
            Array.init 401 (fun index -> TimeSpan.FromSeconds(longest * 1.05 * float index / 400.0))

        for kind in [ OutageKind.Crashed; OutageKind.Anomaly ] do
            let outages = outagesOf results kind

            if outages.Length > 0 then
                let known = MeasureSummary.infection outages times
                let xs = Array.map seconds times
                line plot kind (nameOf kind) xs (known |> Array.map (fun part -> float part / 1e4)) false

        percentages plot longest (Array.isEmpty (Array.collect _.Outages results))
        plot.ShowLegend Alignment.LowerRight |> ignore

    /// What a member sends, over the time of a run: the mean of all runs, and the range from the least to the most.
    let private traffic (plot: Plot) (results: MeasureResult[]) (scenario: Scenario) =
        labels plot "Messages" "seconds since the beginning" "messages per member per second"
        let count = results |> Array.map _.Buckets.Length |> Array.min

        let rates =
            Array.init count (fun index ->
                results |> Array.map (fun result -> result.Buckets[index].Traffic.MessageRate))

        // A bucket is drawn at its middle.
        let half =
            if count > 1 then
                seconds (results[0].Buckets[1].At - results[0].Buckets[0].At) / 2.0
            else
                0.0

        let xs = Array.init count (fun index -> seconds results[0].Buckets[index].At + half)
        let most = if count = 0 then 1.0 else rates |> Array.map Array.max |> Array.max

        if count > 0 && results.Length > 1 then
            let band = plot.Add.FillY(xs, Array.map Array.min rates, Array.map Array.max rates)
            band.FillColor <- colours[OutageKind.Crashed].WithAlpha 0.2
            band.LineWidth <- 0f
            band.LegendText <- "least to most of all runs"

        line plot OutageKind.Crashed "mean" xs (Array.map Array.average rates) false
        plot.Axes.SetLimits(0.0, seconds scenario.Length, 0.0, most * 1.1)
        plot.ShowLegend Alignment.UpperRight |> ignore

    let private draw (scenario: Scenario) (results: MeasureResult[]) : Multiplot =
        let multiplot = new Multiplot()
        multiplot.AddPlots 3

        let longest =
            results
            |> Seq.collect _.Outages
            |> Seq.collect _.Noticed
            |> Seq.fold max TimeSpan.Zero
            |> seconds
            |> fun longest -> if longest > 0.0 then longest else 1.0

        detection (multiplot.GetPlot 0) results longest
        infection (multiplot.GetPlot 1) results longest
        traffic (multiplot.GetPlot 2) results scenario
        multiplot

    let private writeSvg (multiplot: Multiplot) (path: string) =
        use stream = File.Create path
        let area = SKRect(0f, 0f, float32 width, float32 height)

        using (SKSvgCanvas.Create(area, stream)) (fun canvas ->
            multiplot.Render(canvas, PixelRect(0f, float32 width, float32 height, 0f)))

    /// Draws all measurements to a file, as SVG or PNG by its extension.
    let write (path: string) (scenario: Scenario) (results: MeasureResult[]) : unit =
        let multiplot = draw scenario results

        try
            if path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) then
                writeSvg multiplot path
            else
                multiplot.SavePng(path, width, height) |> ignore
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            Fail.runtime $"the plot cannot be written to {path}: {error.Message}"
