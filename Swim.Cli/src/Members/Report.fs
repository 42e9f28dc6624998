namespace Swim.Cli.Members

open System
open System.Globalization
open System.Text.Json
open Swim.Cli

/// The members and events that a dashboard reports, as lines.
[<RequireQualifiedAccess>]
module Report =

    let private text (name: string) (element: JsonElement) =
        element.GetProperty(name).GetString() |> Option.ofObj |> Option.defaultValue ""

    let private time (name: string) (element: JsonElement) =
        Timestamp.text (element.GetProperty(name).GetDateTimeOffset())

    let private columns = [ "ENDPOINT"; "GENERATION"; "STATUS"; "INCARNATION"; "LAST CHANGE" ]

    let private row (element: JsonElement) =
        [
            text "endpoint" element
            string (element.GetProperty("generation").GetUInt64())
            text "status" element
            string (element.GetProperty("incarnation").GetInt32())
            time "changedAt" element
        ]

    /// The agent's own member first, then by address, with the numbers in addresses ordered by value.
    let private sorted (members: JsonElement) =
        let comparer =
            StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering)

        members.EnumerateArray()
        |> Seq.sortWith (fun left right ->
            match
                compare (right.GetProperty("isSelf").GetBoolean()) (left.GetProperty("isSelf").GetBoolean())
            with
            | 0 -> comparer.Compare(text "endpoint" left, text "endpoint" right)
            | order -> order)
        |> List.ofSeq

    /// How many members have that status.
    let private count status members =
        members |> List.filter (fun item -> text "status" item = status) |> List.length

    let private align (rows: string list list) =
        let widths = rows |> List.transpose |> List.map (List.map String.length >> List.max)

        rows
        |> List.map (fun cells ->
            List.map2 (fun width (cell: string) -> cell.PadRight width) widths cells
            |> String.concat "  "
            |> fun line -> line.TrimEnd())

    /// A table with the agent's own member in the first row, and a line that sums it up.
    let table (members: JsonElement) : string =
        let members = sorted members

        let summary =
            [ "alive"; "suspect"; "down"; "left" ]
            |> List.map (fun status -> status, count status members)
            |> List.filter (fun (status, number) -> number > 0 || status = "alive")
            |> List.map (fun (status, number) -> $"{number} {status}")
            |> String.concat ", "

        align (columns :: List.map row members) @ [ summary ] |> String.concat "\n"

    /// The same as one JSON object in one line.
    let json (members: JsonElement) : string =
        let members = sorted members
        use buffer = new IO.MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            writer.WriteStartObject()

            for status in [ "alive"; "suspect"; "down"; "left" ] do
                writer.WriteNumber(status, count status members)

            writer.WriteStartArray "members"

            for item in members do
                item.WriteTo writer

            writer.WriteEndArray()
            writer.WriteEndObject())

        Text.Encoding.UTF8.GetString(buffer.ToArray())

    /// An event in one line, as the agent itself prints it.
    let event (element: JsonElement) : string =
        let line = $"""{time "time" element} {text "kind" element} {text "identity" element}"""

        match element.TryGetProperty "previous" with
        | true, previous when previous.ValueKind = JsonValueKind.String ->
            $"{line} previous {previous.GetString()}"
        | _ -> line
