namespace Swim.Cli.Demo

open System
open System.IO
open System.Text
open System.Text.Json
open Spectre.Console

/// The measured times, as a table or as JSON.
[<RequireQualifiedAccess>]
module Report =

    let private amount quantity =
        match quantity with
        | Some(Duration duration) -> $"{duration.TotalSeconds:F2} s"
        | Some(Generation generation) -> string generation
        | None -> "not reached"

    /// Prints the measured times as a table, and whether all phases completed.
    let print (console: IAnsiConsole) (outcome: Outcome) : unit =
        let table =
            Table().RoundedBorder().AddColumn("What").AddColumn(TableColumn("After").RightAligned())

        for measure in Measure.all do
            table.AddRow(Text(Measure.label measure), Text(amount (Map.tryFind measure outcome.Measured)))
            |> ignore

        console.WriteLine()
        console.Write table

        if outcome.Ok then
            console.MarkupLineInterpolated
                $"[green]All phases completed[/], with {outcome.Nodes} nodes, in {outcome.Total.TotalSeconds:F1} s."

    /// The measured times as one JSON object in one line.
    let json (outcome: Outcome) : string =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            let milliseconds (name: string) (duration: TimeSpan) =
                writer.WriteNumber(name, Math.Round(duration.TotalMilliseconds, 1))

            writer.WriteStartObject()
            writer.WriteBoolean("ok", outcome.Ok)
            writer.WriteNumber("nodes", outcome.Nodes)

            for measure in Measure.all do
                let name = Measure.key measure

                match Map.tryFind measure outcome.Measured with
                | Some(Duration duration) -> milliseconds name duration
                | Some(Generation generation) -> writer.WriteNumber(name, generation)
                | None -> writer.WriteNull name

            milliseconds "total_ms" outcome.Total

            if outcome.Ok then
                writer.WriteNull "failure"
            else
                writer.WriteString("failure", String.concat "; " outcome.Failure)

            writer.WriteEndObject())

        Encoding.UTF8.GetString(buffer.ToArray())
