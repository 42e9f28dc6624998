namespace Swim.Simulation

open System
open System.Globalization

/// Values in the text of a scenario. Printed values read back exactly.
[<RequireQualifiedAccess>]
module ValueText =

    // The largest first, with the least count for which it is used: 60s reads better than 1min.
    let private units =
        [
            "h", TimeSpan.TicksPerHour, 10L
            "min", TimeSpan.TicksPerMinute, 10L
            "s", TimeSpan.TicksPerSecond, 1L
            "ms", TimeSpan.TicksPerMillisecond, 1L
            "us", TimeSpan.TicksPerMicrosecond, 1L
        ]

    let private fraction (text: string) =
        // A decimal holds every number of up to 20 characters exactly.
        if text.Length > 20 then
            None
        else
            match Decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) with
            | true, value -> Some value
            | _ -> None

    /// Reads a fraction in front of the unit as a whole number, where one unit is `one`.
    let private wholeNumber (text: string) (unit: string) (most: int64) (one: int64) =
        if text.EndsWith(unit, StringComparison.Ordinal) then
            fraction (text.Substring(0, text.Length - unit.Length))
            |> Option.map (fun value -> value * decimal one)
            |> Option.filter (fun value -> value = Math.Floor value && value <= decimal most)
            |> Option.map int64
        else
            None

    /// A duration as text, in its largest fitting unit: `500ms`, `60s`, `24h`.
    let duration (value: TimeSpan) : string =
        let fits (_, ticks, atLeast) = value.Ticks % ticks = 0L && value.Ticks / ticks >= atLeast

        match List.tryFind fits units with
        | Some(unit, ticks, _) -> $"{value.Ticks / ticks}{unit}"
        | None when value = TimeSpan.Zero -> "0s"
        | None -> (decimal value.Ticks / 10m).ToString("0.#", CultureInfo.InvariantCulture) + "us"

    /// Reads a duration of zero or more that is a whole number of ticks of 100 ns: `0.5s` is `500ms`.
    let tryDuration (text: string) : TimeSpan option =
        let longest = TimeSpan.FromDays(1000.0).Ticks

        // "ms" ends with "s" too: the first unit with a number in front of it is the right one.
        units
        |> List.tryPick (fun (unit, ticks, _) -> wholeNumber text unit longest ticks)
        |> Option.map TimeSpan.FromTicks

    /// Parts per million as a percentage: `5%`, `0.01%`.
    let percent (partsPerMillion: int) : string =
        (decimal partsPerMillion / 10_000m).ToString("0.####", CultureInfo.InvariantCulture) + "%"

    /// Reads a percentage of zero or more, in parts per million.
    let tryPercent (text: string) : int option =
        wholeNumber text "%" (int64 Int32.MaxValue) 10_000L |> Option.map int

    /// Reads a probability: a percentage of at most 100%, in parts per million.
    let tryLikelihood (text: string) : int option =
        tryPercent text |> Option.filter (fun partsPerMillion -> partsPerMillion <= 1_000_000)

    /// Reads a whole number within these bounds.
    let tryNumber (least: int) (most: int) (text: string) : int option =
        match Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, number when number >= least && number <= most -> Some number
        | _ -> None

    /// Reads the parts of a text between separators, if each can be read.
    let private tryParts (separator: string) (tryPart: string -> 'T option) (text: string) : 'T list option =
        let parts = text.Split separator |> List.ofArray |> List.map tryPart
        if List.forall Option.isSome parts then Some(List.choose id parts) else None

    /// A latency as text: `5ms` is fixed, `1ms..5ms` uniform, `1ms/20ms/100ms` median, 99th percentile and
    /// longest.
    let latency (value: Latency) : string =
        match value with
        | Fixed delay -> duration delay
        | Uniform(least, most) -> $"{duration least}..{duration most}"
        | LongTail(median, percentile99, longest) ->
            $"{duration median}/{duration percentile99}/{duration longest}"

    /// Reads a latency; its durations must not decrease.
    let tryLatency (text: string) : Latency option =
        let ascending durations = List.sort durations = durations

        match tryDuration text, tryParts ".." tryDuration text, tryParts "/" tryDuration text with
        | Some delay, _, _ -> Some(Fixed delay)
        | _, Some [ least; most ], _ when least <= most -> Some(Uniform(least, most))
        | _, _, Some [ median; percentile99; longest ] when ascending [ median; percentile99; longest ] ->
            Some(LongTail(median, percentile99, longest))
        | _ -> None

    /// A burst as text: the probabilities of its begin, its end, and of a loss in it: `1%/20%/90%`.
    let burst (value: Burst) : string = $"{percent value.Begin}/{percent value.End}/{percent value.Loss}"

    /// Reads a burst.
    let tryBurst (text: string) : Burst option =
        match tryParts "/" tryLikelihood text with
        | Some [ first; last; loss ] -> Some { Begin = first; End = last; Loss = loss }
        | _ -> None

    /// Reads a probability and a longest delay: `2%/50ms`.
    let tryReordering (text: string) : (int * TimeSpan) option =
        match text.Split '/' with
        | [| likelihood; delay |] ->
            match tryLikelihood likelihood, tryDuration delay with
            | Some likelihood, Some delay -> Some(likelihood, delay)
            | _ -> None
        | _ -> None

    /// The highest number that a member can have.
    [<Literal>]
    let MostNodes = 65_000

    // Four or more numbers in a row are printed as a range.
    let private range first last =
        if last - first >= 3 then
            $"{first}..{last}"
        else
            [ first..last ] |> List.map string |> String.concat ","

    /// Members as text: `1,2`, `1..50,60`, or `nobody`.
    let nodes (numbers: int list) : string =
        let extend ranges number =
            match ranges with
            | (first, last) :: rest when number = last + 1 -> (first, number) :: rest
            | _ -> (number, number) :: ranges

        match numbers |> List.fold extend [] |> List.rev with
        | [] -> "nobody"
        | ranges -> ranges |> List.map (fun (first, last) -> range first last) |> String.concat ","

    let private tryRange (text: string) =
        match tryParts ".." (tryNumber 1 MostNodes) text with
        | Some [ one ] -> Some [ one ]
        | Some [ first; last ] when first <= last -> Some [ first..last ]
        | _ -> None

    /// Reads members.
    let tryNodes (text: string) : int list option =
        if text = "nobody" then
            Some []
        else
            tryParts "," tryRange text |> Option.map List.concat

    /// Reads one member.
    let tryNode (text: string) : int option = tryNumber 1 MostNodes text
