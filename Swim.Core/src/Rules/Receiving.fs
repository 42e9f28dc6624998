namespace Swim.Core

open System

/// Packets and batches of updates (R3.4, R9).
[<RequireQualifiedAccess>]
module internal Receiving =

    /// R3.4: one update about whomever. What claims our address is an identity that we gave up, or an
    /// impostor: Down, whatever it says.
    let private merge (step: StepContext<'Id>) (record: Member<'Id>) disseminate =
        if step.IsOurs record.Identity then
            OwnIdentity.update step record.Incarnation record.Status
        elif step.Identities.SameAddress(step.Identity, record.Identity) then
            Merging.update step (Member.down record.Identity) disseminate false |> ignore
        else
            Merging.update step record disseminate false |> ignore

    /// R3.4.
    let applyMany (step: StepContext<'Id>) (updates: ArraySegment<Member<'Id>>) disseminate : unit =
        for index in 0 .. updates.Count - 1 do
            merge step updates[index] disseminate

        ConnectionRules.adjust step

    /// R9.4: whether the sender is active once its own word is applied. R12.7: a forgotten member
    /// whose identity cannot renew has no other way back than to announce itself.
    let private hearSender (step: StepContext<'Id>) (header: inref<Header<'Id>>) : bool =
        let mayReturn = header.Message.IsAnnounce && (step.Identities.Renew header.Source).IsNone

        let sender = Member.alive header.Source header.SourceIncarnation
        (Merging.update step sender true mayReturn).IsActive

    /// R9.4: the sender is Down here, so nothing that it says of others is trusted. R12.4: a
    /// TurnUndead is answered with one only by a member that took a new identity because of it.
    let private distrust (step: StepContext<'Id>) (header: inref<Header<'Id>>) =
        let before = step.Identity
        let isTurnUndead = header.Message.IsTurnUndead

        if isTurnUndead then
            OwnIdentity.declaredDown step

        let mayAnswer = not isTurnUndead || not (step.IsOurs before)

        if step.Config.NotifyDownMembers && mayAnswer && not step.HasLeft then
            Sending.send step header.Source TurnUndead

    /// R12.6: a member that left tells whoever asks that it is Down, and nothing else.
    let private answerAsLeft (step: StepContext<'Id>) (header: inref<Header<'Id>>) =
        match header.Message with
        | Ping _
        | PingReq _
        | IndirectPing _
        | Announce -> Sending.sendOwnDown step header.Source
        | _ -> ()

    let private answerAsActive (step: StepContext<'Id>) (header: inref<Header<'Id>>) =
        let source = header.Source

        match header.Message with
        | Ping number -> Sending.send step source (Ack number)
        | Ack number -> Probing.acknowledge step source number
        | PingReq(target, number) -> Sending.sendPing step target (IndirectPing(source, number))
        | IndirectPing(origin, number) -> Sending.send step source (IndirectAck(origin, number))
        | IndirectAck(target, number) -> Sending.send step target (ForwardedAck(source, number))
        | ForwardedAck(origin, number) -> Probing.acknowledgeForwarded step source origin number
        | Announce -> Sending.send step source Feed
        | TurnUndead -> OwnIdentity.declaredDown step
        | Feed
        | Gossip
        | Broadcast -> ()

    /// R9.6: reacts to the message itself.
    let answer (step: StepContext<'Id>) (header: inref<Header<'Id>>) : unit =
        if step.HasLeft then
            answerAsLeft step &header
        elif step.Connection = Connection.Active then
            answerAsActive step &header

    /// R9.5, R9.6: the reply waits for the broadcast handler if it has anything to look at.
    let private offerBroadcasts (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) =
        if packet.Broadcasts.Count = 0 then
            answer step &packet.Header
        else
            for index in 0 .. packet.Broadcasts.Count - 1 do
                step.Emit(OfferBroadcast(packet.Header.Source, packet.Broadcasts[index]))

            step.PendingReply <- Some packet.Header

    /// R9.3: whether the packet is meant for us. To announce it is enough to know our address.
    let private isForUs (step: StepContext<'Id>) (header: inref<Header<'Id>>) =
        step.IsOurs header.Destination
        || (header.Message.IsAnnounce
            && step.Identities.SameAddress(step.Identity, header.Destination))

    /// Whether the third member of an indirect message is at our address: under this identity, or under
    /// one that we gave up, it is us.
    let private namesUs (step: StepContext<'Id>) (message: Message<'Id>) =
        match Message.named message with
        | ValueSome named -> step.Identities.SameAddress(step.Identity, named)
        | ValueNone -> false

    /// R9.2 to R9.6: a decoded packet.
    let receive (step: StepContext<'Id>) (packet: inref<Packet<'Id>>) : unit =
        let header = &packet.Header

        if step.IsOurs header.Source || step.Identities.SameAddress(step.Identity, header.Source) then
            step.Report SwimError.DataFromOurselves
        elif not (isForUs step &header) then
            ()
        elif namesUs step header.Message then
            // Checked before anything is applied, so that the error leaves the state as it was.
            step.Report SwimError.IndirectForOurselves
        elif not (hearSender step &header) then
            distrust step &header
        else
            applyMany step packet.Updates true

            if step.IsOurs header.Destination then
                ConnectionRules.acknowledge step

            offerBroadcasts step &packet
