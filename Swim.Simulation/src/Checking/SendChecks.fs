namespace Swim.Simulation

open Swim.Core

/// Laws of what a member sends in one step.
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

    // One packet may declare us Down more than once, each time as who we have become.
    let private isPassing (seen: Observation<'Id>) (identity: 'Id) =
        let mutable index = 0

        let isIt effect =
            match effect with
            | Notify(Rejoin next) -> same seen next identity
            | _ -> false

        while index < seen.Effects.Count && not (isIt seen.Effects[index]) do
            index <- index + 1

        index < seen.Effects.Count

    /// R5.2: a packet is from who we are, with the incarnation that we have: it is the refutation.
    let headersAreTrue (seen: Observation<'Id>) =
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
                isPassing seen header.Source

        not (isQuiet seen) || forAllPackets seen isTrue

    /// R8.5: an Announce and a TurnUndead carry nothing, a Broadcast no updates, and a Feed active members
    /// other than its receiver.
    let messagesCarryWhatTheyMay (seen: Observation<'Id>) =
        let isFed (packet: Packet<'Id>) =
            let mutable isGood = true

            for record in packet.Updates do
                let known = MemberTable.tryFind seen.Rules.Identities record.Identity seen.After.Members

                isGood <-
                    isGood
                    && Member.isActive record
                    && not (same seen record.Identity packet.Header.Destination)
                    && (match known with
                        | ValueSome known -> known = record
                        | ValueNone -> false)

            isGood

        not (isQuiet seen)
        || forAllPackets seen (fun packet ->
            match packet.Header.Message with
            | Announce
            | TurnUndead -> packet.Updates.Count = 0 && packet.Broadcasts.Count = 0
            | Broadcast -> packet.Updates.Count = 0
            | Feed -> isFed packet
            | _ -> true)

    /// Who may be told of: whom the event named too, as a batch may change a record more than once.
    let private isSaidBy (event: Event<'Id>) (record: Member<'Id>) =
        let isIn (updates: System.ArraySegment<Member<'Id>>) =
            let mutable index = 0

            while index < updates.Count
                  && Member.create updates[index].Identity updates[index].Incarnation updates[index].Status
                     <> record do
                index <- index + 1

            index < updates.Count

        match event with
        | PacketReceived packet ->
            isIn packet.Updates
            || record = Member.alive packet.Header.Source packet.Header.SourceIncarnation
        | ApplyMany(updates, _) -> isIn updates
        | _ -> false

    let private waits (state: State<'Id>) (record: Member<'Id>) =
        State.updatesBacklog state |> Seq.exists (fun struct (waiting, _) -> waiting = record)

    let private isKnown (seen: Observation<'Id>) (state: State<'Id>) (record: Member<'Id>) =
        match MemberTable.tryFind seen.Rules.Identities record.Identity state.Members with
        | ValueSome known -> known = record
        | ValueNone -> false

    /// R3.1: nobody makes updates up: what is told was waiting, is known, or was just heard.
    let updatesAreTrue (seen: Observation<'Id>) =
        let isTrue (record: Member<'Id>) =
            isKnown seen seen.After record
            || isKnown seen seen.Before record
            || record = Member.down seen.Before.Identity
            || record = Member.down seen.After.Identity
            || (record.Status = Status.Down
                && seen.Rules.Identities.SameAddress(record.Identity, seen.After.Identity))
            || waits seen.Before record
            || isSaidBy seen.Event record

        not (isQuiet seen)
        || forAllPackets seen (fun packet ->
            let mutable index = 0

            while index < packet.Updates.Count && isTrue packet.Updates[index] do
                index <- index + 1

            index = packet.Updates.Count)

    /// R5.3: an identity that we take of our own accord is a new one, which wins over the former.
    let rejoiningRenews (seen: Observation<'Id>) =
        let mutable isGood = true

        for index in 0 .. seen.Effects.Count - 1 do
            match seen.Effects[index] with
            | Notify(Rejoin next) ->
                isGood <-
                    isGood
                    && not (same seen next seen.Before.Identity)
                    && seen.Rules.Identities.WinsAddressConflict(next, seen.Before.Identity)
            | _ -> ()

        isGood

    /// R9.2: nothing but what the caller asks for goes to our own address.
    let nothingGoesToOurselves (seen: Observation<'Id>) =
        seen.Event.IsAnnounceTo
        || not (same seen seen.Before.Identity seen.After.Identity)
        || forAllPackets seen (fun packet ->
            not (seen.Rules.Identities.SameAddress(packet.Header.Destination, seen.After.Identity)))

    let private sends (seen: Observation<'Id>) (destination: 'Id) (message: Message<'Id>) =
        not (
            forAllPackets seen (fun packet ->
                not (same seen packet.Header.Destination destination && packet.Header.Message = message))
        )

    /// R8.5: what the message asks for is sent to whom it asks for.
    let messagesAreAnswered (seen: Observation<'Id>) =
        match ReceiveChecks.packet seen with
        | ValueSome packet when
            packet.Broadcasts.Count = 0
            && not seen.Before.HasLeft
            && seen.After.Connection = Connection.Active
            && same seen seen.Before.Identity seen.After.Identity
            && ReceiveChecks.isOurMail seen packet.Header
            && ReceiveChecks.isBelieved seen packet.Header
            ->
            let source = packet.Header.Source

            match packet.Header.Message with
            | Ping number -> sends seen source (Ack number)
            | PingReq(target, number) -> sends seen target (IndirectPing(source, number))
            | IndirectPing(origin, number) -> sends seen source (IndirectAck(origin, number))
            | IndirectAck(target, number) -> sends seen target (ForwardedAck(source, number))
            | Announce -> sends seen source Feed
            | _ -> true
        | _ -> true

    /// R12.14: whoever is Suspect is told so by each ping.
    let suspectsAreTold (seen: Observation<'Id>) =
        let isTold (packet: Packet<'Id>) =
            match MemberTable.tryFind seen.Rules.Identities packet.Header.Destination seen.After.Members with
            | ValueSome known when
                known.Status = Status.Suspect && same seen known.Identity packet.Header.Destination
                ->
                Seq.contains known packet.Updates
            | _ -> true

        not (isQuiet seen)
        || forAllPackets seen (fun packet ->
            match packet.Header.Message with
            | Ping _
            | IndirectPing _ -> isTold packet
            | _ -> true)

    /// R6.1: whoever leaves says so, if anybody is there to hear it.
    let leavingIsTold (seen: Observation<'Id>) =
        not seen.Event.IsLeaveCluster
        || seen.Before.HasLeft
        || not (isQuiet seen)
        || seen.Before.Members.ActiveCount = 0
        || not (forAllPackets seen (fun packet -> not packet.Header.Message.IsGossip))

    /// R9.4, R12.4: a member that is Down here and talks is told so, unless it says that we are.
    let theDownAreTold (seen: Observation<'Id>) =
        match ReceiveChecks.packet seen with
        | ValueSome packet when
            ReceiveChecks.isOurMail seen packet.Header
            && not (ReceiveChecks.isBelieved seen packet.Header)
            ->
            let isRenewed = not (same seen seen.Before.Identity seen.After.Identity)

            let isTold =
                seen.Rules.Config.NotifyDownMembers
                && not seen.Before.HasLeft
                && (not packet.Header.Message.IsTurnUndead || isRenewed)

            sends seen packet.Header.Source TurnUndead = isTold
        | _ -> true
