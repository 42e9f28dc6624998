/// Reads the modules, models and manifest of `tla/`.
module Swim.Core.Tests.Model

open System.Text.Json
open System.Text.RegularExpressions
open Swim.Core.Tests.Repository

/// A row of the manifest: a configuration of a module, and what is expected of it.
type Model =
    {
        Name: string
        Module: string
        Cfg: string
        Shows: string
        Rules: string list
        Passes: bool
        /// What breaks if it does not pass.
        Property: string
        /// How many states it has, if it passes.
        States: string
    }

let private textOf (row: JsonElement) (field: string) =
    match row.TryGetProperty field with
    | true, value -> string value
    | _ -> ""

let manifest =
    [
        for row in
            JsonDocument.Parse(read "tla/manifest.json").RootElement.GetProperty("models").EnumerateArray() ->
            {
                Name = textOf row "model"
                Module = textOf row "module"
                Cfg = textOf row "cfg"
                Shows = textOf row "shows"
                Rules = (textOf row "rule").Split ", " |> List.ofArray
                Passes = textOf row "expect" = "pass"
                Property = textOf row "property"
                States = textOf row "states"
            }
    ]

/// The model of that name; fails if there is none.
let named (name: string) =
    match List.tryFind (fun one -> one.Name = name) manifest with
    | Some found -> found
    | None -> failwith $"manifest.json has no model {name}"

/// The modules, each with its text.
let modules =
    Map [ for file in files "tla" "*.tla" -> file.Replace(".tla", ""), read $"tla/{file}" ]

/// The operators that the module itself defines.
let operators (name: string) =
    match modules.TryFind name with
    | Some text -> matches @"^([A-Za-z]\w*)(?:\([^)]*\))? ==" text |> Set
    | None -> Set.empty

let rec private operatorsInReach (name: string) : Set<string> =
    let extended =
        modules.TryFind name |> Option.map (matches @"^EXTENDS (.*)$") |> Option.defaultValue []

    extended
    |> List.collect (fun names -> names.Split ',' |> Seq.map _.Trim() |> List.ofSeq)
    |> List.fold (fun found each -> found + operatorsInReach each) (operators name)

/// The operators of the model's module, and of those that it extends.
let operatorsOf (one: Model) = operatorsInReach (Regex.Replace(one.Module, "^.*/", ""))

/// What a configuration says under one of these words, to the next.
let private section (words: string) (cfg: string) =
    let body = matches $@"^(?:{words})\b((?:.*\n)+?)(?=[A-Z]|\z)" (cfg + "\n")

    body
    |> List.collect (fun text -> text.Split([| ' '; '\n' |]) |> Seq.filter ((<>) "") |> List.ofSeq)

let private cfgOf (one: Model) = read $"tla/{one.Cfg}"

/// The properties that a model checks, whether of states or of behaviours.
let properties (one: Model) = section "INVARIANTS?|PROPERT(?:Y|IES)" (cfgOf one)

let specification (one: Model) = section "SPECIFICATION" (cfgOf one)

/// The constants of a model, each with its value.
let constants (one: Model) =
    Map
        [
            for found in Regex.Matches(cfgOf one, @"^ +(\w+) = (.*)$", RegexOptions.Multiline) ->
                found.Groups[1].Value, found.Groups[2].Value
        ]

/// What keeps `passing` from being the twin of `failing`: it differs in one constant, and holds the property
/// that the other breaks.
let twinFaults (failing: Model) (passing: Model) =
    let ours, theirs = constants failing, constants passing
    let differing = ours |> Map.filter (fun name value -> theirs.TryFind name <> Some value)

    [
        if failing.Passes then
            $"{failing.Name} passes"
        if not passing.Passes then
            $"{passing.Name} fails"
        if failing.Module <> passing.Module || specification failing <> specification passing then
            $"{failing.Name} and {passing.Name} are not of one specification"
        if ours.Count <> theirs.Count || differing.Count <> 1 then
            $"{failing.Name} and {passing.Name} do not differ in one constant"
        if not (List.contains failing.Property (properties passing)) then
            $"{passing.Name} does not check {failing.Property}"
    ]
