/// `spec/amendments` has the transcript of a scenario for each amendment of R12. This plays the scenarios again
/// and holds the files to them; `write` makes the files.
module Swim.Core.Tests.AmendmentTranscripts

open System
open System.IO
open Expecto
open Swim.Core.Tests.Repository

let private folder = "spec/amendments"

/// What the argument of the test program is that writes the files.
[<Literal>]
let WriteArgument = "--write-transcripts"

let private command = $"dotnet run --project tests/Swim.Core.Tests -- {WriteArgument}"

let private scenarios =
    FalseAlarmScenarios.all
    @ DepartureScenarios.all
    @ ForgettingScenarios.all
    @ SuspicionScenarios.all
    |> List.sortBy _.Number

let private protocol: Lazy<string> = lazy (read "spec/protocol.md")

/// The headings of the amendments: number and title.
let private amendments: Lazy<(string * string) list> =
    lazy
        [
            for heading: string in matches @"^### (R12\.\d+ .+)$" protocol.Value ->
                heading.Substring(0, heading.IndexOf ' '), heading
        ]

/// Breaks a text into lines of up to 110 characters.
let private wrap (text: string) : string list =
    let add (lines: string list) (word: string) =
        match lines with
        | line :: rest when line.Length + 1 + word.Length <= 110 -> $"{line} {word}" :: rest
        | _ -> word :: lines

    text.Split ' ' |> Seq.fold add [] |> List.rev

let private linesOf (scenario: Scenario) (transcript: Transcript) : string list =
    [
        yield Map.find scenario.Rule (Map.ofList amendments.Value)
        yield ""
        yield! wrap $"Without it: {scenario.Without}"
        yield ""
        yield! wrap $"Look for: {scenario.LookFor}"
        yield ""
        yield! wrap $"Configuration: {TranscriptText.config scenario.Rules.Config}."
        yield ""
        yield! transcript.Lines
        yield ""
        yield "At the end:"
        yield! transcript.FinalStates
    ]

/// The first line in which the file is not what happens, if any.
let private difference (file: string) (expected: string list) (happened: string list) : string option =
    let lineOf (lines: string list) index = lines |> List.tryItem index |> Option.defaultValue "(the end)"

    seq { 0 .. max expected.Length happened.Length - 1 }
    |> Seq.tryFind (fun index -> lineOf expected index <> lineOf happened index)
    |> Option.map (fun index ->
        $"{folder}/{file} differs from what happens at line {index + 1}.\n\
          the file:     {lineOf expected index}\n\
          what happens: {lineOf happened index}\n\
          If the change is meant, write the files again: {command}")

let private linesOfFile (file: string) : string list =
    (read $"{folder}/{file}").TrimEnd('\n').Split '\n' |> List.ofArray

/// Writes all files again, if each amendment decides the outcome of its scenario.
let write () : int =
    let texts =
        [
            for scenario in scenarios do
                let transcript = Scenario.play scenario
                scenario.Holds transcript
                scenario.File, String.concat "\n" (linesOf scenario transcript) + "\n"
        ]

    let path = Path.Combine(root, folder)
    Directory.CreateDirectory path |> ignore

    for file in files folder "*.txt" do
        File.Delete(Path.Combine(path, file))

    for file, text in texts do
        File.WriteAllText(Path.Combine(path, file), text)
        printfn $"{folder}/{file}"

    0

/// The text of one amendment in the protocol.
let private sectionOf (rule: string) : string =
    protocol.Value.Split "\n### "
    |> Array.find (fun (section: string) -> section.StartsWith(rule + " "))

let private fileTests =
    [
        testCase "each amendment of R12 has a scenario, and each scenario an amendment"
        <| fun () ->
            Expect.isGreaterThan amendments.Value.Length 12 "the amendments were found"
            Expect.equal (scenarios |> List.map _.Rule) (List.map fst amendments.Value) "scenarios"

        testCase "spec/amendments has the transcripts of the scenarios and no others"
        <| fun () ->
            Expect.equal (List.sort (files folder "*.txt")) (scenarios |> List.map _.File) $"files; {command}"

        testCase
            "each amendment in the protocol links its transcript, and so does the table of the transcripts"
        <| fun () ->
            let table = read $"{folder}/README.md"

            for scenario in scenarios do
                Expect.stringContains table $"| {scenario.Rule} |" "the table of the transcripts"
                Expect.stringContains table $"({scenario.File})" "the table of the transcripts"
                let link = $"*Transcript:* [{scenario.File}](amendments/{scenario.File})"
                Expect.stringContains (sectionOf scenario.Rule) link scenario.Rule

        testCase "the moments to look for in a transcript are moments at which something happens"
        <| fun () ->
            for scenario in scenarios do
                let lines = linesOfFile scenario.File |> List.map _.Trim()
                let moments = matches @"\b(\d+\.\d{3})\b" scenario.LookFor
                Expect.isNonEmpty moments scenario.Rule

                for moment in moments do
                    let isThen (line: string) = line.StartsWith(moment + "  ")
                    Expect.exists lines isThen $"{scenario.File} at {moment}"

        testCase "a transcript is short enough to be read"
        <| fun () ->
            for scenario in scenarios do
                Expect.isLessThan (linesOfFile scenario.File).Length 150 scenario.File

        testCase "the first line that differs from a transcript is shown"
        <| fun () ->
            Expect.isNone (difference "a file" [ "one"; "two" ] [ "one"; "two" ]) "none"
            let changed = difference "a file" [ "one"; "two"; "three" ] [ "one"; "too"; "four" ]
            Expect.stringContains changed.Value "line 2.\nthe file:     two\nwhat happens: too\n" "the second"
            let shorter = difference "a file" [ "one"; "two" ] [ "one" ]
            Expect.stringContains shorter.Value "what happens: (the end)" "a line is missing"
    ]

let private testsOf (scenario: Scenario) =
    [
        testCase $"{scenario.Rule} decides the outcome of its scenario, {scenario.Name}"
        <| fun () -> scenario.Holds(Scenario.play scenario)

        testCase $"{scenario.Rule} the scenario happens line by line as {scenario.File} has it"
        <| fun () ->
            let happened = linesOf scenario (Scenario.play scenario)

            match difference scenario.File (linesOfFile scenario.File) happened with
            | Some found -> failtest found
            | None -> ()
    ]

let tests = testList "Transcripts of amendments" (fileTests @ List.collect testsOf scenarios)
