/// The notation of a transcript: members, records, packets, timers, steps and configurations as text.
/// `spec/amendments/README.md` explains it.
[<RequireQualifiedAccess>]
module Swim.Core.Tests.TranscriptText

open System
open System.Globalization
open Swim
open Swim.Core

let private number (format: string) (value: float) = value.ToString(format, CultureInfo.InvariantCulture)

/// A moment, in seconds.
let moment (time: TimeSpan) : string = number "0.000" time.TotalSeconds

let private duration (time: TimeSpan) = number "0.###" time.TotalSeconds + " s"

let private list (items: string list) = String.concat ", " items

/// a for the first identity at address 1, b(2) for the second one at address 2.
let identity (id: TestId) : string =
    let letter = string (char (int 'a' + id.Address - 1))
    if id.Generation = 1 then letter else $"{letter}({id.Generation})"

/// Alive(b, 1), Down(b). A Down record with another incarnation than 0 would show it (R12.8).
let record (one: MemberRecord<TestId>) : string =
    if one.HasLeft then
        $"Left({identity one.Identity})"
    elif one.Status = MemberStatus.Down && one.Incarnation = 0us then
        $"Down({identity one.Identity})"
    else
        $"{one.Status}({identity one.Identity}, {one.Incarnation})"

let private records (all: MemberRecord<TestId> seq) = all |> Seq.map record |> List.ofSeq |> list

let private timer (one: Timer<TestId>) : string =
    match one with
    | ProbeRandomMember token -> $"ProbeRandomMember [token {token}]"
    | SendIndirectProbe(probed, token) -> $"SendIndirectProbe({identity probed}) [token {token}]"
    | ChangeSuspectToDown(suspect, incarnation, 0, token) ->
        $"ChangeSuspectToDown({identity suspect}, {incarnation}) [token {token}]"
    | ChangeSuspectToDown(suspect, incarnation, confirmations, token) ->
        $"ChangeSuspectToDown({identity suspect}, {incarnation}) if {confirmations} confirm [token {token}]"
    | PeriodicAnnounce token -> $"PeriodicAnnounce [token {token}]"
    | PeriodicAnnounceDown token -> $"PeriodicAnnounceDown [token {token}]"
    | PeriodicGossip token -> $"PeriodicGossip [token {token}]"
    | RemoveDown(down, 0us) -> $"RemoveDown({identity down})"
    | RemoveDown(down, incarnation) -> $"RemoveDown({identity down}, {incarnation})"
    | RemoveTombstone sequence -> $"RemoveTombstone({sequence})"
    | ResetRenewals -> "ResetRenewals"
    | ResetReminders -> "ResetReminders"
    | SendNack(origin, number) -> $"SendNack({identity origin}, {number})"
    | AskDown sequence -> $"AskDown({sequence})"

let private message (header: PacketHeader<TestId>) : string =
    if header.NamesMember then
        $"{header.Kind}({identity header.Named}, {header.ProbeNumber})"
    elif header.HasProbeNumber then
        $"{header.Kind}({header.ProbeNumber})"
    else
        string header.Kind

/// What a packet carries after its header.
let private cargo (packet: Packet<TestId>) : string =
    let updates = if packet.Updates.Count = 0 then "" else $", with {records packet.Updates}"

    let broadcasts =
        if packet.Broadcasts.Count = 0 then
            ""
        else
            $", with {packet.Broadcasts.Count} custom broadcasts"

    updates + broadcasts

/// A packet as it arrives at `receiver`.
let packet (receiver: TestId) (arrived: Packet<TestId>) : string =
    let header = arrived.Header

    let incarnation =
        if header.SourceIncarnation = 0us then
            ""
        else
            $" at incarnation {header.SourceIncarnation}"

    let address =
        if header.Destination = receiver then
            ""
        else
            $", addressed to {identity header.Destination}"

    $"{message header} from {identity header.Source}{incarnation}{address}{cargo arrived}"

/// What a step of `stepping` is about.
let trigger (stepping: TestId) (event: Event<TestId>) : string =
    match event with
    | PacketReceived arrived -> $"receives {packet stepping arrived}"
    | TimerFired fired -> $"timer {timer fired}"
    | AnnounceTo destination -> $"caller: AnnounceTo {identity destination}"
    | GossipNow -> "caller: GossipNow"
    | BroadcastNow -> "caller: BroadcastNow"
    | LeaveCluster -> "caller: LeaveCluster"
    | ChangeIdentity next -> $"caller: ChangeIdentity to {identity next}"
    | ReuseDownIdentity -> "caller: ReuseDownIdentity"
    | ApplyMany(updates, true) -> $"caller: ApplyMany {records updates}, and disseminate"
    | ApplyMany(updates, false) -> $"caller: ApplyMany {records updates}"
    | HealthObserved isHealthy -> if isHealthy then "host: healthy" else "host: impaired"
    | BroadcastAccepted _ -> "broadcast handler: BroadcastAccepted"
    | BroadcastsHandled -> "broadcast handler: BroadcastsHandled"

let private change (event: SwimEvent<TestId>) : string =
    if event.HasBefore && event.HasAfter && event.Before = event.After then
        record event.After
    else
        let before = if event.HasBefore then record event.Before else "no record"
        let after = if event.HasAfter then record event.After else "no record"
        $"{before} -> {after}"

let effect (one: Effect<TestId>) : string =
    match one with
    | Send packet -> $"sends {message packet.Header} to {identity packet.Header.Destination}{cargo packet}"
    | Schedule(scheduled, after) -> $"schedules {timer scheduled} after {duration after}"
    | Notify event -> $"notifies {event.Kind}: {change event}, cause {event.Cause}"
    | OfferBroadcast(sender, payload) -> $"offers {payload.Length} bytes of {identity sender}"
    | Report error -> $"reports {error}"

/// A member at the end of a scenario.
let state (one: State<TestId>) : string =
    let known =
        match State.allMembers one |> Seq.sortBy _.Identity.Address |> List.ofSeq with
        | [] -> "no member"
        | known -> records known

    $"{one.Connection}, incarnation {one.Incarnation}, knows {known}"

/// What a scenario needs to know of its configuration.
let config (one: SwimConfig) : string =
    let periodic name (setting: Nullable<PeriodicSetting>) =
        [
            if setting.HasValue then
                $"{name} {duration setting.Value.Frequency} x {setting.Value.Members}"
        ]

    list
        [
            $"ProbePeriod {duration one.ProbePeriod}"
            $"ProbeRtt {duration one.ProbeRtt}"
            $"SuspectToDownAfter {duration one.SuspectToDownAfter}"
            $"RemoveDownAfter {duration one.RemoveDownAfter}"
            $"IndirectProbes {one.IndirectProbes}"
            $"MaxTransmissions {one.MaxTransmissions}"
            $"MaxPacketSize {one.MaxPacketSize}"
            if one.NotifyDownMembers then
                "NotifyDownMembers"
            if not one.DownIsFinal then
                "Down can be refuted"
            yield! periodic "PeriodicAnnounce" one.PeriodicAnnounce
            yield! periodic "PeriodicAnnounceToDown" one.PeriodicAnnounceToDown
            yield! periodic "PeriodicGossip" one.PeriodicGossip
        ]
