namespace Swim.Core

open System
open Swim

/// Packets and batches of updates (R3.4, R9).
[<RequireQualifiedAccess>]
module internal Receiving =

    /// R13.5: whether an identity at our address wins over ours, which does not know of it yet.
    let private isNewerThanOurs (step: StepContext<'Id>) (identity: 'Id) =
        step.State.Connection <> ConnectionState.Defunct
        && step.Identities.WinsAddressConflict(identity, step.State.Identity)

    /// R3.4: one update about any member. A record that claims our address is an identity that we gave up, or an
    /// impostor: Down, whatever its status says. If it is newer than ours, we renew (R13.5).
    let private merge (step: StepContext<'Id>) (origin: UpdateOrigin) (record: inref<MemberRecord<'Id>>) =
        if step.IsOurs record.Identity then
            OwnIdentity.update step record.Incarnation record.Status
        elif step.IsAtOurAddress record.Identity then
            let mayFollow = not step.DownIsFinal && isNewerThanOurs step record.Identity

            // Ours is above the rival's after this, so others learn of ours, and nothing of the rival.
            let isClaimed = mayFollow && OwnIdentity.claimed step record

            let origin =
                if origin.Disseminates && not isClaimed then
                    UpdateOrigin.identityChange
                else
                    UpdateOrigin.knownIdentityChange

            let departed = step.Departed record.Identity
            Merging.update step origin &departed |> ignore
        else
            Merging.update step origin &record |> ignore

    /// R3.4.
    let applyMany
        (step: StepContext<'Id>)
        (origin: UpdateOrigin)
        (updates: ArraySegment<MemberRecord<'Id>>)
        : unit =
        for index in 0 .. updates.Count - 1 do
            let record = updates[index]
            merge step origin &record

        ConnectionRules.adjust step ChangeCause.Gossip

    /// R9.4: whether the sender is active once its header is applied. R12.7: a forgotten member
    /// whose identity cannot renew has no other way back than to announce itself.
    let private hearSender (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) : bool =
        let origin =
            if header.Kind = MessageKind.Announce && (step.Identities.Renew header.Source).IsNone then
                UpdateOrigin.announce
            else
                UpdateOrigin.gossip

        let record = MemberRecord.alive header.Source header.SourceIncarnation
        (Merging.update step origin &record).IsActive

    /// R5.3, R13.3: obeys a TurnUndead. Returns whether we have another identity or incarnation because of it.
    let private obey (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) : bool =
        let identity = step.State.Identity
        let incarnation = step.State.Incarnation
        OwnIdentity.obey step packet.Updates
        not (step.IsOurs identity) || step.State.Incarnation <> incarnation

    /// R9.4: the sender is Down here, so its updates are not believed. R12.4: a TurnUndead is answered with one
    /// only by a member that took a new identity or incarnation because of it.
    let private distrust (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) =
        let mayAnswer = packet.Header.Kind <> MessageKind.TurnUndead || obey step &packet

        if step.Rules.Config.NotifyDownMembers && mayAnswer && not step.State.HasLeft then
            Sending.sendTurnUndead step packet.Header.Source

    /// R12.6: a member that left answers with its own Down and nothing else.
    let private answerAsLeft (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) =
        match header.Kind with
        | MessageKind.Ping
        | MessageKind.PingReq
        | MessageKind.IndirectPing
        | MessageKind.Announce -> Sending.sendOwnDown step header.Source
        | _ -> ()

    let private answerAsActive (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) =
        let source = header.Source
        let named = header.Named
        let number = header.ProbeNumber

        match header.Kind with
        | MessageKind.Ping -> Sending.send step source (Message.ack number)
        | MessageKind.Ack ->
            Health.hear step &header
            Probing.acknowledge step source number
        | MessageKind.Nack ->
            Health.hear step &header
            Probing.hearNack step source number
        | MessageKind.PingReq -> Helping.ping step source named number
        | MessageKind.IndirectPing -> Sending.send step source (Message.indirectAck named number)
        | MessageKind.IndirectAck -> Helping.forward step source named number
        | MessageKind.ForwardedAck -> Probing.acknowledgeForwarded step source named number
        | MessageKind.Announce -> Sending.send step source Message.feed
        | MessageKind.TurnUndead -> OwnIdentity.declaredDown step
        | _ -> ()

    /// R9.6: answers the message.
    let answer (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) : unit =
        if step.State.HasLeft then
            answerAsLeft step &header
        elif step.State.Connection = ConnectionState.Active then
            answerAsActive step &header

    /// R9.5, R9.6: the answer waits for the broadcast handler if the packet has custom broadcasts.
    let private offerBroadcasts (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) =
        if packet.Broadcasts.Count = 0 then
            answer step &packet.Header
        else
            for index in 0 .. packet.Broadcasts.Count - 1 do
                step.Emit(OfferBroadcast(packet.Header.Source, packet.Broadcasts[index]))

            step.Change().PendingReply <- ValueSome packet.Header

    /// R9.3: whether the packet is meant for us. To announce it is enough to know our address.
    let private isForUs (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) =
        step.IsOurs header.Destination
        || (header.Kind = MessageKind.Announce && step.IsAtOurAddress header.Destination)

    /// R9.3: whether the third member of an indirect message is at our address: under this identity, or under
    /// one that we gave up, it is us.
    let private namesUs (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) =
        header.NamesMember && step.IsAtOurAddress header.Named

    /// R13.6: a packet for another identity at our address. A caller that has our old name missed our renewal, and
    /// would declare us Down, so it is told who we are now.
    let private remind (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) =
        let claims = step.State.Claims
        let source = packet.Header.Source
        let isSource other = step.Identities.SameAddress(other, source)

        if
            not step.DownIsFinal
            && step.State.Connection <> ConnectionState.Defunct
            && step.IsAtOurAddress packet.Header.Destination
            && List.length claims.Reminded < AddressClaims.MaxReminders
            && not (List.exists isSource claims.Reminded)
            && Sending.sendReminder step &packet
        then
            if claims.Reminded.IsEmpty then
                step.Schedule(ResetReminders, AddressClaims.ReminderWindow)

            step.Change().Claims <- { claims with Reminded = source :: claims.Reminded }

    /// R13.6: senders may be reminded again.
    let resetReminders (step: StepContext<'Id>) : unit =
        let claims = step.State.Claims

        if not claims.Reminded.IsEmpty then
            step.Change().Claims <- { claims with Reminded = [] }

    /// R9.5: the payload of a packet whose sender is active.
    let private believe (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) =
        // R13.4: the record of a TurnUndead is about us, and no update of the table.
        let isReason = packet.Header.Kind = MessageKind.TurnUndead && not step.DownIsFinal
        applyMany step UpdateOrigin.gossip (if isReason then ArraySegment.Empty else packet.Updates)

        if step.IsOurs packet.Header.Destination then
            ConnectionRules.acknowledge step

        if not isReason then
            offerBroadcasts step &packet
        elif step.State.Connection = ConnectionState.Active && obey step &packet then
            // R13.3: the teller is among the first to know.
            Sending.send step packet.Header.Source Message.gossip

    /// R9.2 to R9.6: a decoded packet.
    let receive (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) : unit =
        let header = &packet.Header

        if step.IsAtOurAddress header.Source then
            step.Report SwimError.DataFromOurselves
        elif not (isForUs step &header) then
            remind step &packet
        elif namesUs step &header then
            // Checked before anything is applied, so that the error leaves the state as it was.
            step.Report SwimError.IndirectForOurselves
        elif not (hearSender step &header) then
            distrust step &packet
        else
            believe step &packet
