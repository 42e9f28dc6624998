namespace Swim.Simulation

open System

/// The quality of links in the text of a scenario, as in `latency 1ms..5ms loss 5% burst 1%/20%/90%`. What
/// the text does not mention is as in `Quality.perfect`.
[<RequireQualifiedAccess>]
module QualityText =

    type private Aspect =
        {
            Name: string
            /// A valid value, for messages.
            Example: string
            /// None if the value is that of `Quality.perfect`.
            Print: Quality -> string option
            TryChange: string -> (Quality -> Quality) option
        }

    let private likelihood name example (get: Quality -> int) set =
        {
            Name = name
            Example = example
            Print = fun quality -> if get quality = 0 then None else Some(ValueText.percent (get quality))
            TryChange = ValueText.tryLikelihood >> Option.map set
        }

    let private latency =
        {
            Name = "latency"
            Example = "1ms..5ms"
            Print = fun quality -> Some(ValueText.latency quality.Latency)
            TryChange =
                ValueText.tryLatency >> Option.map (fun value quality -> { quality with Latency = value })
        }

    let private burst =
        {
            Name = "burst"
            Example = "1%/20%/90%"
            Print = _.Burst >> Option.map ValueText.burst
            TryChange =
                ValueText.tryBurst
                >> Option.map (fun value quality -> { quality with Burst = Some value })
        }

    let private reordering =
        {
            Name = "reorder"
            Example = "2%/50ms"
            Print =
                fun quality ->
                    if quality.Reordering = 0 && quality.ReorderingDelay = TimeSpan.Zero then
                        None
                    else
                        let delay = ValueText.duration quality.ReorderingDelay
                        Some $"{ValueText.percent quality.Reordering}/{delay}"
            TryChange =
                ValueText.tryReordering
                >> Option.map (fun (likelihood, delay) quality ->
                    { quality with Reordering = likelihood; ReorderingDelay = delay })
        }

    let private aspects: Aspect list =
        [
            latency
            likelihood "loss" "5%" _.Loss (fun value quality -> { quality with Loss = value })
            burst
            likelihood "duplicate" "1%" _.Duplication (fun value quality ->
                { quality with Duplication = value })
            reordering
            likelihood "corrupt" "0.1%" _.Corruption (fun value quality ->
                { quality with Corruption = value })
        ]

    let private names = aspects |> List.map _.Name |> String.concat ", "

    let rec private change (quality: Quality) (words: string list) : Result<Quality, string> =
        match words with
        | [] -> Ok quality
        | name :: rest ->
            match aspects |> List.tryFind (fun aspect -> aspect.Name = name), rest with
            | None, _ -> Error $"unknown quality '{name}' of a link; type one of {names}, as in loss 5%%"
            | Some aspect, [] -> Error $"{name} needs a value; type {name} {aspect.Example}"
            | Some aspect, value :: rest ->
                match aspect.TryChange value with
                | Some apply -> change (apply quality) rest
                | None -> Error $"'{name} {value}' cannot be read; type {name} {aspect.Example}"

    /// Reads a quality, or tells what is wrong and what to type instead.
    let read (words: string list) : Result<Quality, string> =
        match words with
        | [] -> Error "the quality of the links is missing; type perfect, or as in latency 1ms..5ms loss 5%"
        | [ "perfect" ] -> Ok Quality.perfect
        | words -> change Quality.perfect words

    /// A quality as text.
    let print (quality: Quality) : string =
        if quality = Quality.perfect then
            "perfect"
        else
            aspects
            |> List.choose (fun aspect ->
                aspect.Print quality |> Option.map (fun value -> $"{aspect.Name} {value}"))
            |> String.concat " "
