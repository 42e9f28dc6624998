/// Random actions. Members are numbered from 1 to 9 here, however many there are; `fit` then maps the actions
/// to the members that exist. So a case with fewer members keeps its actions.
module Swim.Simulation.Tests.AnyAction

open System
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

/// The largest number of members.
[<Literal>]
let MostNodes = 9

let private node = Draw.between 1 MostNodes

let private onNode (weight: int) (action: int -> ScenarioAction) = weight, Gen.map action node

let private onNodeWith (weight: int) (value: Gen<'T>) (action: int * 'T -> ScenarioAction) =
    weight, Gen.zip node value |> Gen.map action

let private some: Gen<int list> = Gen.list (Range.constant 1 4) node |> Gen.map List.distinct

// Up to three groups, of which each member is in one.
let private groups: Gen<int list list> =
    Gen.list (Range.singleton MostNodes) (Draw.between 0 2)
    |> Gen.map (fun groupOf ->
        List.indexed groupOf
        |> List.groupBy snd
        |> List.map (fun (_, members) -> members |> List.map (fun (index, _) -> index + 1)))

/// Any action.
let any: Gen<ScenarioAction> =
    Gen.frequency
        [
            onNode 12 ScenarioAction.Crash
            onNode 12 ScenarioAction.Restart
            onNode 8 ScenarioAction.RestartSame
            onNode 8 ScenarioAction.Leave
            onNode 6 ScenarioAction.ChangeIdentity
            onNode 6 ScenarioAction.Reuse
            onNodeWith 10 (Draw.milliseconds 50 6000) ScenarioAction.Pause
            onNodeWith 8 (Draw.milliseconds 50 6000) ScenarioAction.Freeze
            8, Gen.map ScenarioAction.Split groups
            8, Gen.constant ScenarioAction.Heal
            6, Gen.zip some some |> Gen.map ScenarioAction.Cut
            6, Gen.map ScenarioAction.Network AnyQuality.any
            4, Gen.zip3 node node AnyQuality.any |> Gen.map ScenarioAction.Link
            onNodeWith
                4
                (Draw.between 50 200 |> Gen.map (fun percent -> percent * 10_000))
                ScenarioAction.Drift
            onNodeWith 4 (Draw.milliseconds 1 1000) ScenarioAction.SlowTimers
            onNodeWith 3 (Draw.between 1 12) ScenarioAction.SetTransmissions
            onNodeWith 3 (Draw.between 128 300) ScenarioAction.SetPacketSize
            8, Gen.zip3 node (Draw.between 1 3) (Draw.between 8 200) |> Gen.map ScenarioAction.Put
            onNodeWith 3 node ScenarioAction.Announce
            onNode 3 ScenarioAction.Gossip
            onNode 3 ScenarioAction.Broadcast
        ]

/// The same action in a cluster of so many members; none if it names no member that exists.
let fit (nodes: int) (action: ScenarioAction) : ScenarioAction option =
    let one node = (node - 1) % nodes + 1
    let existing = List.filter (fun node -> node <= nodes)

    match action with
    | ScenarioAction.Crash node -> Some(ScenarioAction.Crash(one node))
    | ScenarioAction.Restart node -> Some(ScenarioAction.Restart(one node))
    | ScenarioAction.RestartSame node -> Some(ScenarioAction.RestartSame(one node))
    | ScenarioAction.Pause(node, length) -> Some(ScenarioAction.Pause(one node, length))
    | ScenarioAction.Freeze(node, length) -> Some(ScenarioAction.Freeze(one node, length))
    | ScenarioAction.Drift(node, rate) -> Some(ScenarioAction.Drift(one node, rate))
    | ScenarioAction.SlowTimers(node, most) -> Some(ScenarioAction.SlowTimers(one node, most))
    | ScenarioAction.Leave node -> Some(ScenarioAction.Leave(one node))
    | ScenarioAction.ChangeIdentity node -> Some(ScenarioAction.ChangeIdentity(one node))
    | ScenarioAction.Reuse node -> Some(ScenarioAction.Reuse(one node))
    | ScenarioAction.SetTransmissions(node, count) -> Some(ScenarioAction.SetTransmissions(one node, count))
    | ScenarioAction.SetPacketSize(node, bytes) -> Some(ScenarioAction.SetPacketSize(one node, bytes))
    | ScenarioAction.Put(node, key, size) -> Some(ScenarioAction.Put(one node, key, size))
    | ScenarioAction.Announce(node, destination) -> Some(ScenarioAction.Announce(one node, one destination))
    | ScenarioAction.Gossip node -> Some(ScenarioAction.Gossip(one node))
    | ScenarioAction.Broadcast node -> Some(ScenarioAction.Broadcast(one node))
    | ScenarioAction.Split groups ->
        match groups |> List.map existing |> List.filter (not << List.isEmpty) with
        | []
        | [ _ ] -> None
        | groups -> Some(ScenarioAction.Split groups)
    | ScenarioAction.Cut(from, towards) ->
        match existing from, existing towards with
        | [], _
        | _, [] -> None
        | from, towards -> Some(ScenarioAction.Cut(from, towards))
    | ScenarioAction.Link(from, towards, quality) -> Some(ScenarioAction.Link(one from, one towards, quality))
    | ScenarioAction.Heal
    | ScenarioAction.Network _ -> Some action
