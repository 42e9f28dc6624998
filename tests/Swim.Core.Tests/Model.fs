/// Reads the modules and models of `tla/`.
module Swim.Core.Tests.Model

open System.Text.Json
open System.Text.RegularExpressions
open Swim.Core.Tests.Repository

/// A model: a configuration of a module, and what is expected of it.
type Model =
    {
        /// The file of `tla/models/` that holds it.
        Kind: string
        Name: string
        Module: string
        Shows: string
        Rules: string list
        Specification: string
        /// The constants, each with its value as JSON.
        Constants: Map<string, string>
        /// The properties that it checks, whether of states or of behaviours.
        Checks: string list
        /// "pass" or "fail"; nothing if it only prints steps or follows traces.
        Expect: string
        /// What breaks if it does not pass.
        Property: string
        /// How many states it has, if it passes.
        States: string
    }

    member this.Passes = this.Expect = "pass"

let private parse (file: string) = JsonDocument.Parse(read $"tla/models/{file}.json").RootElement

let private kinds =
    files "tla/models" "*.json" |> List.map _.Replace(".json", "") |> List.except [ "shared" ]

let private shared = parse "shared"

let private tryField (name: string) (row: JsonElement) =
    match row.TryGetProperty name with
    | true, value -> Some value
    | _ -> None

let private textOf name row = tryField name row |> Option.map string |> Option.defaultValue ""

let private listOf name row =
    tryField name row
    |> Option.map (fun list -> [ for each in list.EnumerateArray() -> string each ])

/// The constants that a model or a module sets.
let private constantsOf row =
    match tryField "constants" row with
    | Some found -> Map [ for each in found.EnumerateObject() -> each.Name, each.Value ]
    | None -> Map.empty

let private over (defaults: Map<string, 'T>) (own: Map<string, 'T>) =
    Map.fold (fun all name value -> Map.add name value all) defaults own

/// What the models of a module share: its own row of shared.json, over that of the module that it is like.
let rec private defaultConstants (name: string) : Map<string, JsonElement> =
    let row = shared.GetProperty("modules").GetProperty name
    let inherited = tryField "like" row |> Option.map (string >> defaultConstants)
    over (Option.defaultValue Map.empty inherited) (constantsOf row)

/// The value as JSON, without the rules that the model switches off.
let private written (without: string list) (value: JsonElement) =
    if value.ValueKind = JsonValueKind.Array then
        [ for each in value.EnumerateArray() -> string each ]
        |> List.except without
        |> String.concat ", "
    else
        string value

let private modelOf kind row =
    let name = textOf "module" row
    let defaults = shared.GetProperty("modules").GetProperty name
    let without = listOf "without" row |> Option.defaultValue []
    let property = textOf "property" row
    let ofModule = listOf "checks" defaults |> Option.defaultValue []
    let checks = listOf "checks" row |> Option.defaultValue ofModule
    let expand check = listOf check (shared.GetProperty "groups") |> Option.defaultValue [ check ]

    {
        Kind = kind
        Name = textOf "model" row
        Module = name
        Shows = textOf "shows" row
        Rules = (textOf "rule" row).Split ", " |> List.ofArray
        Specification =
            tryField "specification" row
            |> Option.map string
            |> Option.defaultValue (textOf "specification" defaults)
        Constants =
            over (defaultConstants name) (constantsOf row)
            |> Map.map (fun _ value -> written without value)
        Checks = if property <> "" then [ property ] else List.collect expand checks
        Expect = textOf "expect" row
        Property = property
        States = textOf "states" row
    }

/// All models, of all kinds.
let all =
    [
        for kind in kinds do
            for row in (parse kind).EnumerateArray() -> modelOf kind row
    ]

/// The models of which something is expected.
let manifest = all |> List.filter (fun one -> one.Expect <> "")

/// The model of that name; fails if there is none.
let named (name: string) =
    match List.tryFind (fun one -> one.Name = name) manifest with
    | Some found -> found
    | None -> failwith $"tla/models has no model {name}"

/// The modules, each with its text.
let modules =
    Map [ for file in files "tla" "*.tla" -> file.Replace(".tla", ""), read $"tla/{file}" ]

/// The operators that the module itself defines.
let operators (name: string) =
    match modules.TryFind name with
    | Some text -> matches @"^([A-Za-z]\w*)(?:\([^)]*\))? ==" text |> Set
    | None -> Set.empty

/// The modules that a module extends. `tla/check` writes TraceData, which holds the lines of traces.
let private extendedBy (name: string) =
    match modules.TryFind name with
    | Some text ->
        matches @"^EXTENDS (.*)$" text
        |> List.collect (fun names -> [ for each in names.Split ',' -> each.Trim() ])
    | None when name = "TraceData" -> [ "Swim" ]
    | None -> []

let rec private inReach (find: string -> Set<string>) (name: string) : Set<string> =
    extendedBy name |> List.fold (fun found each -> found + inReach find each) (find name)

/// The operators of the model's module, and of those that it extends.
let operatorsOf (one: Model) = inReach operators one.Module

/// The constants that a module declares.
let private declared (name: string) =
    match modules.TryFind name with
    | None -> Set.empty
    | Some text ->
        matches @"^CONSTANTS?\b((?:.*\n)+?)(?=\n)" text
        |> List.collect (fun body -> Regex.Replace(body, @"\\\*.*", "") |> matches @"(\w+)")
        |> Set

/// The constants of the model's module, and of those that it extends.
let constantsDeclared (one: Model) = inReach declared one.Module

/// What keeps `passing` from being the twin of `failing`: it differs in one constant, and holds the property
/// that the other breaks.
let twinFaults (failing: Model) (passing: Model) =
    let ours, theirs = failing.Constants, passing.Constants
    let differing = ours |> Map.filter (fun name value -> theirs.TryFind name <> Some value)

    [
        if failing.Passes then
            $"{failing.Name} passes"
        if not passing.Passes then
            $"{passing.Name} fails"
        if failing.Module <> passing.Module || failing.Specification <> passing.Specification then
            $"{failing.Name} and {passing.Name} are not of one specification"
        if ours.Count <> theirs.Count || differing.Count <> 1 then
            $"{failing.Name} and {passing.Name} do not differ in one constant"
        if not (List.contains failing.Property passing.Checks) then
            $"{passing.Name} does not check {failing.Property}"
    ]
