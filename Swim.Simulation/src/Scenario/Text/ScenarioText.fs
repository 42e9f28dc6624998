namespace Swim.Simulation

open System
open System.Text.RegularExpressions
open Swim
open Swim.Core

/// Why a text cannot be read as a scenario.
type ScenarioTextFault =
    {
        /// The line, from 1; 0 if no line is at fault.
        Line: int
        /// What is wrong, and what to type instead.
        Reason: string
    }

    override fault.ToString() = if fault.Line = 0 then fault.Reason else $"line {fault.Line}: {fault.Reason}"

/// Scenarios as text, one setting or action on a line. Printed text reads back as the same scenario. The
/// random seed is not part of it.
///
///     # a comment
///     nodes 5
///     config local max-transmissions=4
///     begin joining
///     network latency 1ms..5ms loss 5%
///     length 60s
///     at 10s crash 3
///     at 20s restart 3
///
/// Only `nodes` and `length` are required. Lines may come in any order; actions at the same time happen in
/// the order of their lines.
[<RequireQualifiedAccess>]
module ScenarioText =

    exception private Fault of ScenarioTextFault

    let private fail line reason : 'T = raise (Fault { Line = line; Reason = reason })

    let private orFail line (result: Result<'T, string>) : 'T =
        match result with
        | Ok value -> value
        | Error reason -> fail line reason

    /// One line without its comment, in words.
    type private Line = { Number: int; Words: string list }

    let private withoutSpaces = Regex(@"\s*(,|\.\.|=|/)\s*", RegexOptions.CultureInvariant)
    let private withSpaces = Regex(@"\s*(\||->)\s*", RegexOptions.CultureInvariant)

    /// The words of one line, without its comment: `1, 2` is one word, and `1|2` three.
    let words (line: string) : string list =
        let text = withoutSpaces.Replace((line.Split '#')[0], "$1")
        let text = withSpaces.Replace(text, " $1 ")

        text.Split([| ' '; '\t'; '\r' |], StringSplitOptions.RemoveEmptyEntries) |> List.ofArray

    let private linesOf (text: string) : Line list =
        text.Split '\n'
        |> Seq.mapi (fun index line -> { Number = index + 1; Words = words line })
        |> Seq.filter (fun line -> not line.Words.IsEmpty)
        |> List.ofSeq

    // Lines that may appear once: the word that they begin with, and an example.
    let private settings =
        [
            "nodes", "nodes 5"
            "config", "config lan"
            "begin", "begin joining, begin joining within 5s, or begin joined"
            "network", "network latency 1ms..5ms loss 5%"
            "length", "length 60s"
        ]

    let private exampleOf word = settings |> List.find (fun (name, _) -> name = word) |> snd

    let private beginsWith word (line: Line) = line.Words.Head = word

    let private checkWord (line: Line) =
        let word = line.Words.Head

        if word <> "at" && not (List.exists (fun (name, _) -> name = word) settings) then
            let actions = ActionText.examples

            match List.tryFind (fun (name, _) -> name = word) actions with
            | Some(_, example) -> fail line.Number $"the time is missing; type at 10s {example}"
            | None ->
                let all = settings |> List.map fst |> String.concat ", "
                fail line.Number $"no line begins with '{word}'; type one of {all}, or at 10s crash 3"

    /// The line that begins with this word, if any; fails if there are several.
    let private tryOnly word lines =
        match List.filter (beginsWith word) lines with
        | [] -> None
        | [ line ] -> Some line
        | first :: second :: _ ->
            fail second.Number $"'{word}' is already in line {first.Number}; leave one of them out"

    let private required word lines =
        match tryOnly word lines with
        | Some line -> line
        | None -> fail 0 $"there is no line '{word}'; add one, as in {exampleOf word}"

    let private single (tryRead: string -> 'T option) (line: Line) : 'T =
        match line.Words with
        | [ _; value ] ->
            match tryRead value with
            | Some read -> read
            | None ->
                let word = line.Words.Head
                fail line.Number $"'{word} {value}' cannot be read; type {exampleOf word}"
        | word :: _ -> fail line.Number $"'{word}' needs one value; type {exampleOf word}"
        | [] -> fail line.Number "is empty"

    let private tryLength text =
        ValueText.tryDuration text
        |> Option.filter (fun length -> length > TimeSpan.Zero && length <= TimeSpan.FromDays 30.0)

    let private beginning length (line: Line) =
        let fault () =
            let words = String.concat " " line.Words
            let example = exampleOf "begin"
            fail line.Number $"'{words}' cannot be read; type {example}"

        match line.Words with
        | [ _; "joining" ] -> Joining
        | [ _; "joined" ] -> Joined
        | [ _; "joining"; "within"; most ] ->
            match ValueText.tryDuration most with
            | Some most when most <= length -> JoiningWithin most
            | Some _ ->
                fail line.Number $"that is after the end; type a time up to {ValueText.duration length}"
            | None -> fault ()
        | _ -> fault ()

    let private checkAction (line: Line) nodes (length: TimeSpan) (time: TimeSpan) action =
        if time > length then
            fail
                line.Number
                $"{ValueText.duration time} is after the end; type a time up to {ValueText.duration length}, or a greater length"

        for node in ScenarioAction.nodesOf action do
            if node > nodes then
                fail line.Number $"there is no member {node}; type one from 1 to {nodes}, or more nodes"

    let private readActions nodes length (line: Line) =
        match line.Words with
        | [ _ ]
        | [ _; _ ] -> fail line.Number "an action is missing; type at 10s crash 3"
        | _ :: time :: words ->
            match ValueText.tryDuration time with
            | None -> fail line.Number $"'{time}' is not a time; type one as in 500ms, 10s or 2min"
            | Some time ->
                let actions = ActionText.read words |> orFail line.Number
                actions |> List.iter (checkAction line nodes length time)
                actions |> List.map (fun action -> time, action)
        | [] -> []

    let private readLines (lines: Line list) : Scenario =
        lines |> List.iter checkWord
        let nodes = required "nodes" lines |> single ValueText.tryNode
        let length = required "length" lines |> single tryLength

        let config =
            match tryOnly "config" lines with
            | Some line -> ConfigText.read nodes line.Words.Tail |> orFail line.Number
            | None -> SwimConfig.Lan nodes

        let quality =
            match tryOnly "network" lines with
            | Some line -> QualityText.read line.Words.Tail |> orFail line.Number
            | None -> Quality.perfect

        {
            Nodes = nodes
            Config = config
            Beginning = tryOnly "begin" lines |> Option.map (beginning length) |> Option.defaultValue Joining
            Quality = quality
            Actions = []
            Length = length
        }
        |> Scenario.withActions (
            lines |> List.filter (beginsWith "at") |> List.collect (readActions nodes length)
        )

    /// Reads a scenario, or tells the first fault of the text.
    let read (text: string) : Result<Scenario, ScenarioTextFault> =
        try
            Ok(readLines (linesOf text))
        with Fault fault ->
            Error fault

    /// A scenario as text that reads back as the same scenario.
    let print (scenario: Scenario) : string =
        let beginning =
            match scenario.Beginning with
            | Joining -> "joining"
            | JoiningWithin most -> $"joining within {ValueText.duration most}"
            | Joined -> "joined"

        [
            $"nodes {scenario.Nodes}"
            $"config {ConfigText.print scenario.Nodes scenario.Config}"
            $"begin {beginning}"
            $"network {QualityText.print scenario.Quality}"
            $"length {ValueText.duration scenario.Length}"

            for time, action in scenario.Actions do
                $"at {ValueText.duration time} {ActionText.print action}"
        ]
        |> List.map (fun line -> line + "\n")
        |> String.concat ""
