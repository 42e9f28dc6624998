/// Runners whose steps have one mistake, to see that the fuzzer finds it.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.FaultyRunner

open System
open Swim
open Swim.Core

/// Changes the state after each step, by the state before and the event.
[<Sealed>]
type private ChangesStates
    (change: State<NodeIdentity> -> Event<NodeIdentity> -> State<NodeIdentity> -> State<NodeIdentity>) =
    inherit StepRunner<NodeIdentity>()

    override _.Step(rules, before, event) =
        let struct (after, effects) = base.Step(rules, before, &event)
        struct (change before event after, effects)

/// Takes each step by another event, by the state before.
[<Sealed>]
type private ChangesEvents(change: State<NodeIdentity> -> Event<NodeIdentity> -> Event<NodeIdentity>) =
    inherit StepRunner<NodeIdentity>()

    override _.Step(rules, before, event) =
        let changed: Event<NodeIdentity> = change before event
        base.Step(rules, before, &changed)

let private changingStates change = fun () -> ChangesStates change :> StepRunner<NodeIdentity>
let private changingEvents change = fun () -> ChangesEvents change :> StepRunner<NodeIdentity>

/// A copy of a state with some fields changed.
let private change (set: State<NodeIdentity> -> unit) (state: State<NodeIdentity>) =
    let copy = state.Copy()
    set copy
    copy

/// Each with its mistake and what finds it.
let all: (string * string * (unit -> StepRunner<NodeIdentity>)) list =
    [
        "a record that is notified is lost",
        "EventsMatchTable",
        changingStates (fun before event after ->
            match event with
            | PacketReceived packet when packet.Updates.Count > 2 ->
                after
                |> change (fun copy ->
                    copy.Members <- before.Members
                    copy.Connection <- before.Connection)
            | _ -> after)

        "what was sent stays in the backlog",
        "TransmissionsAreBounded",
        changingStates (fun before _ after ->
            if after.Updates.Count < before.Updates.Count then
                after |> change (fun copy -> copy.Updates <- before.Updates)
            else
                after)

        "a refutation does not last",
        "OurIncarnationOnlyGrows",
        changingStates (fun before _ after ->
            if before.Identity = after.Identity && before.Incarnation = 65535us then
                after |> change (fun copy -> copy.Incarnation <- 0us)
            else
                after)

        "a packet to another member is taken in",
        "PacketsForOthersAreIgnored",
        changingEvents (fun before event ->
            match event with
            | PacketReceived packet when not (before.Identity.HasSameAddress packet.Header.Destination) ->
                let header = { packet.Header with Destination = before.Identity }
                PacketReceived { packet with Header = header }
            | event -> event)

        "a packet in our own name changes the state",
        "PacketsForOthersAreIgnored",
        changingStates (fun before event after ->
            match event with
            | PacketReceived packet when packet.Header.Source = before.Identity ->
                after |> change (fun copy -> copy.Incarnation <- after.Incarnation + 1us)
            | _ -> after)

        "a member without an active member stays Active",
        "ConnectionAgreesWithTable",
        changingStates (fun before _ after ->
            if after.Connection = ConnectionState.Idle then
                after |> change (fun copy -> copy.Connection <- before.Connection)
            else
                after)

        "a probe number that is about to wrap throws",
        "threw",
        changingEvents (fun _ event ->
            match event with
            | PacketReceived { Header = { Kind = MessageKind.Ack; ProbeNumber = number } } when
                number > 0xFFFFFFF0u
                ->
                raise (OverflowException())
            | event -> event)

        "an item that the broadcast handler accepted throws",
        "threw",
        changingEvents (fun _ event ->
            match event with
            | BroadcastAccepted(_, payload) when payload.Length > 4 -> raise (OverflowException())
            | event -> event)

        "the answer after the broadcast handler throws",
        "threw",
        changingEvents (fun before event ->
            match event with
            | BroadcastsHandled when before.Broadcasts.Count > 0 -> raise (OverflowException())
            | event -> event)
    ]
