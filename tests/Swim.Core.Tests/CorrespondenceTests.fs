/// `spec/correspondence.md` says which rule is which function, invariant and test. This holds it to that.
module Swim.Core.Tests.CorrespondenceTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open Swim.Core

let private root =
    let rec up (folder: DirectoryInfo | null) =
        match folder with
        | null -> failwith "no folder above the tests holds Swim.sln"
        | folder when File.Exists(Path.Combine(folder.FullName, "Swim.sln")) -> folder.FullName
        | folder -> up folder.Parent

    up (DirectoryInfo System.AppContext.BaseDirectory)

let private read (path: string) = File.ReadAllText(Path.Combine(root, path))

let private sources folder pattern =
    Directory.GetFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
    |> Seq.filter (fun file -> not (Regex.IsMatch(file, @"[\\/](bin|obj)[\\/]")))
    |> Seq.map (fun file -> Path.GetFileNameWithoutExtension file, File.ReadAllText file)
    |> List.ofSeq

type private Row =
    {
        Rule: string
        Functions: string list
        Invariants: string list
        Tests: string list
    }

let private names (cell: string) = [ for name in Regex.Matches(cell, "`([^`]+)`") -> name.Groups[1].Value ]

let private rows =
    [
        for line in (read "spec/correspondence.md").Split '\n' do
            if line.StartsWith "| `R" then
                let cells = line.Split '|'

                {
                    Rule = (names cells[1]).Head
                    Functions = names cells[2]
                    Invariants = names cells[3]
                    Tests = names cells[4]
                }
    ]

let private rulesOfTheProtocol =
    [
        for heading in
            Regex.Matches(
                read "spec/protocol.md",
                @"^(?:#+ |\*\*|- \*\*)(R\d+\.\d+|R11)\b",
                RegexOptions.Multiline
            ) -> heading.Groups[1].Value
    ]
    |> List.distinct

let private fsharp = sources "Swim.Core" "*.fs"
let private csharp = sources "Swim.CSharp" "*.cs" @ sources "Swim.Host" "*.cs"

/// Whether some file declares `Module.function`, or `Class.Method` in C#.
let private exists (name: string) =
    let owner, part =
        match name.Split '.' with
        | [| owner; part |] -> owner, part
        | _ -> failwith $"{name} is not Module.function"

    let inFSharp (_, text: string) =
        Regex.IsMatch(text, $@"module (internal )?{owner} =")
        && Regex.IsMatch(text, $@"^    let (rec |internal |private )*{part}\b", RegexOptions.Multiline)

    let inCSharp (_, text: string) =
        Regex.IsMatch(text, $@"(class|struct) {owner}\b") && Regex.IsMatch(text, $@" {part}[(<]")

    List.exists inFSharp fsharp || List.exists inCSharp csharp

let private expectoTests = sources "tests/Swim.Core.Tests" "*.fs"
let private xunitTests = sources "tests" "*.cs"

/// An Expecto test begins with the number; an xUnit class has it in its summary.
let private isTested (rule: string) =
    let number = Regex.Escape rule

    List.exists (fun (_, text: string) -> Regex.IsMatch(text, $"\"{number}[ :]")) expectoTests
    || List.exists (fun (_, text: string) -> Regex.IsMatch(text, $@"///.*\b{number}\b")) xunitTests

let tests =
    testList
        "Correspondence"
        [
            testCase "has a row for each rule of the protocol"
            <| fun () ->
                Expect.isGreaterThan rulesOfTheProtocol.Length 50 "the rules were found"
                Expect.equal (List.sort (rows |> List.map _.Rule)) (List.sort rulesOfTheProtocol) "rules"

            testCase "names functions that exist"
            <| fun () ->
                for row in rows do
                    Expect.isNonEmpty row.Functions $"{row.Rule} has no function"

                    for name in row.Functions do
                        Expect.isTrue (exists name) $"{row.Rule} names {name}"

            testCase "names each invariant, at the rule that it guards"
            <| fun () ->
                let named =
                    [
                        for row in rows do
                            for name in row.Invariants -> name, row.Rule
                    ]

                let known = [ for one in Invariant.all<int> -> one.Name, one.Rule ]
                Expect.equal (List.sort named) (List.sort known) "invariants"

            testCase "names tests that exist"
            <| fun () ->
                for row in rows do
                    Expect.isNonEmpty row.Tests $"{row.Rule} has no test"

                    for rule in row.Tests do
                        Expect.isTrue (isTested rule) $"no test is called {rule}"
        ]
