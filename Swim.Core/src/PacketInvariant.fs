namespace Swim.Core

open System.Collections.Generic

/// Invariants of what a member sends and what waits to be sent, and of the timers that make it send.
[<RequireQualifiedAccess>]
module PacketInvariant =

    /// The message that this packet is: one whose updates come out of the backlog.
    let private drawsOnBacklog (seen: Observation<'Id>) (packet: Packet<'Id>) =
        Message.carriesBacklog packet.Header.Message && not seen.Before.HasLeft

    /// A packet that carries an update uses up one of its transmissions, and no update ever has more
    /// than `MaxTransmissions`. The record that leads a ping (R12.14) may be beside the backlog.
    let transmissionsAreBounded (seen: Observation<'Id>) =
        let valueOf (table: Dictionary<Member<'Id>, int>) record =
            match table.TryGetValue record with
            | true, value -> value
            | _ -> 0

        let left = Dictionary<Member<'Id>, int>()
        let spent = Dictionary<Member<'Id>, int>()
        let before = Dictionary<Member<'Id>, int>()
        let beside = Dictionary<Member<'Id>, int>()

        for struct (record, transmissions) in State.updatesBacklog seen.Before do
            before[record] <- transmissions

        for struct (record, transmissions) in State.updatesBacklog seen.After do
            left[record] <- transmissions

        let isPing (packet: Packet<'Id>) =
            match packet.Header.Message with
            | Ping _
            | IndirectPing _ -> true
            | _ -> false

        for packet in Observation.packets seen do
            if drawsOnBacklog seen packet then
                for record in packet.Updates do
                    spent[record] <- valueOf spent record + 1

                    let mayBeBeside =
                        isPing packet
                        && record.Status = Status.Suspect
                        && Observation.same seen record.Identity packet.Header.Destination

                    if mayBeBeside then
                        beside[record] <- valueOf beside record + 1

        let budget = seen.Rules.Config.MaxTransmissions

        // Only a step that changes a record or our identity gives an update a fresh budget, our own Down
        // twice at most, and what was left of the old one may have been used before that.
        let mayRefresh =
            not (obj.ReferenceEquals(seen.Before.Members, seen.After.Members))
            || seen.Before.HasLeft <> seen.After.HasLeft
            || seen.Before.Token <> seen.After.Token

        Seq.forall (fun transmissions -> transmissions >= 1) left.Values
        && spent
           |> Seq.forall (fun entry ->
               let most = entry.Value + valueOf left entry.Key
               let least = most - valueOf beside entry.Key
               let allowed = valueOf before entry.Key

               (least <= allowed && allowed <= most) || (mayRefresh && least <= allowed + 2 * budget))

    /// One update per address waits, and no more than that.
    let oneUpdatePerAddress (seen: Observation<'Id>) =
        let hash (record: Member<'Id>) = seen.Rules.Identities.AddressHash record.Identity

        State.updatesBacklog seen.After
        |> Seq.map (fun struct (record, _) -> record)
        |> Seq.groupBy hash
        |> Seq.forall (fun (_, group) ->
            let group = List.ofSeq group

            List.allPairs group group
            |> List.forall (fun (left, right) ->
                left = right || not (seen.Rules.Identities.SameAddress(left.Identity, right.Identity))))

    /// Every packet fits.
    let packetsFit (seen: Observation<'Id>) =
        Observation.packets seen
        |> Seq.forall (fun packet -> Packet.size seen.Rules packet <= seen.Rules.Config.MaxPacketSize)

    /// We never ping ourselves or a Down member, and the probe is of somebody else.
    let probesAreOfPeers (seen: Observation<'Id>) =
        let pingsPeer (packet: Packet<'Id>) =
            match packet.Header.Message with
            | Ping _ ->
                MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members
            | _ -> true

        let targetsPeer =
            match seen.After.Probe.Target with
            | ValueSome target -> not (Observation.same seen target.Identity seen.After.Identity)
            | ValueNone -> true

        targetsPeer && Seq.forall pingsPeer (Observation.packets seen)

    /// At most one probe is under way, and its cycle runs exactly while somebody is there to be
    /// probed (R12.2).
    let oneProbeAtATime (seen: Observation<'Id>) =
        let expected = if seen.After.Connection = Connection.Active then 1 else 0

        seen.History.ProbeTimers seen.After.Token = expected
        && (Observation.packets seen
            |> Seq.filter (fun packet ->
                match packet.Header.Message with
                | Ping _ -> true
                | _ -> false)
            |> Seq.length)
           <= 1

    /// The timer of announcing to Down members is out when it is said to be (R12.3).
    let announcingToDownHasATimer (seen: Observation<'Id>) =
        let expected = if seen.After.AnnouncesToDown then 1 else 0
        seen.History.AnnounceDownTimers seen.After.Token = expected

    let private tokenOf (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token
        | SendIndirectProbe(_, token)
        | ChangeSuspectToDown(_, _, token)
        | PeriodicAnnounce token
        | PeriodicAnnounceDown token
        | PeriodicGossip token -> ValueSome token
        | RemoveDown _
        | RemoveTombstone _ -> ValueNone

    let private changesNothing (seen: Observation<'Id>) =
        obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
        && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
        && Observation.same seen seen.Before.Identity seen.After.Identity
        && seen.Before.Incarnation = seen.After.Incarnation
        && seen.Before.Connection = seen.After.Connection
        && seen.Before.Token = seen.After.Token
        && seen.Before.Probe.Number = seen.After.Probe.Number
        && seen.Before.Probe.Answered = seen.After.Probe.Answered
        && seen.Before.Probe.ReachedIndirect = seen.After.Probe.ReachedIndirect

    /// A timer with an old token changes nothing and sends nothing (R4.5); a suspicion that still
    /// stands only sets its timer again.
    let spentTokensDoNothing (seen: Observation<'Id>) =
        match seen.Event with
        | TimerFired timer when seen.Before.PendingReply.IsNone ->
            match tokenOf timer with
            | ValueSome token when token <> seen.Before.Token ->
                changesNothing seen
                && seen.Effects
                   |> Seq.forall (function
                       | Schedule(ChangeSuspectToDown _, _) -> true
                       | _ -> false)
            | _ -> true
        | _ -> true

    /// A member that takes part does not spread its own Down (R12.5).
    let ownDownIsNotSpread (seen: Observation<'Id>) =
        seen.After.Connection = Connection.Defunct
        || State.updatesBacklog seen.After
           |> Seq.forall (fun struct (record, _) ->
               not (Observation.same seen record.Identity seen.After.Identity))

    /// A member that left sends its own Down to those who ask, and nothing else (R12.6).
    let departedIsSilent (seen: Observation<'Id>) =
        not (seen.Before.HasLeft && seen.After.HasLeft)
        || Observation.packets seen
           |> Seq.forall (fun packet ->
               packet.Broadcasts.Count = 0
               && Seq.toList packet.Updates = [ Member.down seen.After.Identity ])

    /// Whoever is told TurnUndead is not active here (R12.1).
    let turnUndeadOnlyToDown (seen: Observation<'Id>) =
        Observation.packets seen
        |> Seq.forall (fun packet ->
            packet.Header.Message <> TurnUndead
            || not (MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members))
