/// What may be done to a cluster. Members are numbered from 1 to 9 here, however many there are; `fit` then
/// takes those that exist. So a case with fewer members keeps its deeds.
module Swim.Simulation.Tests.AnyDeed

open System
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

/// The most members of a scenario here.
[<Literal>]
let MostNodes = 9

let private node = Draw.between 1 MostNodes

let private onNode (weight: int) (deed: int -> Deed) = weight, Gen.map deed node

let private onNodeWith (weight: int) (value: Gen<'T>) (deed: int * 'T -> Deed) =
    weight, Gen.zip node value |> Gen.map deed

let private some: Gen<int list> = Gen.list (Range.constant 1 4) node |> Gen.map List.distinct

// Which of up to three groups each member is in.
let private groups: Gen<int list list> =
    Gen.list (Range.singleton MostNodes) (Draw.between 0 2)
    |> Gen.map (fun groupOf ->
        List.indexed groupOf
        |> List.groupBy snd
        |> List.map (fun (_, members) -> members |> List.map (fun (index, _) -> index + 1)))

/// Any deed.
let any: Gen<Deed> =
    Gen.frequency
        [
            onNode 12 Deed.Crash
            onNode 12 Deed.Restart
            onNode 8 Deed.RestartSame
            onNode 8 Deed.Leave
            onNode 6 Deed.ChangeIdentity
            onNode 6 Deed.Reuse
            onNodeWith 10 (Draw.milliseconds 50 6000) Deed.Pause
            onNodeWith 8 (Draw.milliseconds 50 6000) Deed.Freeze
            8, Gen.map Deed.Split groups
            8, Gen.constant Deed.Heal
            6, Gen.zip some some |> Gen.map Deed.Cut
            6, Gen.map Deed.Network AnyQuality.any
            4, Gen.zip3 node node AnyQuality.any |> Gen.map Deed.Link
            onNodeWith 4 (Draw.between 50 200 |> Gen.map (fun percent -> percent * 10_000)) Deed.Drift
            onNodeWith 4 (Draw.milliseconds 1 1000) Deed.SlowTimers
            onNodeWith 3 (Draw.between 1 12) Deed.SetTransmissions
            onNodeWith 3 (Draw.between 128 300) Deed.SetPacketSize
            8, Gen.zip3 node (Draw.between 1 3) (Draw.between 8 200) |> Gen.map Deed.Put
            onNodeWith 3 node Deed.Announce
            onNode 3 Deed.Gossip
            onNode 3 Deed.Broadcast
        ]

/// The same deed in a cluster of so many members; none if nobody is left to do it to.
let fit (nodes: int) (deed: Deed) : Deed option =
    let one node = (node - 1) % nodes + 1
    let those = List.filter (fun node -> node <= nodes)

    match deed with
    | Deed.Crash node -> Some(Deed.Crash(one node))
    | Deed.Restart node -> Some(Deed.Restart(one node))
    | Deed.RestartSame node -> Some(Deed.RestartSame(one node))
    | Deed.Pause(node, length) -> Some(Deed.Pause(one node, length))
    | Deed.Freeze(node, length) -> Some(Deed.Freeze(one node, length))
    | Deed.Drift(node, rate) -> Some(Deed.Drift(one node, rate))
    | Deed.SlowTimers(node, most) -> Some(Deed.SlowTimers(one node, most))
    | Deed.Leave node -> Some(Deed.Leave(one node))
    | Deed.ChangeIdentity node -> Some(Deed.ChangeIdentity(one node))
    | Deed.Reuse node -> Some(Deed.Reuse(one node))
    | Deed.SetTransmissions(node, count) -> Some(Deed.SetTransmissions(one node, count))
    | Deed.SetPacketSize(node, bytes) -> Some(Deed.SetPacketSize(one node, bytes))
    | Deed.Put(node, key, size) -> Some(Deed.Put(one node, key, size))
    | Deed.Announce(node, destination) -> Some(Deed.Announce(one node, one destination))
    | Deed.Gossip node -> Some(Deed.Gossip(one node))
    | Deed.Broadcast node -> Some(Deed.Broadcast(one node))
    | Deed.Split groups ->
        match groups |> List.map those |> List.filter (not << List.isEmpty) with
        | []
        | [ _ ] -> None
        | groups -> Some(Deed.Split groups)
    | Deed.Cut(from, towards) ->
        match those from, those towards with
        | [], _
        | _, [] -> None
        | from, towards -> Some(Deed.Cut(from, towards))
    | Deed.Link(from, towards, quality) -> Some(Deed.Link(one from, one towards, quality))
    | Deed.Heal
    | Deed.Network _ -> Some deed
