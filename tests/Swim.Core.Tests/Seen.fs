/// What a test looks for among the effects of a step and in a state.
[<RequireQualifiedAccess>]
module Swim.Core.Tests.Seen

open Swim
open Swim.Core

let packets (effects: Effect<TestId> list) : Packet<TestId> list =
    effects
    |> List.choose (function
        | Send packet -> Some packet
        | _ -> None)

/// Who was sent what, without what rode along.
let messages effects : (TestId * Message<TestId>) list =
    packets effects
    |> List.map (fun packet -> packet.Header.Destination, Message.ofHeader packet.Header)

/// The addresses that were sent this very message, sorted.
let receivers (message: Message<TestId>) effects : int list =
    messages effects
    |> List.filter (fun (_, sent) -> sent = message)
    |> List.map (fun (destination, _) -> destination.Address)
    |> List.sort

/// What the user is told, whole.
let wholeEvents (effects: Effect<TestId> list) : SwimEvent<TestId> list =
    effects
    |> List.choose (function
        | Notify event -> Some event
        | _ -> None)

/// What the user is told, in short: what happened, and to which member. That the records before and after are true
/// is a check of every step.
let events effects : (SwimEventKind * TestId) list =
    wholeEvents effects |> List.map (fun event -> event.Kind, event.Identity)

let schedules (effects: Effect<TestId> list) =
    effects
    |> List.choose (function
        | Schedule(timer, after) -> Some(timer, after)
        | _ -> None)

let reports (effects: Effect<TestId> list) : SwimError list =
    effects
    |> List.choose (function
        | Report error -> Some error
        | _ -> None)

let offers (effects: Effect<TestId> list) : (TestId * Payload) list =
    effects
    |> List.choose (function
        | OfferBroadcast(sender, payload) -> Some(sender, payload)
        | _ -> None)

/// The updates that a packet carries.
let updates (packet: Packet<TestId>) : MemberRecord<TestId> list = List.ofSeq packet.Updates

/// What waits to be disseminated, each update with its transmissions left, by address.
let backlog (core: CheckedMember) : (MemberRecord<TestId> * int) list =
    State.updatesBacklog core.State
    |> Seq.map (fun struct (record, left) -> record, left)
    |> Seq.sortBy (fun (record, _) -> record.Identity.Address)
    |> List.ofSeq

/// All records, by address.
let records (core: CheckedMember) : MemberRecord<TestId> list =
    State.allMembers core.State |> Seq.sortBy _.Identity.Address |> List.ofSeq

/// The addresses of the active members, sorted.
let activeAddresses (core: CheckedMember) : int list =
    State.activeMembers core.State |> Seq.map _.Identity.Address |> Seq.sort |> List.ofSeq

/// How many custom broadcasts wait.
let broadcastCount (core: CheckedMember) : int = core.State.Broadcasts.Count
