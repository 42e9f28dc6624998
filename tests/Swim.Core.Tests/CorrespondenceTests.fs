/// `spec/correspondence.md` says which rule is which operator of the model, function, invariant and test.
/// This holds it to that.
module Swim.Core.Tests.CorrespondenceTests

open System.Text.RegularExpressions
open Expecto
open Swim
open Swim.Core
open Swim.Core.Tests.Repository

let private text = read "spec/correspondence.md"

type private Row =
    {
        Rule: string
        Model: string
        Functions: string list
        Invariants: string list
        Tests: string list
    }

let private rows =
    [
        for cells in table "| rule | TLA+ | function | invariant | test |" text ->
            {
                Rule = (names cells[0]).Head
                Model = cells[1]
                Functions = names cells[2]
                Invariants = names cells[3]
                Tests = names cells[4]
            }
    ]

let private rulesOfTheProtocol =
    read "spec/protocol.md"
    |> matches @"^(?:#+ |\*\*|- \*\*)(R\d+\.\d+|R11)\b"
    |> List.distinct

let private fsharp = sources "Swim.Core" ".fs"
let private csharp = sources "Swim.CSharp" ".cs" @ sources "Swim.Host" ".cs"

/// Whether some file declares `Module.function`, or `Type.Member`.
let private isDeclared (name: string) =
    let owner, part =
        match name.Split '.' with
        | [| owner; part |] -> owner, part
        | _ -> failwith $"{name} is not Module.function"

    let inFSharp (_, text: string) =
        Regex.IsMatch(text, $@"module (internal )?{owner} =")
        && Regex.IsMatch(text, $@"^    let (rec |internal |private )*{part}\b", RegexOptions.Multiline)

    let inType (_, text: string) =
        Regex.IsMatch(text, $@"^type {owner}( =|<)", RegexOptions.Multiline)
        && Regex.IsMatch(text, $@"^    (static )?member (\w+\.)?{part}\b", RegexOptions.Multiline)

    let inCSharp (_, text: string) =
        Regex.IsMatch(text, $@"(class|struct) {owner}\b") && Regex.IsMatch(text, $@" {part}[(<]")

    List.exists inFSharp fsharp || List.exists inType fsharp || List.exists inCSharp csharp

let private isOperator (name: string) =
    match name.Split '.' with
    | [| owner; part |] -> (Model.operators owner).Contains part
    | _ -> false

/// Why something may not be in the model.
let private reasons = matches @"^- \*(\w+)\*:" text

/// What is wrong with a cell that names operators, or says why there are none; nothing if all is well.
let private faultsOf (cell: string) =
    match names cell with
    | [] ->
        match matches @"^none \((\w+)\)$" cell with
        | [ reason ] when List.contains reason reasons -> []
        | _ -> [ $"'{cell}' is neither an operator nor a reason" ]
    | operators ->
        [
            for name in operators do
                if not (isOperator name) then
                    $"there is no {name}"
        ]

let private expectoTests = sources "tests/Swim.Core.Tests" ".fs"
let private xunitTests = sources "tests" ".cs"

/// An Expecto test begins with the number; an xUnit class has it in its summary.
let private isTested (rule: string) =
    let number = Regex.Escape rule

    List.exists (fun (_, text: string) -> Regex.IsMatch(text, $"\"{number}[ :]")) expectoTests
    || List.exists (fun (_, text: string) -> Regex.IsMatch(text, $@"///.*\b{number}\b")) xunitTests

/// Whether `name` is an Expecto test of that rule, or an xUnit class that has the rule in a summary.
let private isTestOf (rule: string) (name: string) =
    let isCalled (_, text: string) = name.StartsWith(rule + " ") && text.Contains $"testCase \"{name}\""

    let isClass (file, text: string) = file = name && Regex.IsMatch(text, $@"///.*\b{Regex.Escape rule}\b")

    List.exists isCalled expectoTests || List.exists isClass xunitTests

let private ruleTests =
    [
        testCase "has a row for each rule of the protocol"
        <| fun () ->
            Expect.isGreaterThan rulesOfTheProtocol.Length 50 "the rules were found"
            Expect.equal (List.sort (rows |> List.map _.Rule)) (List.sort rulesOfTheProtocol) "rules"

        testCase "names operators of the model that exist, or says why there are none"
        <| fun () ->
            Expect.isNonEmpty reasons "the reasons were found"

            for row in rows do
                Expect.equal (faultsOf row.Model) [] row.Rule

        testCase "comments of the model name functions that exist"
        <| fun () ->
            for KeyValue(owner, text) in Model.modules do
                for name in text |> matches @"\b([A-Z]\w+\.[a-z]\w+)\b" do
                    if not (Regex.IsMatch(name, @"\.(fs|md|tla|json|jsonl)$")) then
                        Expect.isTrue (isDeclared name) $"{owner} names {name}"

        testCase "names functions that exist"
        <| fun () ->
            for row in rows do
                Expect.isNonEmpty row.Functions $"{row.Rule} has no function"

                for name in row.Functions do
                    Expect.isTrue (isDeclared name) $"{row.Rule} names {name}"

        testCase "names each invariant, at the rule that it guards"
        <| fun () ->
            let named =
                [
                    for row in rows do
                        for name in row.Invariants -> name, row.Rule
                ]

            let known = [ for one in Checks.invariants<int> -> one.Name, one.Rule ]
            Expect.equal (List.sort named) (List.sort known) "invariants"

        testCase "names tests that exist"
        <| fun () ->
            for row in rows do
                Expect.isNonEmpty row.Tests $"{row.Rule} has no test"

                for rule in row.Tests do
                    Expect.isTrue (isTested rule) $"no test is called {rule}"
    ]

let private invariantTests =
    let rows =
        [ for cells in table "| invariant | TLA+ |" text -> (names cells[0]).Head, cells[1] ]

    let known = Checks.invariants<int> |> List.map _.Name

    [
        testCase "says of each invariant which property of the model it is"
        <| fun () ->
            Expect.equal (List.sort (List.map fst rows)) (List.sort known) "invariants"

            for name, cell in rows do
                Expect.equal (faultsOf cell) [] name

        testCase "names every property of the model that is called as an invariant is"
        <| fun () ->
            for owner in Model.modules.Keys do
                for name, cell in rows do
                    if (Model.operators owner).Contains name then
                        Expect.contains (names cell) $"{owner}.{name}" name

        testCase "names properties that some passing model checks"
        <| fun () ->
            for _, cell in rows do
                for name in names cell do
                    let owner, part = (name.Split '.')[0], (name.Split '.')[1]

                    let isChecked (one: Model.Model) =
                        one.Passes && one.Module = owner && List.contains part one.Checks

                    Expect.isTrue (List.exists isChecked Model.manifest) $"no model checks {name}"
    ]

let private amendmentTests =
    let rows = table "| amendment | fails without it | passes with it | test |" text

    [
        testCase "has a row for each amendment"
        <| fun () ->
            let amends (rule: string) = rule.StartsWith "R12." || rule.StartsWith "R13."
            let amendments = List.filter amends rulesOfTheProtocol
            Expect.equal [ for cells in rows -> (names cells[0]).Head ] amendments "amendments"

        for cells in rows do
            let amendment = (names cells[0]).Head

            testCase $"says what fails without {amendment}, and what passes with it"
            <| fun () ->
                Expect.isNonEmpty (names cells[1]) "a model that fails"

                for failing, passing in List.zip (names cells[1]) (names cells[2]) do
                    let failing, passing = Model.named failing, Model.named passing
                    Expect.equal (Model.twinFaults failing passing) [] amendment
                    Expect.contains failing.Rules amendment failing.Name
                    Expect.contains passing.Rules amendment passing.Name

            testCase $"names a test of {amendment}"
            <| fun () ->
                Expect.isNonEmpty (names cells[3]) "a test"

                for name in names cells[3] do
                    Expect.isTrue (isTestOf amendment name) $"there is no test {name}"
    ]

let tests =
    testList
        "Correspondence"
        [
            yield! ruleTests
            testList "of invariants" invariantTests
            testList "of amendments" amendmentTests
        ]
