namespace Swim.Core

open System
open Swim

/// Packets and batches of updates (R3.4, R9).
[<RequireQualifiedAccess>]
module internal Receiving =

    /// R3.4: one update about any member. A record that claims our address is an identity that we gave up, or an
    /// impostor: Down, whatever its status says.
    let private merge (step: StepContext<'Id>) (origin: UpdateOrigin) (record: inref<MemberRecord<'Id>>) =
        if step.IsOurs record.Identity then
            OwnIdentity.update step record.Incarnation record.Status
        elif step.IsAtOurAddress record.Identity then
            let origin =
                if origin.Disseminates then
                    UpdateOrigin.identityChange
                else
                    UpdateOrigin.knownIdentityChange

            let down = MemberRecord.down record.Identity
            Merging.update step origin &down |> ignore
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

    /// R9.4: the sender is Down here, so its updates are not believed. R12.4: a TurnUndead is answered with one
    /// only by a member that took a new identity because of it.
    let private distrust (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) =
        let before = step.State.Identity
        let isTurnUndead = (header.Kind = MessageKind.TurnUndead)

        if isTurnUndead then
            OwnIdentity.declaredDown step

        let mayAnswer = not isTurnUndead || not (step.IsOurs before)

        if step.Rules.Config.NotifyDownMembers && mayAnswer && not step.State.HasLeft then
            Sending.send step header.Source Message.turnUndead

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
        | MessageKind.Ack -> Probing.acknowledge step source number
        | MessageKind.PingReq -> Sending.sendPing step named (Message.indirectPing source number)
        | MessageKind.IndirectPing -> Sending.send step source (Message.indirectAck named number)
        | MessageKind.IndirectAck -> Sending.send step named (Message.forwardedAck source number)
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

    /// R9.2 to R9.6: a decoded packet.
    let receive (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) : unit =
        let header = &packet.Header

        if step.IsAtOurAddress header.Source then
            step.Report SwimError.DataFromOurselves
        elif not (isForUs step &header) then
            ()
        elif namesUs step &header then
            // Checked before anything is applied, so that the error leaves the state as it was.
            step.Report SwimError.IndirectForOurselves
        elif not (hearSender step &header) then
            distrust step &header
        else
            applyMany step UpdateOrigin.gossip packet.Updates

            if step.IsOurs header.Destination then
                ConnectionRules.acknowledge step

            offerBroadcasts step &packet
