/// Which rules a transition of the model is about: what is counted for the report.
[<RequireQualifiedAccess>]
module Swim.Conformance.Coverage

/// The operators of `Swim.tla` that are a step of a member.
let operators =
    [
        "Announce"
        "AnnounceDown"
        "Assume"
        "Expire"
        "Forget"
        "Fresh"
        "Leave"
        "Ping"
        "Receive"
        "Reuse"
        "Spend"
        "Suspect"
        "Unbury"
    ]

let private packet (step: Transition) =
    match step.Argument with
    | Packet packet when step.Operator = "Receive" -> Some packet
    | _ -> None

let private receives (step: Transition) test = packet step |> Option.exists test

/// The record at an address before and after, for each address where it changed.
let private changes (step: Transition) =
    Seq.append step.Before.Mem.Keys step.After.Mem.Keys
    |> Seq.distinct
    |> Seq.map (fun address -> Map.tryFind address step.Before.Mem, Map.tryFind address step.After.Mem)
    |> Seq.filter (fun (before, after) -> before <> after)

let private changed (step: Transition) test = changes step |> Seq.exists test
let private notes kind (step: Transition) = step.Notes |> List.exists (fun (note, _, _) -> note = kind)
let private sends kind (step: Transition) = step.Out |> Set.exists (fun packet -> packet.Kind = kind)

let private isForUs (step: Transition) (packet: ModelPacket) = packet.IsFor step.Before.Id

let private knows (state: ModelState) (id: ModelId) =
    match Map.tryFind id.Address state.Mem with
    | Some record -> record.IsActive && record.Generation = id.Generation
    | None -> false

let private distrusts step packet =
    isForUs step packet && not (knows step.After packet.Source) && sends "turnundead" step

let private saysOfUs status (step: Transition) (packet: ModelPacket) =
    match Map.tryFind step.Before.Id.Address packet.Updates with
    | Some record -> record.Status = status && record.Generation = step.Before.Id.Generation
    | None -> false

let private isBuried (step: Transition) (packet: ModelPacket) =
    step.Before.Tomb.ContainsKey packet.Source.Address

let private known =
    [
        "R2.2",
        fun step ->
            changed step (function
                | Some a, Some b -> a.Generation = b.Generation
                | _ -> false)
        "R2.3",
        fun step ->
            changed step (function
                | Some a, Some b -> a.Generation < b.Generation
                | _ -> false)
        "R2.4",
        fun step ->
            changed step (function
                | None, Some _ -> true
                | _ -> false)
        "R3.1", fun step -> step.Operator <> "Spend" && step.Before.Up <> step.After.Up
        "R3.2", fun step -> not (Set.isSubset step.After.Rem step.Before.Rem)
        "R3.3", fun step -> notes "up" step || notes "down" step || notes "rename" step
        "R3.4", fun step -> step.Before.Mem.TryFind step.Node <> step.After.Mem.TryFind step.Node
        "R4.2", notes "active"
        "R4.3", notes "idle"
        "R4.4", notes "defunct"
        "R4.5", fun step -> step.Operator = "Expire"
        "R5.1", fun step -> receives step (saysOfUs "alive" step)
        "R5.2", fun step -> receives step (saysOfUs "suspect" step)
        "R5.3", fun step -> receives step (saysOfUs "down" step) || notes "rejoin" step
        "R6.1", fun step -> step.Operator = "Leave"
        "R6.2", fun step -> step.Operator = "Assume"
        "R6.3", fun step -> step.Operator = "Reuse"
        "R7.2", fun step -> step.Operator = "Ping" || step.Operator = "Suspect"
        "R7.3", sends "indirectping"
        "R7.4",
        fun step -> sends "indirectack" step || receives step (fun packet -> packet.Kind = "indirectack")
        "R7.5", fun step -> step.Operator = "Expire" && notes "down" step
        "R7.6", fun step -> step.Operator = "Forget" && step.Before.Mem <> step.After.Mem
        "R8.1", fun step -> step.Operator = "Announce"
        "R8.2", sends "data"
        "R8.4", fun step -> step.Operator = "AnnounceDown"
        "R8.5", sends "feed"
        "R8.6", fun step -> step.Operator = "Spend"
        "R9.2", fun step -> receives step (fun packet -> packet.Source.Address = step.Node)
        "R9.3", fun step -> receives step (isForUs step >> not)
        "R9.4", fun step -> receives step (distrusts step)
        "R9.5", fun step -> receives step (fun packet -> isForUs step packet && not packet.Updates.IsEmpty)
        "R9.6", fun step -> receives step (fun packet -> packet.Kind = "ping" && sends "data" step)
        "R12.1", fun step -> step.Operator = "Expire" && step.Before.Mem = step.After.Mem
        "R12.2", fun step -> step.Before.Await <> step.After.Await
        "R12.3", fun step -> step.Operator = "AnnounceDown" && step.Before.Conn = "idle"
        "R12.4",
        fun step ->
            receives step (fun packet -> packet.Kind = "turnundead" && not (knows step.Before packet.Source))
        "R12.5", fun step -> step.Operator = "Reuse" && step.Before.Up.ContainsKey step.Node
        "R12.6", fun step -> step.Before.Left && packet step |> Option.isSome
        "R12.7", fun step -> step.Operator = "Unbury" || receives step (isBuried step)
        "R12.8",
        fun step ->
            changed step (function
                | Some a, Some b -> a.Incarnation > 0 && not b.IsActive
                | _ -> false)
        "R12.9", fun step -> step.Before.Inc = 65535 || step.After.Inc = 65535
        "R12.11", fun step -> step.Operator = "Receive" && not (Set.isSubset step.After.Susp step.Before.Susp)
        "R12.12", fun step -> step.Operator = "Fresh"
        "R12.14",
        fun step ->
            step.Operator = "Suspect"
            || (step.Operator = "Ping"
                && step.Before.Mem |> Map.exists (fun _ record -> record.Status = "suspect"))
    ]

/// The rules that transitions of the model can be about.
let rules = List.map fst known

/// The rules that this one is about.
let rulesOf (step: Transition) : string list =
    [
        for rule, isAbout in known do
            if isAbout step then
                rule
    ]
