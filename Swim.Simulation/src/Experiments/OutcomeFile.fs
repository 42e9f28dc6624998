namespace Swim.Simulation

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text
open System.Text.Json

/// A file of outcomes, one line of JSON for each run, so that a long experiment can be resumed. A run is
/// deterministic, so a resumed experiment gives the same lines as one that ran through.
[<RequireQualifiedAccess>]
module OutcomeFile =

    let private ticks (durations: TimeSpan[]) (name: string) (writer: Utf8JsonWriter) =
        writer.WriteStartArray name

        for duration in durations do
            writer.WriteNumberValue duration.Ticks

        writer.WriteEndArray()

    /// The line of a case and its outcome. Durations are ticks of 100 ns.
    let line (case: Case) (outcome: Outcome) : string =
        use stream = new MemoryStream()

        using (new Utf8JsonWriter(stream)) (fun writer ->
            writer.WriteStartObject()
            writer.WriteString("case", case.Key)
            writer.WriteString("seed", case.RandomSeed.ToString CultureInfo.InvariantCulture)
            writer.WriteString("trace", outcome.Trace.ToString("X16", CultureInfo.InvariantCulture))
            writer.WriteNumber("delivered", outcome.Delivered)
            writer.WriteNumber("failures", outcome.Failures)
            writer.WriteNumber("falseIdentities", outcome.FalsePositives.Identities)
            writer.WriteNumber("falsePositives", outcome.FalsePositives.Total)
            writer.WriteNumber("aboutHealthy", outcome.FalsePositives.AboutHealthy)
            writer.WriteNumber("atHealthy", outcome.FalsePositives.AtHealthy)
            writer.WriteNumber("healthyRejoins", outcome.FalsePositives.HealthyRejoins)
            writer.WriteNumber("messages", outcome.Traffic.Messages)
            writer.WriteNumber("bytes", outcome.Traffic.Bytes)
            writer.WriteNumber("memberTime", outcome.Traffic.MemberTime.Ticks)
            writer.WriteNumber("outages", outcome.Outages)
            writer |> ticks outcome.FirstDetections "first"
            writer |> ticks outcome.FullDisseminations "full"
            writer |> ticks outcome.Spreads "spread"
            writer.WriteEndObject())

        Encoding.UTF8.GetString(stream.ToArray())

    let private parse (line: string) : struct (string * uint64 * Outcome) =
        use document = JsonDocument.Parse line
        let root = document.RootElement

        let words (name: string) =
            match root.GetProperty(name).GetString() with
            | null -> raise (FormatException $"{name} is null")
            | text -> text

        let whole (name: string) = root.GetProperty(name).GetInt64()

        let durations (name: string) =
            [|
                for value in root.GetProperty(name).EnumerateArray() do
                    TimeSpan.FromTicks(value.GetInt64())
            |]

        let outcome =
            {
                Trace = UInt64.Parse(words "trace", NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                Delivered = whole "delivered"
                FalsePositives =
                    {
                        Identities = whole "falseIdentities"
                        Total = whole "falsePositives"
                        AboutHealthy = whole "aboutHealthy"
                        AtHealthy = whole "atHealthy"
                        HealthyRejoins = whole "healthyRejoins"
                    }
                Traffic =
                    {
                        Messages = whole "messages"
                        Bytes = whole "bytes"
                        MemberTime = TimeSpan.FromTicks(whole "memberTime")
                    }
                Outages = int (whole "outages")
                FirstDetections = durations "first"
                FullDisseminations = durations "full"
                Spreads = durations "spread"
                Failures = int (whole "failures")
            }

        struct (words "case", UInt64.Parse(words "seed", CultureInfo.InvariantCulture), outcome)

    /// The outcomes in a file, by case and random seed; none if there is no such file. A last line without
    /// its end is ignored. Any other line that is no outcome throws `InvalidDataException`.
    let read (path: string) : Dictionary<struct (string * uint64), Outcome> =
        let outcomes = Dictionary()

        if File.Exists path then
            let text = File.ReadAllText path
            let lines = text.Split '\n'

            // Text after the last line break was cut off while it was written.
            for index in 0 .. lines.Length - 2 do
                try
                    let struct (key, randomSeed, outcome) = parse lines[index]
                    outcomes[struct (key, randomSeed)] <- outcome
                with
                | :? JsonException
                | :? KeyNotFoundException
                | :? FormatException
                | :? InvalidOperationException as error ->
                    let message = $"{path}, line {index + 1}, is not a run of an experiment: {error.Message}"
                    raise (InvalidDataException(message, error))

        outcomes

    /// Opens a file to append lines to it, and removes a last line without its end.
    let append (path: string) : StreamWriter =
        if File.Exists path then
            use stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite)
            let text = File.ReadAllBytes path
            stream.SetLength(int64 (Array.LastIndexOf(text, byte '\n') + 1))

        let writer = new StreamWriter(path, true, UTF8Encoding false)
        writer.AutoFlush <- true
        writer.NewLine <- "\n"
        writer
