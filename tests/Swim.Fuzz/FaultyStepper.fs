/// Steps with one mistake, to see that the fuzzer finds it.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.FaultyStepper

open System
open Swim
open Swim.Core

let private step rules state event = WarmState.stepper.Invoke(rules, state, event)

let private spoiling
    (spoil: State<NodeIdentity> -> Event<NodeIdentity> -> State<NodeIdentity> -> State<NodeIdentity>)
    =
    Stepper(fun rules before event ->
        let struct (after, effects) = step rules before event
        struct (spoil before event after, effects))

/// A copy of a state with some fields changed.
let private change (set: State<NodeIdentity> -> unit) (state: State<NodeIdentity>) =
    let copy = state.Copy()
    set copy
    copy

/// Each with its mistake and what finds it.
let all: (string * string * Stepper) list =
    [
        "a record that is notified is lost",
        "NotificationsMatchTable",
        spoiling (fun before event after ->
            match event with
            | PacketReceived packet when packet.Updates.Count > 2 ->
                after
                |> change (fun copy ->
                    copy.Members <- before.Members
                    copy.Connection <- before.Connection)
            | _ -> after)

        "what was sent stays in the backlog",
        "TransmissionsAreBounded",
        spoiling (fun before _ after ->
            if after.Updates.Count < before.Updates.Count then
                after |> change (fun copy -> copy.Updates <- before.Updates)
            else
                after)

        "a refutation does not last",
        "OurIncarnationOnlyGrows",
        spoiling (fun before _ after ->
            if before.Identity = after.Identity && before.Incarnation = 65535us then
                after |> change (fun copy -> copy.Incarnation <- 0us)
            else
                after)

        "a packet to another member is taken in",
        "PacketsForOthersAreIgnored",
        Stepper(fun rules before event ->
            match event with
            | PacketReceived packet ->
                let header = { packet.Header with Destination = before.Identity }
                step rules before (PacketReceived { packet with Header = header })
            | event -> step rules before event)

        "a packet in our own name changes the state",
        "PacketsForOthersAreIgnored",
        spoiling (fun before event after ->
            match event with
            | PacketReceived packet when packet.Header.Source = before.Identity ->
                after |> change (fun copy -> copy.Incarnation <- after.Incarnation + 1us)
            | _ -> after)

        "a member without an active member stays Active",
        "ConnectionAgreesWithTable",
        spoiling (fun before _ after ->
            if after.Connection = ConnectionState.Idle then
                after |> change (fun copy -> copy.Connection <- before.Connection)
            else
                after)

        "a probe number that is about to wrap throws",
        "threw",
        Stepper(fun rules before event ->
            match event with
            | PacketReceived { Header = { Kind = MessageKind.Ack; ProbeNumber = number } } when
                number > 0xFFFFFFF0u
                ->
                raise (OverflowException())
            | event -> step rules before event)
    ]
