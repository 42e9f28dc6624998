namespace Swim.Core

open System
open Swim

/// The protocol as a function: the same rules, state and event give the same state and effects on every machine.
[<RequireQualifiedAccess>]
module Protocol =

    /// The size of the largest custom broadcast that a `Gossip` of this member can carry, in bytes; less than 1
    /// if none can (R8.7).
    let maxBroadcastSize (rules: Rules<'Id>) (state: State<'Id>) : int =
        let header =
            {
                Source = state.Identity
                SourceIncarnation = state.Incarnation
                Destination = state.Identity
                Kind = MessageKind.Gossip
                Named = Unchecked.defaultof<'Id>
                ProbeNumber = 0u
                Health = 0uy
            }

        rules.Config.MaxPacketSize
        - rules.Sizes.HeaderSize &header
        - Rules.UpdatesOverhead
        - Rules.BroadcastOverhead

    let private acceptBroadcast (step: StepContext<'Id>) (state: State<'Id>) key (payload: Payload) =
        if payload.Length = 0 then
            step.Report SwimError.MalformedPacket
        elif payload.Length > maxBroadcastSize step.Rules state then
            step.Report SwimError.DataTooBig
        else
            UpdateQueue.enqueueBroadcast step key payload

    let private fire (step: StepContext<'Id>) (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token -> Probing.probeRandomMember step token
        | SendIndirectProbe(probed, token) -> Probing.sendIndirect step probed token
        | ChangeSuspectToDown(suspect, incarnation, confirmations, token) ->
            Merging.expire step suspect incarnation confirmations token
        | PeriodicAnnounce token -> PeriodicTasks.announce step token
        | PeriodicAnnounceDown token -> PeriodicTasks.announceDown step token
        | PeriodicGossip token -> PeriodicTasks.gossip step token
        | RemoveDown(identity, incarnation) -> Merging.forget step identity incarnation
        | RemoveTombstone sequence -> Merging.expireTombstone step sequence
        | ResetRenewals -> OwnIdentity.resetRenewals step
        | ResetReminders -> Receiving.resetReminders step
        | SendNack(origin, number) -> Helping.giveUp step origin number
        | AskDown sequence -> AskingDown.fire step sequence

    /// R12.6: a member that left sends nothing of its own accord.
    let private unlessLeft (step: StepContext<'Id>) (operation: StepContext<'Id> -> unit) =
        if step.State.HasLeft then
            step.Report SwimError.NotConnected
        else
            operation step

    /// R9.6: answers the packet whose custom broadcasts the handler has judged.
    let private completeReply (step: StepContext<'Id>) =
        match step.State.PendingReply with
        | ValueSome header ->
            step.Change().PendingReply <- ValueNone
            Receiving.answer step &header
        | ValueNone -> ()

    let private handle (step: StepContext<'Id>) (state: State<'Id>) (event: inref<Event<'Id>>) =
        match event with
        | PacketReceived packet -> Receiving.receive step &packet
        | TimerFired timer -> fire step timer
        | AnnounceTo destination ->
            unlessLeft step (fun step -> Sending.send step destination Message.announce)
        | GossipNow -> unlessLeft step Sending.gossip
        | BroadcastNow -> unlessLeft step Sending.broadcast
        | LeaveCluster -> OwnIdentity.leave step
        | ChangeIdentity next -> OwnIdentity.changeIdentity step next
        | ReuseDownIdentity -> OwnIdentity.reuseDownIdentity step
        | ApplyMany(updates, disseminate) ->
            Receiving.applyMany step (if disseminate then UpdateOrigin.gossip else UpdateOrigin.known) updates
        | HealthObserved isHealthy -> Health.observe step isHealthy
        | BroadcastAccepted(key, payload) -> acceptBroadcast step state key payload
        | BroadcastsHandled -> completeReply step

    /// Takes a step in this working copy.
    let internal stepIn
        (step: StepContext<'Id>)
        (rules: Rules<'Id>)
        (state: State<'Id>)
        (event: inref<Event<'Id>>)
        : struct (State<'Id> * Effects<'Id>) =
        step.Begin(rules, state)

        // R9.5: another event than the answer of the handler completes the pending reply first.
        if not (event.IsBroadcastAccepted || event.IsBroadcastsHandled) then
            completeReply step

        handle step state &event
        step.Finish()

    /// One step of one member: the state after `event`, and the effects, in order. The cost depends on the
    /// event, not on the number of members. The step itself never throws, whatever the event. An exception of
    /// the user's code that it calls (identity operations, sizes, broadcast filter, keys) passes through to the
    /// caller, and `state` stays as it was.
    let step
        (rules: Rules<'Id>)
        (state: State<'Id>)
        (event: Event<'Id>)
        : struct (State<'Id> * Effects<'Id>) =
        stepIn (StepContext<'Id>()) rules state &event
