namespace Swim.Cli.Replay

open System
open System.Globalization
open Swim
open Swim.Core

/// The inputs and effects of steps, in words.
[<RequireQualifiedAccess>]
module StepText =

    // A packet can carry hundreds of updates.
    [<Literal>]
    let private MostListed = 12

    let private listed (words: seq<string>) =
        let words = List.ofSeq words
        let shown = words |> List.truncate MostListed |> String.concat ", "
        let more = words.Length - MostListed
        if more > 0 then $"{shown} and {more} more" else shown

    /// A record of a member, as `10.0.0.1:7946#1 Alive 0`: identity, status and incarnation.
    let record (known: MemberRecord<NodeIdentity>) : string =
        if known.HasLeft then
            $"{known.Identity} left"
        elif known.Status = MemberStatus.Down && known.Incarnation = 0us then
            $"{known.Identity} Down"
        else
            $"{known.Identity} {known.Status} {known.Incarnation}"

    let private duration (value: TimeSpan) =
        value.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + " s"

    let private timer (timer: Timer<NodeIdentity>) =
        match timer with
        | ProbeRandomMember _ -> "ProbeRandomMember"
        | SendIndirectProbe(probed, _) -> $"SendIndirectProbe for {probed}"
        | ChangeSuspectToDown(suspect, incarnation, 0, _) ->
            $"ChangeSuspectToDown for {suspect} with incarnation {incarnation}"
        | ChangeSuspectToDown(suspect, incarnation, confirmations, _) ->
            $"ChangeSuspectToDown for {suspect} with incarnation {incarnation} if {confirmations} confirm"
        | PeriodicAnnounce _ -> "PeriodicAnnounce"
        | PeriodicAnnounceDown _ -> "PeriodicAnnounceDown"
        | PeriodicGossip _ -> "PeriodicGossip"
        | RemoveDown(identity, incarnation) -> $"RemoveDown of {identity} at incarnation {incarnation}"
        | RemoveTombstone sequence -> $"RemoveTombstone {sequence}"
        | ResetRenewals -> "ResetRenewals"
        | ResetReminders -> "ResetReminders"
        | SendNack(origin, number) -> $"SendNack {number} to {origin}"
        | AskDown sequence -> $"AskDown {sequence}"

    let private message (header: PacketHeader<NodeIdentity>) =
        let number = header.ProbeNumber

        match header.Kind with
        | MessageKind.PingReq -> $"PingReq {number} for {header.Named}"
        | MessageKind.IndirectPing -> $"IndirectPing {number} of {header.Named}"
        | MessageKind.IndirectAck -> $"IndirectAck {number} for {header.Named}"
        | MessageKind.ForwardedAck -> $"ForwardedAck {number} of {header.Named}"
        | kind when header.HasProbeNumber -> $"{kind} {number}"
        | kind -> string kind

    // What a packet carries besides its message.
    let private cargo (packet: Packet<NodeIdentity>) =
        [
            if packet.Updates.Count > 0 then
                $"with {listed (Seq.map record packet.Updates)}"
            if packet.Broadcasts.Count > 0 then
                $"with broadcasts of {listed (Seq.map (fun (one: Payload) -> string one.Length) packet.Broadcasts)} bytes"
        ]
        |> List.map (fun part -> ", " + part)
        |> String.concat ""

    /// The input of a step.
    let event (event: Event<NodeIdentity>) : string =
        match event with
        | PacketReceived packet ->
            let header = packet.Header

            $"received {message header} from {header.Source} with incarnation {header.SourceIncarnation}{cargo packet}"
        | TimerFired fired -> $"timer {timer fired}"
        | AnnounceTo destination -> $"asked to announce to {destination}"
        | GossipNow -> "asked to gossip"
        | BroadcastNow -> "asked to broadcast"
        | LeaveCluster -> "asked to leave"
        | ChangeIdentity identity -> $"asked to change its identity to {identity}"
        | ReuseDownIdentity -> "asked to reuse its identity"
        | ApplyMany(updates, disseminate) ->
            let purpose = if disseminate then " and disseminate them" else ""
            $"asked to apply {listed (Seq.map record updates)}{purpose}"
        | HealthObserved isHealthy -> if isHealthy then "its host keeps up again" else "its host runs late"
        | BroadcastAccepted(_, payload) -> $"its handler accepted a broadcast of {payload.Length} bytes"
        | BroadcastsHandled -> "its handler answered for all broadcasts"

    let private change (event: SwimEvent<NodeIdentity>) =
        let text hasRecord known = if hasRecord then record known else "unknown"
        let before = text event.HasBefore event.Before
        let after = if event.HasAfter then record event.After else "forgotten"
        $"{event.Kind} ({event.Cause}): {before} -> {after}"

    /// An effect of a step.
    let effect (effect: Effect<NodeIdentity>) : string =
        match effect with
        | Send packet -> $"sends {message packet.Header} to {packet.Header.Destination}{cargo packet}"
        | Schedule(scheduled, after) -> $"schedules {timer scheduled} after {duration after}"
        | Notify raised -> $"raises {change raised}"
        | OfferBroadcast(sender, payload) ->
            $"offers its handler a broadcast of {payload.Length} bytes from {sender}"
        | Report error -> $"reports {error}"
