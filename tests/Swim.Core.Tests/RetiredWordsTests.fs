/// `spec/retired-words.txt` lists words that are no longer written, and what to write instead. This looks for them in
/// every text of the repository.
module Swim.Core.Tests.RetiredWordsTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Swim.Core.Tests.Repository

let private listed = "spec/retired-words.txt"

type private Retired =
    {
        /// The word, as the list has it.
        Word: string
        Pattern: Regex
        Instead: string
        /// The paths where the word is allowed, as the list has them.
        Allowed: string list
    }

type private Finding =
    {
        Word: Retired
        /// The path of the file, from the root of the repository.
        File: string
        Line: int
        Text: string
    }

    override found.ToString() =
        $"{found.File}:{found.Line}: '{found.Text}' is retired; write {found.Word.Instead}"

/// Finds whole words. A pattern without a capital letter finds them in any case.
let private patternOf (word: string) =
    let options =
        if Regex.IsMatch(word, @"(?<!\\)[A-Z]") then
            RegexOptions.CultureInvariant
        else
            RegexOptions.CultureInvariant ||| RegexOptions.IgnoreCase

    Regex(@"(?<!\w)(?:" + word + @")(?!\w)", options)

let private parse (line: string) : Retired =
    match Regex.Split(line, @"\s\|(?:\s+|$)") with
    | [| word; instead; allowed |] when word.Trim() <> "" && instead.Trim() <> "" ->
        {
            Word = word.Trim()
            Pattern = patternOf (word.Trim())
            Instead = instead.Trim()
            Allowed =
                [
                    for path in allowed.Split ',' do
                        if path.Trim() <> "" then
                            path.Trim()
                ]
        }
    | _ -> failwith $"{listed}: '{line}' is not 'word | what to write instead | where it is allowed'"

let private words =
    lazy
        [
            for line in (read listed).Split '\n' do
                if line.Trim() <> "" && not (line.StartsWith("#")) then
                    parse line
        ]

/// Whether a path is one of those that a glob stands for: `*` is any part of a name, `**` are any folders.
let private isIn (path: string) (glob: string) =
    let pattern = Regex.Escape(glob).Replace(@"\*\*", ".*").Replace(@"\*", "[^/]*")
    Regex.IsMatch(path, "^" + pattern + "$")

let private findingsIn (word: Retired) (file: string) (text: string) : Finding list =
    [
        for found in word.Pattern.Matches text do
            {
                Word = word
                File = file
                Line = text.Substring(0, found.Index).Split('\n').Length
                Text = found.Value
            }
    ]

/// What is built or generated, and the vectors, whose words are those of the formats.
let private skipped =
    set
        [
            ".git"
            "TestResults"
            "artifacts"
            "bin"
            "node_modules"
            "obj"
            "spec/vectors/recordings"
            "states"
            "tests/Swim.Fuzz/corpus"
        ]

let private extensions =
    [
        ".cjs"
        ".cs"
        ".csproj"
        ".css"
        ".editorconfig"
        ".fs"
        ".fsproj"
        ".fsx"
        ".html"
        ".js"
        ".json"
        ".md"
        ".props"
        ".sh"
        ".targets"
        ".tla"
        ".txt"
        ".xml"
        ".yaml"
        ".yml"
    ]

/// Scripts have no extension.
let private isScript (path: string) =
    path.StartsWith(".ci/") || (path.StartsWith("tla/") && not (path.Contains('.')))

/// The list itself has every retired word, and this file has some.
let private isText (path: string) =
    path <> listed
    && path <> "tests/Swim.Core.Tests/RetiredWordsTests.fs"
    && (isScript path
        || List.exists (fun (extension: string) -> path.EndsWith(extension)) extensions)

let rec private textsBelow (folder: string) : string list =
    let pathOf (full: string) = Path.GetRelativePath(root, full).Replace('\\', '/')

    [
        for file in Directory.GetFiles folder do
            if isText (pathOf file) then
                pathOf file

        for below in Directory.GetDirectories folder do
            let path = pathOf below
            let name = path.Substring(path.LastIndexOf('/') + 1)

            if not (skipped.Contains name || skipped.Contains path) then
                yield! textsBelow below
    ]

let private findings =
    lazy
        [
            for file in textsBelow root do
                let text = read file

                for word in words.Value do
                    yield! findingsIn word file text
        ]

let private isAllowed (found: Finding) = List.exists (isIn found.File) found.Word.Allowed

let private find (word: string) (text: string) =
    findingsIn (parse $"{word} | another word | ") "a text" text
    |> List.map (fun found -> found.Line, found.Text)

let tests =
    testList
        "Retired words"
        [
            testCase "no text of the repository has a retired word"
            <| fun () ->
                let retired = findings.Value |> List.filter (isAllowed >> not) |> List.map string

                if not (List.isEmpty retired) then
                    failtest (String.concat "\n" ("" :: retired))

            testCase "every place where a retired word is allowed has it"
            <| fun () ->
                let used = findings.Value |> List.filter isAllowed

                for word in words.Value do
                    for glob in word.Allowed do
                        let isUsed =
                            used
                            |> List.exists (fun found -> found.Word.Word = word.Word && isIn found.File glob)

                        Expect.isTrue isUsed $"{glob} does not have '{word.Word}'"

            testCase "the texts are found"
            <| fun () ->
                let texts = textsBelow root

                for text in
                    [ "README.md"; "Swim.Core/src/Rules/Protocol.fs"; "tla/Swim.tla"; "tla/check"; ".ci/run" ] do
                    Expect.contains texts text "a text"

                Expect.isGreaterThan texts.Length 500 "all of them"
                Expect.isGreaterThan words.Value.Length 30 "and the list"

            testCase "a word is found as a whole, in any case, with its line"
            <| fun () ->
                Expect.equal
                    (find "whoever" "Whoever asks\nis whoever was asked")
                    [ 1, "Whoever"; 2, "whoever" ]
                    "all"

                Expect.equal (find "laws?" "a lawn, flaws; the law") [ 1, "law" ] "whole words"

            testCase "a word with a capital letter is found only as it is written"
            <| fun () -> Expect.equal (find "Draft" "a draft of a Draft") [ 1, "Draft" ] "the type"

            testCase "a pattern can leave some uses out"
            <| fun () ->
                Expect.equal
                    (find "(?:is|are) out(?! of)" "it is out of bounds, a timer is out")
                    [ 1, "is out" ]
                    "one"

            testCase "a glob stands for files and folders"
            <| fun () ->
                Expect.isTrue (isIn "tests/Swim.Fuzz/Main.fs" "tests/*/Main.fs") "a folder"
                Expect.isTrue (isIn "tests/Swim.Host.Tests/Node/JoinTests.cs" "tests/**") "all below"
                Expect.isFalse (isIn "tests/Swim.Host.Tests/Node/JoinTests.cs" "tests/*") "only one level"
                Expect.isFalse (isIn "src/tests.md" "tests*") "from the beginning"

            testCase "a line without its three parts is refused"
            <| fun () -> Expect.throws (fun () -> parse "whoever | the actor" |> ignore) "two parts"
        ]
