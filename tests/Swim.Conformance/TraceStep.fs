namespace Swim.Conformance

open Swim
open Swim.Core

/// Which step of the model a step of the core is.
[<RequireQualifiedAccess>]
type TraceStep =
    | Receive
    /// The record of who did not answer, if any, and the address that is probed next.
    | Probe of failed: (int * int * int) option * target: int
    | SendIndirectProbe of target: int * helpers: int list
    | Expire of int * int * int
    | Forget of int * int * int
    | Unbury of int
    | Announce of ModelId
    | AnnounceTo of int list
    | AnnounceDown of int list
    | Gossip of int list
    | Leave
    | Reuse
    | Assume of ModelId
    /// A timer of an earlier life, or something that is refused: nothing changes.
    | Nothing

[<RequireQualifiedAccess>]
module TraceStep =

    let private receivers (name: 'Id -> ModelId) (kind: MessageKind) (effects: Effects<'Id>) =
        [
            for effect in effects do
                match effect with
                | Send packet when packet.Header.Kind = kind -> (name packet.Header.Destination).Address
                | _ -> ()
        ]

    let private ofProbe (name: 'Id -> ModelId) (before: State<'Id>) effects =
        let failed =
            match before.Probe.Target with
            | ValueSome target when before.Probe.ReachedIndirect && not before.Probe.Answered ->
                let id = name target.Identity
                Some(id.Address, id.Generation, int target.Incarnation)
            | _ -> None

        match receivers name MessageKind.Ping effects with
        | [ target ] -> TraceStep.Probe(failed, target)
        | others -> failwith $"a probe pings one member, not {others}"

    let private ofIndirectProbe name (rules: Rules<'Id>) (before: State<'Id>) (probed: 'Id) effects =
        let isProbed (target: MemberRecord<'Id>) = rules.Identities.SameIdentity(target.Identity, probed)

        if
            ValueOption.exists isProbed before.Probe.Target
            && not before.Probe.Answered
            && MemberTable.isActive rules.Identities probed before.Members
        then
            TraceStep.SendIndirectProbe((name probed).Address, receivers name MessageKind.PingReq effects)
        else
            TraceStep.Nothing

    let private ofExpiry name (rules: Rules<'Id>) (before: State<'Id>) (suspect: 'Id) incarnation token =
        let stands =
            match MemberTable.tryFind rules.Identities suspect before.Members with
            | ValueSome known ->
                known.Status = MemberStatus.Suspect
                && known.Incarnation = incarnation
                && rules.Identities.SameIdentity(known.Identity, suspect)
            | ValueNone -> false

        // One that has to be set again stays out (R12.11).
        if stands && (token <> before.Token || before.Connection <> ConnectionState.Active) then
            TraceStep.Nothing
        else
            let id: ModelId = name suspect
            TraceStep.Expire(id.Address, id.Generation, int incarnation)

    let private ofTombstone (name: 'Id -> ModelId) (before: State<'Id>) sequence =
        let ring = before.Tombstones.Ring

        Seq.init ring.Count (fun slot -> ring[slot])
        |> Seq.tryFind (fun stone -> stone.Standing && stone.Sequence = sequence)
        |> Option.map (fun stone -> TraceStep.Unbury((name stone.Identity).Address))
        |> Option.defaultValue TraceStep.Nothing

    let private ofTimer name (rules: Rules<'Id>) (before: State<'Id>) (timer: Timer<'Id>) effects =
        let isActive = before.Connection = ConnectionState.Active

        let unless (isIdle: bool) (step: unit -> TraceStep) = if isIdle then TraceStep.Nothing else step ()

        match timer with
        | ProbeRandomMember token ->
            unless (token <> before.Token || not isActive) (fun () -> ofProbe name before effects)
        | SendIndirectProbe(probed, token) ->
            unless (token <> before.Token) (fun () -> ofIndirectProbe name rules before probed effects)
        | ChangeSuspectToDown(suspect, incarnation, _, token) ->
            ofExpiry name rules before suspect incarnation token
        | PeriodicAnnounce token ->
            unless (token <> before.Token || not isActive) (fun () ->
                TraceStep.AnnounceTo(receivers name MessageKind.Announce effects))
        | PeriodicAnnounceDown token ->
            unless (token <> before.Token || before.Connection = ConnectionState.Defunct) (fun () ->
                TraceStep.AnnounceDown(receivers name MessageKind.Announce effects))
        | PeriodicGossip token ->
            unless (token <> before.Token || not isActive) (fun () ->
                TraceStep.Gossip(receivers name MessageKind.Gossip effects))
        | RemoveDown(identity, incarnation) ->
            let id = name identity
            TraceStep.Forget(id.Address, id.Generation, int incarnation)
        | RemoveTombstone sequence -> ofTombstone name before sequence
        | ResetRenewals
        | ResetReminders
        | SendNack _
        | AskDown _ -> TraceStep.Nothing

    /// The step of the model. What was chosen at random is read off what was sent; all else follows from the
    /// event and the state before it.
    let ofStep (name: 'Id -> ModelId) (rules: Rules<'Id>) (before: State<'Id>) event effects : TraceStep =
        let refused = before.HasLeft

        match event with
        | PacketReceived _ -> TraceStep.Receive
        | TimerFired timer -> ofTimer name rules before timer effects
        | AnnounceTo _
        | GossipNow when refused -> TraceStep.Nothing
        | AnnounceTo destination -> TraceStep.Announce(name destination)
        | GossipNow -> TraceStep.Gossip(receivers name MessageKind.Gossip effects)
        | LeaveCluster -> TraceStep.Leave
        | ReuseDownIdentity when before.Connection <> ConnectionState.Defunct -> TraceStep.Nothing
        | ReuseDownIdentity -> TraceStep.Reuse
        | ChangeIdentity identity when rules.Identities.SameIdentity(before.Identity, identity) ->
            TraceStep.Nothing
        | ChangeIdentity identity -> TraceStep.Assume(name identity)
        | BroadcastNow
        | ApplyMany _
        | HealthObserved _
        | BroadcastAccepted _
        | BroadcastsHandled -> failwith $"%A{event} is not in the model"
