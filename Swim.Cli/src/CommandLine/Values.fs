namespace Swim.Cli

open System
open System.Globalization
open System.IO
open System.Net
open Microsoft.Extensions.Logging
open Swim
open Swim.Host

/// Reads the values of options. Each fault says what to type instead.
[<RequireQualifiedAccess>]
module Values =

    let private tryParse (text: string) =
        match IPAddress.TryParse text with
        | true, address -> Option.ofObj address
        | false, _ -> None

    /// The address alone, as it is written in an endpoint: IPv6 in brackets, IPv4 with all four numbers.
    let private tryAddress (text: string) =
        let inBrackets = text.StartsWith '[' && text.EndsWith ']'

        tryParse (text.Trim('[', ']'))
        |> Option.filter (fun address ->
            inBrackets = text.Contains ':' && (inBrackets || address.ToString() = text))

    let private tryEndPoint (text: string) =
        let colon = text.LastIndexOf ':'

        if colon < 0 then
            None
        else
            match
                tryAddress text[.. colon - 1],
                UInt16.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture)
            with
            | Some address, (true, port) -> Some(IPEndPoint(address, int port))
            | _ -> None

    /// ADDRESS:PORT, the value of that option.
    let endPoint (option: string) (text: string) : IPEndPoint =
        match tryEndPoint text with
        | Some endPoint -> endPoint
        | None ->
            // Who forgot only the port reads the address again; brackets may be what is missing, too.
            let example =
                tryParse (text.Trim('[', ']'))
                |> Option.filter (fun address -> address.ToString() = text)
                |> Option.defaultValue IPAddress.Loopback
                |> fun address -> IPEndPoint(address, 7946)

            Fail.usage $"'{text}' is not ADDRESS:PORT; type {option} {example}"

    /// HOST:PORT, the value of that option.
    let seed (option: string) (text: string) : SeedAddress =
        try
            SeedAddress.Parse text
        with :? FormatException ->
            Fail.usage
                $"'{text}' is not HOST:PORT; type {option} 127.0.0.1:7946 or {option} seed.example.org:7946"

    /// A whole number with bounds, the value of that option; `example` is one that would do.
    let number (option: string) (low: int) (high: int) (example: int) (value: int) : int =
        if value < low || value > high then
            Fail.usage $"{option} must be from {low} to {high}, not {value}; type {option} {example}"

        value

    /// A whole number with a lower bound, the value of that option; `example` is one that would do.
    let atLeast (option: string) (low: int64) (example: int64) (value: int64) : int64 =
        if value < low then
            Fail.usage $"{option} must be at least {low}, not {value}; type {option} {example}"

        value

    /// One of the names that an option takes.
    let private named option (choices: (string * 'T) list) (text: string) =
        match choices |> List.tryFind (fun (name, _) -> name = text) with
        | Some(_, value) -> value
        | None ->
            let names = List.map fst choices
            let all = String.concat ", " names

            match Suggestion.nearest text names with
            | Some name -> Fail.usage $"{option} takes one of {all}, not '{text}'; type {option} {name}"
            | None -> Fail.usage $"{option} takes one of {all}, not '{text}'; type {option} {names[0]}"

    /// The presets of the protocol's parameters, each from the expected number of members.
    let preset (option: string) (text: string) : string * (int -> SwimConfig) =
        text,
        named
            option
            [
                "lan", SwimConfig.Lan
                "wan", SwimConfig.Wan
                "simple", (fun _ -> SwimConfig.Simple())
                "local", SwimConfig.Local
            ]
            text

    /// A file that is to be made, in a folder that exists, the value of that option.
    let newFile (option: string) (text: string) : string =
        if String.IsNullOrWhiteSpace text || Path.EndsInDirectorySeparator text then
            Fail.usage $"{option} needs the name of a file; type {option} {text.Trim()}member.swimrec"

        let path = Path.GetFullPath text

        if Path.Exists path then
            Fail.usage
                $"{text} exists already; type {option} with the name of a new file, or move that one away"

        let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue path

        if not (Directory.Exists folder) then
            Fail.usage $"there is no folder {folder}; make it, or type {option} {Path.GetFileName path}"

        path

    /// From which level on to log.
    let logLevel (option: string) (text: string) : LogLevel =
        named
            option
            [
                "warning", LogLevel.Warning
                "trace", LogLevel.Trace
                "debug", LogLevel.Debug
                "information", LogLevel.Information
                "error", LogLevel.Error
                "critical", LogLevel.Critical
                "none", LogLevel.None
            ]
            text
