namespace Swim.Cli.Simulate

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open Swim.Simulation

/// The results of all runs of `swim simulate`, as one JSON object. The same scenario and random seeds give the
/// same bytes, on any number of threads.
[<RequireQualifiedAccess>]
module JsonReport =

    let private milliseconds (writer: Utf8JsonWriter) (name: string) (duration: TimeSpan) =
        writer.WriteNumber(name, decimal duration.Ticks / decimal TimeSpan.TicksPerMillisecond)

    let private percentiles (writer: Utf8JsonWriter) (name: string) (value: Percentiles voption) =
        match value with
        | ValueNone -> writer.WriteNull name
        | ValueSome value ->
            writer.WriteStartObject name
            writer.WriteNumber("count", value.Count)
            milliseconds writer "mean" value.Mean
            milliseconds writer "median" value.Median
            milliseconds writer "p99" value.Percentile99
            milliseconds writer "p99_9" value.Percentile999
            milliseconds writer "max" value.Longest
            writer.WriteEndObject()

    let private outages (writer: Utf8JsonWriter) (name: string) (summary: OutageSummary) =
        writer.WriteStartObject name
        writer.WriteNumber("count", summary.Count)
        writer.WriteNumber("noticed", summary.Noticed)
        percentiles writer "first_detection_ms" summary.FirstDetection
        percentiles writer "full_dissemination_ms" summary.FullDissemination
        writer.WriteEndObject()

    let private rate (value: float) = Math.Round(decimal value, 3)

    let private summary (writer: Utf8JsonWriter) (summary: MeasureSummary) =
        percentiles writer "join_ms" summary.JoinTime
        outages writer "crashes" summary.Crashes
        outages writer "pauses" summary.Anomalies
        writer.WriteStartObject "false_positives"
        writer.WriteNumber("total", summary.FalsePositives.Total)
        writer.WriteNumber("about_healthy", summary.FalsePositives.AboutHealthy)
        writer.WriteNumber("at_healthy", summary.FalsePositives.AtHealthy)
        writer.WriteEndObject()
        writer.WriteNumber("messages_per_member_per_second", rate summary.Traffic.MessageRate)
        writer.WriteNumber("bytes_per_member_per_second", rate summary.Traffic.ByteRate)

    let private run (options: Options) (writer: Utf8JsonWriter) (result: MeasureResult) =
        writer.WriteStartObject()
        writer.WriteNumber("random_seed", result.Run.RandomSeed)
        writer.WriteString("trace", result.Run.Trace.ToString("x16", CultureInfo.InvariantCulture))
        writer.WriteNumber("steps", result.Run.Steps)
        writer.WriteNumber("checked_steps", result.Run.CheckedSteps)
        writer.WriteNumber("delivered", result.Run.Delivered)
        writer.WriteStartArray "failures"

        for failure in result.Run.Failures do
            writer.WriteStartObject()
            writer.WriteString("property", failure.Property)
            writer.WriteNumber("member", failure.Node)
            milliseconds writer "at_ms" failure.At
            writer.WriteString("detail", failure.Detail)
            writer.WriteEndObject()

        writer.WriteEndArray()

        if not result.Run.Failures.IsEmpty then
            writer.WriteString("again", options.CommandOf result.Run.RandomSeed)

        writer.WriteEndObject()

    /// The object, in one line.
    let text (options: Options) (results: MeasureResult[]) : string =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            writer.WriteStartObject()
            writer.WriteBoolean("ok", results |> Array.forall _.Run.Failures.IsEmpty)
            writer.WriteString("scenario", ScenarioText.print options.Scenario)
            writer.WriteNumber("nodes", options.Scenario.Nodes)
            milliseconds writer "length_ms" options.Scenario.Length
            writer.WriteBoolean("checked", options.Checks)
            summary writer (MeasureSummary.create results)
            writer.WriteStartArray "runs"
            results |> Array.iter (run options writer)
            writer.WriteEndArray()
            writer.WriteEndObject())

        Encoding.UTF8.GetString(buffer.ToArray())
