namespace Swim.Simulation

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json

/// One cell of a table.
[<RequireQualifiedAccess>]
type Cell =
    | Words of string
    | Whole of int64
    /// A number with so many digits after the point.
    | Fraction of value: decimal * digits: int
    /// No value.
    | Empty

/// A table of results, as data.
type Table =
    {
        /// The title, which identifies the table.
        Title: string
        /// The headings, with units.
        Columns: string list
        /// The rows, each as long as `Columns`.
        Rows: Cell list list
    }

/// Makes cells, and prints tables as text, Markdown and JSON.
[<RequireQualifiedAccess>]
module Table =

    let private words (cell: Cell) =
        match cell with
        | Cell.Words text -> text
        | Cell.Whole value -> value.ToString("N0", CultureInfo.InvariantCulture)
        | Cell.Fraction(value, digits) -> value.ToString($"N{digits}", CultureInfo.InvariantCulture)
        | Cell.Empty -> "-"

    /// `count` divided by `parts`; empty if `parts` is 0.
    let ratio (count: int64) (parts: int64) (digits: int) : Cell =
        if parts = 0L then
            Cell.Empty
        else
            Cell.Fraction(Math.Round(decimal count / decimal parts, digits), digits)

    /// A duration, in units of another.
    let inUnits (unit: TimeSpan) (digits: int) (duration: TimeSpan) : Cell =
        ratio duration.Ticks unit.Ticks digits

    /// One of some percentiles, in units of a duration.
    let percentile
        (unit: TimeSpan)
        digits
        (choose: Percentiles -> TimeSpan)
        (percentiles: Percentiles voption)
        =
        match percentiles with
        | ValueSome percentiles -> inUnits unit digits (choose percentiles)
        | ValueNone -> Cell.Empty

    let private isNumber (cell: Cell) =
        match cell with
        | Cell.Words _ -> false
        | _ -> true

    // Which columns hold numbers.
    let private rightward (table: Table) =
        match table.Rows with
        | [] -> List.map (fun _ -> false) table.Columns
        | rows -> rows |> List.transpose |> List.map (List.forall isNumber)

    // Each column is as wide as its widest cell. Numbers are aligned right.
    let private lines (between: string) (table: Table) : string list =
        let body = table.Rows |> List.map (List.map words)

        let widths =
            table.Columns :: body |> List.transpose |> List.map (List.map _.Length >> List.max)

        let rightward = rightward table

        let line cells =
            List.zip3 cells widths rightward
            |> List.map (fun (cell: string, width, right) ->
                if right then cell.PadLeft width else cell.PadRight width)
            |> String.concat between

        line table.Columns :: List.map line body

    /// A table as aligned lines, under its title.
    let text (table: Table) : string =
        let lines = lines "  " table |> List.map _.TrimEnd()
        String.concat "\n" (table.Title :: "" :: lines)

    /// A table in Markdown, without its title.
    let markdown (table: Table) : string =
        match lines " | " table with
        | header :: body ->
            let rule =
                rightward table
                |> List.map (fun right -> if right then "---:" else "---")
                |> String.concat " | "

            let framed = header :: rule :: body |> List.map (fun line -> $"| {line} |")
            String.concat "\n" framed
        | [] -> ""

    /// Writes a table as a JSON object: the title, and the rows as objects by column.
    let writeJson (writer: Utf8JsonWriter) (table: Table) : unit =
        writer.WriteStartObject()
        writer.WriteString("title", table.Title)
        writer.WriteStartArray "rows"

        for row in table.Rows do
            writer.WriteStartObject()

            for column, cell in List.zip table.Columns row do
                match cell with
                | Cell.Words text -> writer.WriteString(column, text)
                | Cell.Whole value -> writer.WriteNumber(column, value)
                | Cell.Fraction(value, _) -> writer.WriteNumber(column, value)
                | Cell.Empty -> writer.WriteNull column

            writer.WriteEndObject()

        writer.WriteEndArray()
        writer.WriteEndObject()

    /// Tables as a JSON array.
    let json (tables: Table list) : string =
        use stream = new MemoryStream()

        using (new Utf8JsonWriter(stream, JsonWriterOptions(Indented = true))) (fun writer ->
            writer.WriteStartArray()
            tables |> List.iter (writeJson writer)
            writer.WriteEndArray())

        Encoding.UTF8.GetString(stream.ToArray())
