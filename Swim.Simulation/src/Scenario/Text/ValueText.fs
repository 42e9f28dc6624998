namespace Swim.Simulation

open System
open System.Globalization

/// How values look in the text of a scenario. What one of these prints, its reader takes back exactly.
[<RequireQualifiedAccess>]
module ValueText =

    // The largest first. Minutes and hours are for what has at least ten of them: 60s reads better than 1min.
    let private units =
        [
            "h", TimeSpan.TicksPerHour, 10L
            "min", TimeSpan.TicksPerMinute, 10L
            "s", TimeSpan.TicksPerSecond, 1L
            "ms", TimeSpan.TicksPerMillisecond, 1L
            "us", TimeSpan.TicksPerMicrosecond, 1L
        ]

    let private fraction (text: string) =
        // No number of that many digits loses any as a decimal.
        if text.Length > 20 then
            None
        else
            match Decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) with
            | true, value -> Some value
            | _ -> None

    /// What the text stands for, if it is a fraction in front of the unit, and a whole number of `one`.
    let private wholeNumber (text: string) (unit: string) (most: int64) (one: int64) =
        if text.EndsWith(unit, StringComparison.Ordinal) then
            fraction (text.Substring(0, text.Length - unit.Length))
            |> Option.map (fun value -> value * decimal one)
            |> Option.filter (fun value -> value = Math.Floor value && value <= decimal most)
            |> Option.map int64
        else
            None

    /// A duration in its largest fitting unit: `500ms`, `60s`, `24h`.
    let duration (value: TimeSpan) : string =
        let fits (_, ticks, atLeast) = value.Ticks % ticks = 0L && value.Ticks / ticks >= atLeast

        match List.tryFind fits units with
        | Some(unit, ticks, _) -> $"{value.Ticks / ticks}{unit}"
        | None when value = TimeSpan.Zero -> "0s"
        | None -> (decimal value.Ticks / 10m).ToString("0.#", CultureInfo.InvariantCulture) + "us"

    /// The duration, from 0 on, that is exact in ticks of 100 ns: `0.5s` is `500ms`.
    let tryDuration (text: string) : TimeSpan option =
        let longest = TimeSpan.FromDays(1000.0).Ticks

        // "ms" ends with "s" too: the first unit with a number in front of it is the right one.
        units
        |> List.tryPick (fun (unit, ticks, _) -> wholeNumber text unit longest ticks)
        |> Option.map TimeSpan.FromTicks

    /// Parts per million as a percentage: `5%`, `0.01%`.
    let percent (partsPerMillion: int) : string =
        (decimal partsPerMillion / 10_000m).ToString("0.####", CultureInfo.InvariantCulture) + "%"

    /// A percentage in parts per million, from 0 on.
    let tryPercent (text: string) : int option =
        wholeNumber text "%" (int64 Int32.MaxValue) 10_000L |> Option.map int

    /// The percentage of something that happens now and then: at most 100%.
    let tryLikelihood (text: string) : int option =
        tryPercent text |> Option.filter (fun partsPerMillion -> partsPerMillion <= 1_000_000)

    /// A whole number within bounds.
    let tryNumber (least: int) (most: int) (text: string) : int option =
        match Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, number when number >= least && number <= most -> Some number
        | _ -> None

    /// Reads the parts of a text between separators, if each can be read.
    let private tryParts (separator: string) (tryPart: string -> 'T option) (text: string) : 'T list option =
        let parts = text.Split separator |> List.ofArray |> List.map tryPart
        if List.forall Option.isSome parts then Some(List.choose id parts) else None

    /// `5ms` always, `1ms..5ms` anything between, `1ms/20ms/100ms` median, 99th percentile and longest.
    let latency (value: Latency) : string =
        match value with
        | Fixed delay -> duration delay
        | Uniform(least, most) -> $"{duration least}..{duration most}"
        | LongTail(median, percentile99, longest) ->
            $"{duration median}/{duration percentile99}/{duration longest}"

    /// The reverse of `latency`; of several durations none is less than the one before.
    let tryLatency (text: string) : Latency option =
        let ascending durations = List.sort durations = durations

        match tryDuration text, tryParts ".." tryDuration text, tryParts "/" tryDuration text with
        | Some delay, _, _ -> Some(Fixed delay)
        | _, Some [ least; most ], _ when least <= most -> Some(Uniform(least, most))
        | _, _, Some [ median; percentile99; longest ] when ascending [ median; percentile99; longest ] ->
            Some(LongTail(median, percentile99, longest))
        | _ -> None

    /// How likely a burst begins, how likely it ends, how likely a packet is lost in it: `1%/20%/90%`.
    let burst (value: Burst) : string = $"{percent value.Begin}/{percent value.End}/{percent value.Loss}"

    /// The reverse of `burst`.
    let tryBurst (text: string) : Burst option =
        match tryParts "/" tryLikelihood text with
        | Some [ first; last; loss ] -> Some { Begin = first; End = last; Loss = loss }
        | _ -> None

    /// How likely, and for how long at most: `2%/50ms`.
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

    // Four or more in a row are worth a range.
    let private range first last =
        if last - first >= 3 then
            $"{first}..{last}"
        else
            [ first..last ] |> List.map string |> String.concat ","

    /// Members: `1,2`, `1..50,60`, or `nobody`.
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

    /// The reverse of `nodes`.
    let tryNodes (text: string) : int list option =
        if text = "nobody" then
            Some []
        else
            tryParts "," tryRange text |> Option.map List.concat

    /// One member.
    let tryNode (text: string) : int option = tryNumber 1 MostNodes text
