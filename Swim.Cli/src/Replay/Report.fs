namespace Swim.Cli

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open Swim.Simulation

/// How a replay ends: what the recording holds, and what is wrong with it.
[<RequireQualifiedAccess>]
module ReplayReport =

    // After the first there are mostly many.
    [<Literal>]
    let private MostShown = 10

    let private whole (value: int64) = value.ToString("N0", CultureInfo.InvariantCulture)

    let private members (reading: ReplayReading) : Table =
        {
            Title = ""
            Columns = [ "member"; "first identity"; "last identity"; "starts"; "steps" ]
            Rows =
                [
                    for one in Seq.truncate 100 reading.Members do
                        [
                            Cell.Whole one.Number
                            Cell.Words(string one.First)
                            Cell.Words(string one.Last)
                            Cell.Whole one.Starts
                            Cell.Whole one.Steps
                        ]
                ]
        }

    let private listed (what: string) (lines: seq<string>) =
        let lines = List.ofSeq lines

        [
            if not lines.IsEmpty then
                $"{what}: {whole lines.Length}"

                for line in List.truncate MostShown lines do
                    $"  {line}"

                if lines.Length > MostShown then
                    $"  and {lines.Length - MostShown} more"
        ]

    let private startedAt (microseconds: int64) =
        let time = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(float microseconds)
        Stamp.text time

    let private about (reading: ReplayReading) =
        match reading.Header with
        | None -> []
        | Some header ->
            let when' =
                if header.StartedAt = 0L then
                    "in virtual time"
                else
                    $"begun at {startedAt header.StartedAt}"

            [ $"{reading.Name}: written by version {header.ProductVersion}, {when'}" ]

    let private partBefore (reading: ReplayReading) =
        [
            match reading.PartBefore with
            | Some path -> $"it goes on from an earlier part, which is in {path}"
            | None when reading.GoesOn -> "it goes on from an earlier part, which is not beside it"
            | None -> ()
        ]

    /// All of it in lines; what is damaged is told elsewhere.
    let text (reading: ReplayReading) : string list =
        let count = Seq.length reading.Members
        let seconds = reading.Span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)

        [
            yield! about reading
            yield! partBefore reading

            if count > 0 then
                let who = if count = 1 then "1 member" else $"{count} members"
                $"{who}, {whole reading.Steps} steps in {seconds} s"
                ""
                (Table.text (members reading)).TrimStart()

                if count > 100 then
                    $"and {count - 100} more members"

                ""
                yield! listed "steps that are not as recorded" reading.Differences
                yield! listed "broken invariants" reading.Broken

                if reading.Differences.Count = 0 then
                    "every step is as it was recorded"

                if reading.Broken.Count = 0 then
                    "every invariant holds after every step"
        ]

    /// All of it as one JSON object in one line.
    let json (reading: ReplayReading) : string =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            let strings (name: string) (values: seq<string>) =
                writer.WriteStartArray name
                values |> Seq.iter writer.WriteStringValue
                writer.WriteEndArray()

            writer.WriteStartObject()
            writer.WriteBoolean("ok", reading.IsGood)
            writer.WriteString("file", reading.Name)

            match reading.Header with
            | Some header ->
                writer.WriteString("version", header.ProductVersion)
                writer.WriteNumber("started_at_us", header.StartedAt)
            | None -> ()

            writer.WriteBoolean("goes_on", reading.GoesOn)
            writer.WriteString("part_before", Option.toObj reading.PartBefore)
            writer.WriteNumber("entries", reading.Entries)
            writer.WriteNumber("steps", reading.Steps)
            writer.WriteNumber("span_us", int64 reading.Span.TotalMicroseconds)
            writer.WriteStartArray "members"

            for one in reading.Members do
                writer.WriteStartObject()
                writer.WriteNumber("member", one.Number)
                writer.WriteString("first_identity", string one.First)
                writer.WriteString("last_identity", string one.Last)
                writer.WriteNumber("starts", one.Starts)
                writer.WriteNumber("steps", one.Steps)
                writer.WriteEndObject()

            writer.WriteEndArray()
            strings "differences" reading.Differences
            strings "broken" reading.Broken
            writer.WriteString("damage", Option.toObj reading.Damage)
            writer.WriteEndObject())

        Encoding.UTF8.GetString(buffer.ToArray())
