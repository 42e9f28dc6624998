namespace Swim.Cli

open System
open System.Globalization
open System.IO
open System.Net
open Microsoft.Extensions.Logging
open Swim
open Swim.Host

/// Reads the values of options. Each error says what to type instead.
[<RequireQualifiedAccess>]
module Values =

    let private tryParse (text: string) =
        match IPAddress.TryParse text with
        | true, address -> Option.ofObj address
        | false, _ -> None

    /// The address alone, as an endpoint spells it: IPv6 in brackets, IPv4 with all four numbers.
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

    /// Reads ADDRESS:PORT, the value of that option.
    let endPoint (option: string) (text: string) : IPEndPoint =
        match tryEndPoint text with
        | Some endPoint -> endPoint
        | None ->
            // If only the port is missing, or the brackets, the example keeps the address that was typed.
            let example =
                tryParse (text.Trim('[', ']'))
                |> Option.filter (fun address -> address.ToString() = text)
                |> Option.defaultValue IPAddress.Loopback
                |> fun address -> IPEndPoint(address, 7946)

            Fail.usage $"'{text}' is not ADDRESS:PORT; type {option} {example}"

    /// Reads a seed, HOST:PORT, the value of that option.
    let seed (option: string) (text: string) : SeedAddress =
        try
            SeedAddress.Parse text
        with :? FormatException ->
            Fail.usage
                $"'{text}' is not HOST:PORT; type {option} 127.0.0.1:7946 or {option} seed.example.org:7946"

    /// Checks the bounds of a whole number, the value of that option; `example` is a number within them.
    let number (option: string) (low: int) (high: int) (example: int) (value: int) : int =
        if value < low || value > high then
            Fail.usage $"{option} must be from {low} to {high}, not {value}; type {option} {example}"

        value

    /// Checks the lower bound of a whole number, the value of that option; `example` is a number that keeps it.
    let atLeast (option: string) (low: int64) (example: int64) (value: int64) : int64 =
        if value < low then
            Fail.usage $"{option} must be at least {low}, not {value}; type {option} {example}"

        value

    /// Reads one of the names that an option takes.
    let private named option (choices: (string * 'T) list) (text: string) =
        match choices |> List.tryFind (fun (name, _) -> name = text) with
        | Some(_, value) -> value
        | None ->
            let names = List.map fst choices
            let all = String.concat ", " names

            match Suggestion.nearest text names with
            | Some name -> Fail.usage $"{option} takes one of {all}, not '{text}'; type {option} {name}"
            | None -> Fail.usage $"{option} takes one of {all}, not '{text}'; type {option} {names[0]}"

    /// Reads the name of a preset: the name, and the configuration for an expected number of members.
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

    /// Reads the path of a file that does not exist yet, in a folder that does, the value of that option.
    let newFile (option: string) (text: string) : string =
        if String.IsNullOrWhiteSpace text || Path.EndsInDirectorySeparator text then
            Fail.usage $"{option} needs the name of a file; type {option} {text.Trim()}member.swimrec"

        let path = Path.GetFullPath text

        if Path.Exists path then
            Fail.usage
                $"{text} exists already; type {option} with the name of a new file, or move that one away"

        let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue path

        if not (Directory.Exists folder) then
            Fail.usage $"there is no folder {folder}; create it, or type {option} {Path.GetFileName path}"

        path

    /// Reads the lowest level to log.
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
