namespace Swim.Core

open System

/// Packets and batches of updates (R3.4, R9).
[<RequireQualifiedAccess>]
module internal Receiving =

    /// R3.4: one update about whomever. What claims our address is an identity that we gave up, or an
    /// impostor: Down, whatever it says.
    let private merge (draft: Draft<'Id>) (record: Member<'Id>) disseminate =
        if draft.IsOurs record.Identity then
            Ourselves.update draft record.Incarnation record.Status
        elif draft.Identities.SameAddress(draft.Identity, record.Identity) then
            Apply.update draft (Member.down record.Identity) disseminate false |> ignore
        else
            Apply.update draft record disseminate false |> ignore

    /// R3.4.
    let applyMany (draft: Draft<'Id>) (updates: ArraySegment<Member<'Id>>) disseminate : unit =
        for index in 0 .. updates.Count - 1 do
            merge draft updates[index] disseminate

        Connecting.adjust draft

    /// R9.4: whether the sender is active once its own word is applied. R12.7: a forgotten member
    /// whose identity cannot renew has no other way back than to announce itself.
    let private hearSender (draft: Draft<'Id>) (header: inref<Header<'Id>>) : bool =
        let mayReturn = header.Message.IsAnnounce && (draft.Identities.Renew header.Source).IsNone

        let sender = Member.alive header.Source header.SourceIncarnation
        (Apply.update draft sender true mayReturn).IsActive

    /// R9.4: the sender is Down here, so nothing that it says of others is trusted. R12.4: a
    /// TurnUndead is answered with one only by a member that took a new identity because of it.
    let private distrust (draft: Draft<'Id>) (header: inref<Header<'Id>>) =
        let before = draft.Identity
        let isTurnUndead = header.Message.IsTurnUndead

        if isTurnUndead then
            Ourselves.declaredDown draft

        let mayAnswer = not isTurnUndead || not (draft.IsOurs before)

        if draft.Config.NotifyDownMembers && mayAnswer && not draft.HasLeft then
            Dissemination.send draft header.Source TurnUndead

    /// R12.6: a member that left tells whoever asks that it is Down, and nothing else.
    let private answerAsLeft (draft: Draft<'Id>) (header: inref<Header<'Id>>) =
        match header.Message with
        | Ping _
        | PingReq _
        | IndirectPing _
        | Announce -> Dissemination.sendOwnDown draft header.Source
        | _ -> ()

    let private answerAsActive (draft: Draft<'Id>) (header: inref<Header<'Id>>) =
        let source = header.Source

        match header.Message with
        | Ping number -> Dissemination.send draft source (Ack number)
        | Ack number -> Probing.acknowledge draft source number
        | PingReq(target, number) -> Dissemination.sendPing draft target (IndirectPing(source, number))
        | IndirectPing(origin, number) -> Dissemination.send draft source (IndirectAck(origin, number))
        | IndirectAck(target, number) -> Dissemination.send draft target (ForwardedAck(source, number))
        | ForwardedAck(origin, number) -> Probing.acknowledgeForwarded draft source origin number
        | Announce -> Dissemination.send draft source Feed
        | TurnUndead -> Ourselves.declaredDown draft
        | Feed
        | Gossip
        | Broadcast -> ()

    /// R9.6: reacts to the message itself.
    let answer (draft: Draft<'Id>) (header: inref<Header<'Id>>) : unit =
        if draft.HasLeft then
            answerAsLeft draft &header
        elif draft.Connection = Connection.Active then
            answerAsActive draft &header

    /// R9.5, R9.6: the reply waits for the broadcast handler if it has anything to look at.
    let private offerBroadcasts (draft: Draft<'Id>) (packet: inref<Packet<'Id>>) =
        if packet.Broadcasts.Count = 0 then
            answer draft &packet.Header
        else
            for index in 0 .. packet.Broadcasts.Count - 1 do
                draft.Emit(OfferBroadcast(packet.Header.Source, packet.Broadcasts[index]))

            draft.PendingReply <- Some packet.Header

    /// R9.3: whether the packet is meant for us. To announce it is enough to know our address.
    let private isForUs (draft: Draft<'Id>) (header: inref<Header<'Id>>) =
        draft.IsOurs header.Destination
        || (header.Message.IsAnnounce
            && draft.Identities.SameAddress(draft.Identity, header.Destination))

    /// Whether the third member of an indirect message is at our address: under this identity, or under
    /// one that we gave up, it is us.
    let private namesUs (draft: Draft<'Id>) (message: Message<'Id>) =
        match Message.named message with
        | ValueSome named -> draft.Identities.SameAddress(draft.Identity, named)
        | ValueNone -> false

    /// R9.2 to R9.6: a decoded packet.
    let receive (draft: Draft<'Id>) (packet: inref<Packet<'Id>>) : unit =
        let header = &packet.Header

        if draft.IsOurs header.Source || draft.Identities.SameAddress(draft.Identity, header.Source) then
            draft.Report SwimError.DataFromOurselves
        elif not (isForUs draft &header) then
            ()
        elif namesUs draft header.Message then
            // Checked before anything is applied, so that the error leaves the state as it was.
            draft.Report SwimError.IndirectForOurselves
        elif not (hearSender draft &header) then
            distrust draft &header
        else
            applyMany draft packet.Updates true

            if draft.IsOurs header.Destination then
                Connecting.acknowledge draft

            offerBroadcasts draft &packet
