/// What an input is and what follows from it, for people.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.Replay

open System
open System.Text
open Swim
open Swim.Core

let private packet (packet: Packet<NodeIdentity>) (text: StringBuilder) =
    let header = packet.Header

    text.AppendLine($"{header}").AppendLine($"    sent at incarnation {header.SourceIncarnation}")
    |> ignore

    for record in packet.Updates do
        text.AppendLine($"    {record.Status} {record.Identity} at incarnation {record.Incarnation}")
        |> ignore

    for payload in packet.Broadcasts do
        text.AppendLine($"    broadcast {Convert.ToHexString payload.Span}") |> ignore

let private event (event: Event<NodeIdentity>) (text: StringBuilder) =
    match event with
    | PacketReceived received ->
        text.Append "Received " |> ignore
        packet received text
    | TimerFired timer -> text.AppendLine($"Fired %A{timer}") |> ignore
    | BroadcastAccepted(_, payload) ->
        text.AppendLine($"Accepted {Convert.ToHexString payload.Span}") |> ignore
    | event -> text.AppendLine($"%A{event}") |> ignore

let private effect (effect: Effect<NodeIdentity>) (text: StringBuilder) =
    match effect with
    | Send sent ->
        text.Append "  send " |> ignore
        packet sent text
    | Schedule(timer, after) -> text.AppendLine($"  schedule %A{timer} after {after}") |> ignore
    | Notify told ->
        let record exists (record: MemberRecord<NodeIdentity>) = if exists then $"{record}" else "no record"
        let before = record told.HasBefore told.Before
        let after = record told.HasAfter told.After

        text.AppendLine($"  notify {told.Kind} by {told.Cause}: {before} -> {after}") |> ignore
    | OfferBroadcast(_, payload) -> text.AppendLine($"  offer {Convert.ToHexString payload.Span}") |> ignore
    | Report error -> text.AppendLine($"  report {error}") |> ignore

/// The decoder's answer, and the steps that follow if there is a packet and nothing is wrong with them.
let describe (input: byte[]) : string =
    let text = StringBuilder()
    let warm = WarmStates.select (Array.tryHead input |> Option.defaultValue 0uy)
    let body = ReadOnlySpan(input).Slice(min 1 input.Length)
    let data = Frame.seal body
    let mutable decoded = Unchecked.defaultof<Packet<NodeIdentity>>
    let error = PacketCodec(NodeIdentityCodec.Instance).Decode(ReadOnlySpan data, &decoded)

    text.AppendLine($"A datagram of {data.Length} bytes at a member that is \"{warm.Name}\".")
    |> ignore

    if error <> SwimError.None then
        text.AppendLine($"{error}") |> ignore
    else
        let session = warm.Begin(StepRunner())

        try
            StepTarget().Run(session, warm, body)
        with error ->
            text.AppendLine($"Broken: {error.Message}") |> ignore

        for struct (happened, effects) in session.Taken do
            event happened text

            for one in effects do
                effect one text

    text.ToString()
