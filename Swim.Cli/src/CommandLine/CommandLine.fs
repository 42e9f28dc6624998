namespace Swim.Cli

open System
open Argu

/// What the command line asks for.
type Request =
    /// Help about the command of that name, or about `swim` itself.
    | ShowHelp of command: string option
    | ShowVersion
    | RunDemo of ParseResults<DemoArgument>
    | RunAgent of ParseResults<AgentArgument>
    | RunMembers of ParseResults<MembersArgument>
    | RunLeave of ParseResults<LeaveArgument>
    | RunSimulate of ParseResults<SimulateArgument>
    | RunReplay of ParseResults<ReplayArgument>

/// Reads the command line. Argu parses it; this module turns every error into one line that says what to type
/// instead.
[<RequireQualifiedAccess>]
module CommandLine =

    let private root = ArgumentParser.Create<CommandArgument>(programName = "swim")

    let private namesOf (case: ArgumentCaseInfo) = case.CommandLineNames.Value

    /// The commands and their parsers.
    let private commands: (string * ArgumentParser) list =
        [
            for parser in root.GetSubCommandParsers() do
                match parser.ParentInfo with
                | Some case -> List.head (namesOf case), parser
                | None -> ()
        ]

    let private commandNames = List.map fst commands

    let private isHelp token = token = "--help" || token = "-h"

    let private isOption (token: string) =
        // A negative number is a value, even though no option takes one.
        token.Length > 1 && token[0] = '-' && not (Char.IsAsciiDigit token[1])

    /// The usage of an option in the guide: the option and a valid value.
    let private usageOf command option =
        (Guide.find command).Usages
        |> List.tryFind (fun (name, _) -> name = option)
        |> Option.map snd

    /// Turns `--name=value` into `--name value`, the only form that is passed on to Argu.
    let private split command (options: ArgumentCaseInfo list) (token: string) =
        match token.IndexOf '=' with
        | at when at > 0 && isOption token ->
            let name = token[.. at - 1]

            match options |> List.tryFind (fun case -> List.contains name (namesOf case)) with
            | Some case when case.UnionCaseInfo.GetFields().Length = 0 ->
                Fail.usage $"{name} takes no value; type {name}"
            | Some _ when at = token.Length - 1 ->
                let usage = usageOf command name |> Option.defaultValue name
                Fail.usage $"{name} needs a value; type {usage}"
            | Some _ -> [ name; token[at + 1 ..] ]
            | None -> [ token ]
        | _ -> [ token ]

    let private requireOption command (options: ArgumentCaseInfo list) token =
        let known = List.collect namesOf options

        if isOption token && not (List.contains token known) then
            let instead =
                match Suggestion.nearest token ("--help" :: known) with
                | Some option -> usageOf command option |> Option.defaultValue option
                | None -> $"swim {command} --help to see its options"

            Fail.usage $"unknown option '{token}' of swim {command}; type {instead}"

    /// Argu's message without its usage text, followed by how the option is used.
    let private explain command (error: ArguParseException) =
        let firstLine = error.Message.Split('\n')[0]
        let fault = firstLine.Replace("ERROR: ", "").Trim().TrimEnd '.'
        // The first quoted word of the message is the option in question.
        let quoted = fault.Split '\'' |> Array.tryItem 1 |> Option.defaultValue ""
        let option = quoted.Split(' ')[0]

        let instead =
            match usageOf command option with
            | Some usage -> usage
            | None -> $"swim {command} --help to see what it takes"

        Fail.usage $"{fault}; type {instead}"

    let private readCommand command (parser: ArgumentParser) arguments =
        let options = parser.GetArgumentCases()
        let tokens = arguments |> List.collect (split command options)
        tokens |> List.iter (requireOption command options)

        try
            match root.ParseCommandLine(Array.ofList (command :: tokens)).GetSubCommand() with
            | Demo results -> RunDemo results
            | Agent results -> RunAgent results
            | Members results -> RunMembers results
            | Leave results -> RunLeave results
            | Simulate results -> RunSimulate results
            | Replay results -> RunReplay results
            | Version -> ShowVersion
        with :? ArguParseException as error ->
            explain command error

    let private unknown (token: string) =
        let kind = if isOption token then "option" else "command"

        let instead =
            match Suggestion.nearest token ("--help" :: "--version" :: commandNames) with
            | Some word -> $"swim {word}"
            | None ->
                let names = String.concat " or swim " commandNames
                $"swim {names}, or swim --help"

        Fail.usage $"unknown {kind} '{token}'; type {instead}"

    /// Reads what the arguments ask for; fails with exit code 2 if they are not valid.
    let read (arguments: string list) : Request =
        match arguments with
        | [] ->
            let names = String.concat " or " commandNames
            Fail.usage $"type a command: {names}; swim --help describes them"
        | "--version" :: _ -> ShowVersion
        | first :: _ when isHelp first -> ShowHelp None
        | first :: rest ->
            match commands |> List.tryFind (fun (name, _) -> name = first) with
            | Some _ when List.exists isHelp rest -> ShowHelp(Some first)
            | Some(command, parser) -> readCommand command parser rest
            | None -> unknown first

    /// The help about a command, or about `swim` itself.
    let help (command: string option) : string =
        let name = Option.defaultValue "" command

        let parser =
            commands
            |> List.tryFind (fun (other, _) -> other = name)
            |> Option.map snd
            |> Option.defaultValue (root :> ArgumentParser)

        let guide = Guide.find name

        let examples =
            guide.Examples |> List.map (fun example -> $"    {example}") |> String.concat "\n"

        let usage = parser.PrintUsage(usageStringCharacterWidth = 80).TrimEnd()
        $"{guide.About}\n\n{usage}\n\nEXAMPLES:\n\n{examples}\n"
