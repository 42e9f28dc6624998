namespace Swim.Cli.Replay

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open Swim.Cli
open Swim.Simulation

/// The summary of a replay: what the recording contains, and what is wrong with it.
[<RequireQualifiedAccess>]
module Report =

    // One difference usually causes many more.
    [<Literal>]
    let private MostShown = 10

    let private whole (value: int64) = value.ToString("N0", CultureInfo.InvariantCulture)

    let private members (replay: CheckedReplay) : Table =
        {
            Title = ""
            Columns = [ "member"; "first identity"; "last identity"; "starts"; "steps" ]
            Rows =
                [
                    for one in Seq.truncate 100 replay.Members do
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
        Timestamp.text time

    let private about (replay: CheckedReplay) =
        match replay.Header with
        | None -> []
        | Some header ->
            let when' =
                if header.StartedAt = 0L then
                    "in virtual time"
                else
                    $"started at {startedAt header.StartedAt}"

            [ $"{replay.Name}: written by version {header.ProductVersion}, {when'}" ]

    let private earlierPart (replay: CheckedReplay) =
        [
            match replay.EarlierPart with
            | Some path -> $"it continues an earlier part, {path}"
            | None when replay.IsContinuation -> "it continues an earlier part, which is not beside it"
            | None -> ()
        ]

    /// The summary in lines, except for damage, which is an error of the command.
    let text (replay: CheckedReplay) : string list =
        let count = Seq.length replay.Members
        let seconds = replay.Span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)

        [
            yield! about replay
            yield! earlierPart replay

            if count > 0 then
                let members' = if count = 1 then "1 member" else $"{count} members"
                $"{members'}, {whole replay.Steps} steps in {seconds} s"
                ""
                (Table.text (members replay)).TrimStart()

                if count > 100 then
                    $"and {count - 100} more members"

                ""
                yield! listed "steps that are not as recorded" replay.Differences
                yield! listed "broken invariants" replay.Broken

                if replay.Differences.Count = 0 then
                    "every step is as recorded"

                if replay.Broken.Count = 0 then
                    "every invariant holds after every step"
        ]

    /// The summary as one JSON object, in one line.
    let json (replay: CheckedReplay) : string =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            let strings (name: string) (values: seq<string>) =
                writer.WriteStartArray name
                values |> Seq.iter writer.WriteStringValue
                writer.WriteEndArray()

            writer.WriteStartObject()
            writer.WriteBoolean("ok", replay.IsGood)
            writer.WriteString("file", replay.Name)

            match replay.Header with
            | Some header ->
                writer.WriteString("version", header.ProductVersion)
                writer.WriteNumber("started_at_us", header.StartedAt)
            | None -> ()

            writer.WriteBoolean("goes_on", replay.IsContinuation)
            writer.WriteString("part_before", Option.toObj replay.EarlierPart)
            writer.WriteNumber("entries", replay.Entries)
            writer.WriteNumber("steps", replay.Steps)
            writer.WriteNumber("span_us", int64 replay.Span.TotalMicroseconds)
            writer.WriteStartArray "members"

            for one in replay.Members do
                writer.WriteStartObject()
                writer.WriteNumber("member", one.Number)
                writer.WriteString("first_identity", string one.First)
                writer.WriteString("last_identity", string one.Last)
                writer.WriteNumber("starts", one.Starts)
                writer.WriteNumber("steps", one.Steps)
                writer.WriteEndObject()

            writer.WriteEndArray()
            strings "differences" replay.Differences
            strings "broken" replay.Broken
            writer.WriteString("damage", Option.toObj replay.Damage)
            writer.WriteEndObject())

        Encoding.UTF8.GetString(buffer.ToArray())
