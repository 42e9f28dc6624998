namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The parameters of the protocol in the text of a scenario: a preset, and the values that differ from it, as
/// in `lan probe-period=500ms periodic-gossip=off`.
[<RequireQualifiedAccess>]
module ConfigText =

    type private Setting =
        {
            Name: string
            /// A valid value, for messages.
            Example: string
            Print: SwimConfig -> string
            /// Reads a value and sets it in a configuration.
            TryChange: string -> (SwimConfig -> SwimConfig) option
        }

    let private duration name example (get: SwimConfig -> TimeSpan) set =
        {
            Name = name
            Example = example
            Print = get >> ValueText.duration
            TryChange = ValueText.tryDuration >> Option.map set
        }

    let private number name example (get: SwimConfig -> int) set =
        {
            Name = name
            Example = example
            Print = get >> string
            TryChange = ValueText.tryNumber 0 Int32.MaxValue >> Option.map set
        }

    // The number of members, and the period: `3/200ms`.
    let private tryPeriodic (text: string) =
        match text.Split '/' with
        | [| "off" |] -> Some(Nullable())
        | [| members; frequency |] ->
            match ValueText.tryNumber 1 255 members, ValueText.tryDuration frequency with
            | Some members, Some frequency -> Some(Nullable { Frequency = frequency; Members = members })
            | _ -> None
        | _ -> None

    let private periodic name example (get: SwimConfig -> Nullable<PeriodicSetting>) set =
        let print config =
            match get config with
            | Off -> "off"
            | Every one -> $"{one.Members}/{ValueText.duration one.Frequency}"

        {
            Name = name
            Example = example
            Print = print
            TryChange = tryPeriodic >> Option.map set
        }

    let private switch name (read: SwimConfig -> bool) (write: bool -> SwimConfig -> SwimConfig) : Setting =
        {
            Name = name
            Example = "on"
            Print = fun config -> if read config then "on" else "off"
            TryChange =
                fun text ->
                    match text with
                    | "on" -> Some(write true)
                    | "off" -> Some(write false)
                    | _ -> None
        }

    let private settings: Setting list =
        [
            duration "probe-period" "500ms" _.ProbePeriod (fun value config ->
                { config with ProbePeriod = value })
            duration "probe-rtt" "200ms" _.ProbeRtt (fun value config -> { config with ProbeRtt = value })
            number "indirect-probes" "3" _.IndirectProbes (fun value config ->
                { config with IndirectProbes = value })
            number "max-transmissions" "10" _.MaxTransmissions (fun value config ->
                { config with MaxTransmissions = value })
            duration "suspect-to-down-after" "3s" _.SuspectToDownAfter (fun value config ->
                { config with SuspectToDownAfter = value })
            duration "remove-down-after" "24h" _.RemoveDownAfter (fun value config ->
                { config with RemoveDownAfter = value })
            number "max-packet-size" "1400" _.MaxPacketSize (fun value config ->
                { config with MaxPacketSize = value })
            switch "notify-down-members" _.NotifyDownMembers (fun value config ->
                { config with NotifyDownMembers = value })
            switch "down-is-final" _.DownIsFinal (fun value config -> { config with DownIsFinal = value })
            periodic "periodic-announce" "1/30s" _.PeriodicAnnounce (fun value config ->
                { config with PeriodicAnnounce = value })
            periodic "periodic-announce-to-down" "2/65s" _.PeriodicAnnounceToDown (fun value config ->
                { config with PeriodicAnnounceToDown = value })
            periodic "periodic-gossip" "3/200ms" _.PeriodicGossip (fun value config ->
                { config with PeriodicGossip = value })
        ]

    let private presets: (string * (int -> SwimConfig)) list =
        [
            "lan", (fun nodes -> SwimConfig.Lan nodes)
            "wan", (fun nodes -> SwimConfig.Wan nodes)
            "simple", (fun _ -> SwimConfig.Simple())
            "local", (fun nodes -> SwimConfig.Local nodes)
        ]

    /// The names of the presets.
    let presetNames: string list = List.map fst presets

    /// The parameter of a field of `Config`, and a valid setting of it.
    let private exampleOf (field: string) =
        let plain (name: string) = name.Replace("-", "").ToLowerInvariant()
        let head = (field.Split '.')[0]

        settings
        |> List.find (fun setting -> plain setting.Name = head.ToLowerInvariant())
        |> fun setting -> setting.Name, $"{setting.Name}={setting.Example}"

    let private change
        (nodes: int)
        (name: string)
        (config: SwimConfig)
        (text: string)
        : Result<SwimConfig, string> =
        let at = text.IndexOf '='
        let key = if at < 0 then text else text.Substring(0, at)

        match settings |> List.tryFind (fun setting -> setting.Name = key) with
        | None ->
            let names = settings |> List.map _.Name |> String.concat ", "
            Error $"unknown parameter '{key}'; type one of {names}, as in {name} probe-period=500ms"
        | Some setting ->
            match setting.TryChange(text.Substring(at + 1)) with
            | Some apply when at > 0 -> Ok(apply config)
            | _ -> Error $"'{text}' cannot be read; type {setting.Name}={setting.Print(SwimConfig.Lan nodes)}"

    let private check (config: SwimConfig) : Result<SwimConfig, string> =
        match List.ofSeq (config.Faults()) with
        | [] -> Ok config
        | fault :: _ when fault.Field = "ProbeRtt" && config.ProbeRtt >= config.ProbePeriod ->
            let half = ValueText.duration (config.ProbePeriod / 2.0)
            Error $"probe-rtt must be less than probe-period; type probe-rtt={half}"
        | fault :: _ ->
            let name, example = exampleOf fault.Field
            Error $"{name} {fault.Bound}; type {example}"

    /// Reads a configuration for that many members, or tells what is wrong and what to type instead.
    let read (nodes: int) (words: string list) : Result<SwimConfig, string> =
        let all = String.concat ", " presetNames

        match words with
        | [] -> Error $"the name of a preset is missing; type one of {all}"
        | name :: overrides ->
            match presets |> List.tryFind (fun (preset, _) -> preset = name) with
            | None -> Error $"unknown preset '{name}'; type one of {all}"
            | Some(_, make) ->
                overrides
                |> List.fold
                    (fun config text -> Result.bind (fun config -> change nodes name config text) config)
                    (Ok(make nodes))
                |> Result.bind check

    /// A configuration for that many members as text: the closest preset, and what differs from it.
    let print (nodes: int) (config: SwimConfig) : string =
        let words (name, make) =
            let preset = make nodes

            name
            :: [
                for setting in settings do
                    if setting.Print config <> setting.Print preset then
                        $"{setting.Name}={setting.Print config}"
            ]

        presets |> List.map words |> List.minBy List.length |> String.concat " "
