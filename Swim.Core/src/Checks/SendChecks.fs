namespace Swim.Core

open Swim


/// Checks of the packets that a step sends.
[<RequireQualifiedAccess>]
module internal SendChecks =

    let private same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    let inline private forAllPackets
        (seen: Observation<'Id>)
        ([<InlineIfLambda>] holds: Packet<'Id> -> bool)
        =
        let mutable index = 0
        let mutable isGood = true

        while isGood && index < seen.Effects.Count do
            match seen.Effects[index] with
            | Send packet -> isGood <- holds packet
            | _ -> ()

            index <- index + 1

        isGood

    let private isQuiet (seen: Observation<'Id>) = seen.Before.PendingReply.IsNone

    // A packet may declare us Down more than once, each time under the identity that we just took.
    let private isInterim (seen: Observation<'Id>) (identity: 'Id) =
        let mutable index = 0

        let isIt effect =
            match effect with
            | Notify event -> event.Kind = SwimEventKind.Rejoined && same seen event.Identity identity
            | _ -> false

        while index < seen.Effects.Count && not (isIt seen.Effects[index]) do
            index <- index + 1

        index < seen.Effects.Count

    /// R5.2: each packet carries our identity and incarnation at the time, which makes it a refutation.
    let headersAreCurrent (seen: Observation<'Id>) =
        let isTrue (packet: Packet<'Id>) =
            let header = packet.Header
            let isFormer = same seen header.Source seen.Before.Identity
            let isCurrent = same seen header.Source seen.After.Identity

            if isFormer && isCurrent then
                header.SourceIncarnation >= min seen.Before.Incarnation seen.After.Incarnation
                && header.SourceIncarnation <= max seen.Before.Incarnation seen.After.Incarnation
            elif isCurrent then
                header.SourceIncarnation <= seen.After.Incarnation
            elif isFormer then
                header.SourceIncarnation >= seen.Before.Incarnation
            else
                isInterim seen header.Source

        not (isQuiet seen) || forAllPackets seen isTrue

    /// R8.5: an Announce carries nothing, a TurnUndead nothing but its reason (R13.4), a Broadcast no updates, and a
    /// Feed active members other than its receiver.
    let messagesCarryWhatTheyMay (seen: Observation<'Id>) =
        let carriesActiveOthers (packet: Packet<'Id>) =
            let mutable isGood = true

            for record in packet.Updates do
                let known = MemberTable.tryFind seen.Rules.Identities record.Identity seen.After.Members

                isGood <-
                    isGood
                    && MemberRecord.isActive record
                    && not (same seen record.Identity packet.Header.Destination)
                    && (match known with
                        | ValueSome known -> known = record
                        | ValueNone -> false)

            isGood

        // R13.4: the record at the receiver's address, or what is left of it.
        let saysWhy (packet: Packet<'Id>) =
            let receiver = packet.Header.Destination
            let record = packet.Updates[0]

            match MemberTable.tryFind seen.Rules.Identities receiver seen.After.Members with
            | ValueSome known -> known = record
            | ValueNone ->
                match Tombstones.tryFind seen.Rules.Identities receiver seen.After.Tombstones with
                | ValueSome stone -> record = MemberRecord.down stone.Identity stone.Incarnation
                | ValueNone -> false

        let reasons = if Observation.downIsFinal seen then 0 else 1

        not (isQuiet seen)
        || forAllPackets seen (fun packet ->
            match packet.Header.Kind with
            | MessageKind.Announce -> packet.Updates.Count = 0 && packet.Broadcasts.Count = 0
            | MessageKind.TurnUndead ->
                packet.Updates.Count = reasons
                && packet.Broadcasts.Count = 0
                && (reasons = 0 || saysWhy packet)
            | MessageKind.Broadcast -> packet.Updates.Count = 0
            | MessageKind.Feed -> carriesActiveOthers packet
            | _ -> true)

    /// Whether the event brought this record: a batch may change a record more than once, so that what a
    /// packet carries may be in neither state.
    let private isBroughtBy (seen: Observation<'Id>) (record: MemberRecord<'Id>) =
        let normal = MemberRecord.normal (Observation.downIsFinal seen)

        let isIn (updates: System.ArraySegment<MemberRecord<'Id>>) =
            let mutable index = 0

            while index < updates.Count && not (Observation.agree (normal updates[index]) record) do
                index <- index + 1

            index < updates.Count

        match seen.Event with
        | PacketReceived packet ->
            isIn packet.Updates
            || record = normal (MemberRecord.alive packet.Header.Source packet.Header.SourceIncarnation)
        | ApplyMany(updates, _) -> isIn updates
        | _ -> false

    let private isPending (state: State<'Id>) (record: MemberRecord<'Id>) =
        State.updatesBacklog state
        |> Seq.exists (fun struct (pending, _) -> Observation.agree pending record)

    let private isKnown (seen: Observation<'Id>) (state: State<'Id>) (record: MemberRecord<'Id>) =
        match MemberTable.tryFind seen.Rules.Identities record.Identity state.Members with
        | ValueSome known -> Observation.agree known record
        | ValueNone -> false

    /// R3.1: every update that a packet carries was pending, is known, or was just received.
    let updatesHaveASource (seen: Observation<'Id>) =
        let isTrue (record: MemberRecord<'Id>) =
            isKnown seen seen.After record
            || isKnown seen seen.Before record
            || record = Observation.departed seen seen.Before.Identity
            || record = Observation.departed seen seen.After.Identity
            || (record.Status = MemberStatus.Down
                && seen.Rules.Identities.SameAddress(record.Identity, seen.After.Identity))
            || isPending seen.Before record
            || isBroughtBy seen record

        not (isQuiet seen)
        || forAllPackets seen (fun packet ->
            let mutable index = 0

            while index < packet.Updates.Count && isTrue packet.Updates[index] do
                index <- index + 1

            packet.Header.Kind = MessageKind.TurnUndead || index = packet.Updates.Count)

    /// R5.3: an identity that the core takes by itself is a new one, which wins over the former.
    let rejoiningRenews (seen: Observation<'Id>) =
        let mutable isGood = true

        for index in 0 .. seen.Effects.Count - 1 do
            match seen.Effects[index] with
            | Notify event when event.Kind = SwimEventKind.Rejoined ->
                isGood <-
                    isGood
                    && not (same seen event.Identity seen.Before.Identity)
                    && seen.Rules.Identities.WinsAddressConflict(event.Identity, seen.Before.Identity)
            | _ -> ()

        isGood

    /// R9.2: no packet goes to our own address, unless the caller asked for it.
    let noPacketGoesToOurAddress (seen: Observation<'Id>) =
        seen.Event.IsAnnounceTo
        || not (same seen seen.Before.Identity seen.After.Identity)
        || forAllPackets seen (fun packet ->
            not (seen.Rules.Identities.SameAddress(packet.Header.Destination, seen.After.Identity)))

    let private sends (seen: Observation<'Id>) (destination: 'Id) (message: Message<'Id>) =
        not (
            forAllPackets seen (fun packet ->
                not (
                    same seen packet.Header.Destination destination
                    && Message.ofHeader packet.Header = message
                ))
        )

    /// R8.5: each message is answered as it must be, to the right member.
    let messagesAreAnswered (seen: Observation<'Id>) =
        match ReceiveChecks.packet seen with
        | ValueSome packet when
            packet.Broadcasts.Count = 0
            && not seen.Before.HasLeft
            && seen.After.Connection = ConnectionState.Active
            && same seen seen.Before.Identity seen.After.Identity
            && ReceiveChecks.isForUs seen packet.Header
            && ReceiveChecks.isFromActive seen packet.Header
            ->
            let source = packet.Header.Source
            let named = packet.Header.Named
            let number = packet.Header.ProbeNumber

            match packet.Header.Kind with
            | MessageKind.Ping -> sends seen source (Message.ack number)
            | MessageKind.PingReq -> sends seen named (Message.indirectPing source number)
            | MessageKind.IndirectPing -> sends seen source (Message.indirectAck named number)
            | MessageKind.IndirectAck -> sends seen named (Message.forwardedAck source number)
            | MessageKind.Announce -> sends seen source Message.feed
            | _ -> true
        | _ -> true

    /// R12.14: each ping to a Suspect member tells it that it is suspected.
    let suspectsAreTold (seen: Observation<'Id>) =
        let isTold (packet: Packet<'Id>) =
            match MemberTable.tryFind seen.Rules.Identities packet.Header.Destination seen.After.Members with
            | ValueSome known when
                known.Status = MemberStatus.Suspect && same seen known.Identity packet.Header.Destination
                ->
                packet.Updates |> Seq.exists (Observation.agree known)
            | _ -> true

        not (isQuiet seen)
        || not seen.Rules.Config.NotifySuspects
        || forAllPackets seen (fun packet ->
            match packet.Header.Kind with
            | MessageKind.Ping
            | MessageKind.IndirectPing -> isTold packet
            | _ -> true)

    /// R6.1: a member that leaves disseminates it, if any other member is active.
    let leavingIsDisseminated (seen: Observation<'Id>) =
        not seen.Event.IsLeaveCluster
        || seen.Before.HasLeft
        || not (isQuiet seen)
        || seen.Before.Members.ActiveCount = 0
        || not (forAllPackets seen (fun packet -> not (packet.Header.Kind = MessageKind.Gossip)))

    /// R9.4, R12.4: a sender that is Down here is told so, unless it sent a TurnUndead that gave us neither another
    /// identity nor another incarnation.
    let downSendersAreTold (seen: Observation<'Id>) =
        match ReceiveChecks.packet seen with
        | ValueSome packet when
            ReceiveChecks.isForUs seen packet.Header
            && not (ReceiveChecks.isFromActive seen packet.Header)
            ->
            let isRenewed =
                not (same seen seen.Before.Identity seen.After.Identity)
                || seen.Before.Incarnation <> seen.After.Incarnation

            let isTold =
                seen.Rules.Config.NotifyDownMembers
                && not seen.Before.HasLeft
                && (not (packet.Header.Kind = MessageKind.TurnUndead) || isRenewed)

            sends seen packet.Header.Source Message.turnUndead = isTold
        | _ -> true
