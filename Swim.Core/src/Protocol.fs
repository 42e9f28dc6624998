namespace Swim.Core

/// The protocol is a function: the same state and event give the same state and effects, on every
/// machine.
[<RequireQualifiedAccess>]
module Protocol =

    /// The largest custom broadcast that a `Gossip` of this member can carry, in bytes (R8.7). Less
    /// than 1 if none can.
    let maxBroadcastSize (rules: Rules<'Id>) (state: State<'Id>) : int =
        let header =
            {
                Source = state.Identity
                SourceIncarnation = state.Incarnation
                Destination = state.Identity
                Message = Gossip
            }

        rules.Config.MaxPacketSize
        - rules.Sizes.HeaderSize &header
        - Rules.UpdatesOverhead
        - Rules.BroadcastOverhead

    let private acceptBroadcast (draft: Draft<'Id>) (state: State<'Id>) key (payload: Payload) =
        if payload.Length = 0 then
            draft.Report SwimError.MalformedPacket
        elif payload.Length > maxBroadcastSize draft.Rules state then
            draft.Report SwimError.DataTooBig
        else
            Dissemination.enqueueBroadcast draft key payload

    let private fire (draft: Draft<'Id>) (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token -> Probing.probeRandomMember draft token
        | SendIndirectProbe(probed, token) -> Probing.sendIndirect draft probed token
        | ChangeSuspectToDown(suspect, incarnation, token) -> Apply.expire draft suspect incarnation token
        | PeriodicAnnounce token -> PeriodicTask.announce draft token
        | PeriodicAnnounceDown token -> PeriodicTask.announceDown draft token
        | PeriodicGossip token -> PeriodicTask.gossip draft token
        | RemoveDown identity -> Apply.forget draft identity
        | RemoveTombstone sequence -> Apply.expireTombstone draft sequence

    /// R12.6: a member that left sends nothing of its own accord.
    let private unlessLeft (draft: Draft<'Id>) (operation: Draft<'Id> -> unit) =
        if draft.HasLeft then draft.Report SwimError.NotConnected else operation draft

    /// R9.6: answers the packet whose broadcasts the handler has looked at.
    let private completeReply (draft: Draft<'Id>) =
        match draft.PendingReply with
        | Some header ->
            draft.PendingReply <- None
            Receiving.answer draft &header
        | None -> ()

    /// A step that takes a packet, without an event to carry it.
    let internal receive
        (rules: Rules<'Id>)
        (state: State<'Id>)
        (packet: inref<Packet<'Id>>)
        : struct (State<'Id> * Effects<'Id>) =
        let draft = Draft.start rules state
        completeReply draft
        Receiving.receive draft &packet
        draft.Finish()

    /// One step of one member: what it is after `event`, and what it wants done, in order. Never
    /// throws, whatever the event; the cost depends on the event, not on the number of members.
    let step
        (rules: Rules<'Id>)
        (state: State<'Id>)
        (event: Event<'Id>)
        : struct (State<'Id> * Effects<'Id>) =
        let draft = Draft.start rules state

        // An event that comes instead of the handler's answer does not lose the reply.
        match event with
        | BroadcastAccepted _
        | BroadcastsHandled -> ()
        | _ -> completeReply draft

        match event with
        | PacketReceived packet -> Receiving.receive draft &packet
        | TimerFired timer -> fire draft timer
        | AnnounceTo destination ->
            unlessLeft draft (fun draft -> Dissemination.send draft destination Announce)
        | GossipNow -> unlessLeft draft Dissemination.gossip
        | BroadcastNow -> unlessLeft draft Dissemination.broadcast
        | LeaveCluster -> Ourselves.leave draft
        | ChangeIdentity identity -> Ourselves.changeIdentity draft identity
        | ReuseDownIdentity -> Ourselves.reuseDownIdentity draft
        | ApplyMany(updates, broadcast) -> Receiving.applyMany draft updates broadcast
        | BroadcastAccepted(key, payload) -> acceptBroadcast draft state key payload
        | BroadcastsHandled -> completeReply draft

        draft.Finish()
