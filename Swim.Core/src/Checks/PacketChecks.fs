namespace Swim.Core

open Swim

open System.Collections.Generic

/// Invariants of what a member sends and what waits to be sent, and of the timers that make it send.
[<RequireQualifiedAccess>]
module PacketChecks =

    /// Whether the updates of this packet come from the backlog.
    let private drawsOnBacklog (seen: Observation<'Id>) (packet: Packet<'Id>) =
        Message.carriesUpdates packet.Header.Kind && not seen.Before.HasLeft

    /// How many records of the event are about the address of this identity.
    let private recordsAt (seen: Observation<'Id>) (identity: 'Id) =
        let count (records: System.ArraySegment<MemberRecord<'Id>>) =
            let mutable found = 0

            for index in 0 .. records.Count - 1 do
                if seen.Rules.Identities.SameAddress(records[index].Identity, identity) then
                    found <- found + 1

            found

        match seen.Event with
        | PacketReceived packet -> count packet.Updates
        | ApplyMany(records, _) -> count records
        | _ -> 0

    let private budgetsAreKept (seen: Observation<'Id>) =
        let valueOf (table: Dictionary<MemberRecord<'Id>, int>) record =
            match table.TryGetValue record with
            | true, value -> value
            | _ -> 0

        let left = Dictionary<MemberRecord<'Id>, int>()
        let spent = Dictionary<MemberRecord<'Id>, int>()
        let before = Dictionary<MemberRecord<'Id>, int>()
        let beside = Dictionary<MemberRecord<'Id>, int>()

        for struct (record, transmissions) in State.updatesBacklog seen.Before do
            before[record] <- transmissions

        for struct (record, transmissions) in State.updatesBacklog seen.After do
            left[record] <- transmissions

        let isPing (packet: Packet<'Id>) =
            packet.Header.Kind = MessageKind.Ping || packet.Header.Kind = MessageKind.IndirectPing

        for effect in seen.Effects do
            match effect with
            | Send packet when drawsOnBacklog seen packet ->
                for record in packet.Updates do
                    spent[record] <- valueOf spent record + 1

                    let mayBeBeside =
                        isPing packet
                        && record.Status = MemberStatus.Suspect
                        && Observation.same seen record.Identity packet.Header.Destination

                    if mayBeBeside then
                        beside[record] <- valueOf beside record + 1
            | _ -> ()

        // R15.1: of all members that were known in the course of the step.
        let known = max seen.Before.Members.Count seen.After.Members.Count
        let budget = Sizing.transmissions &seen.Rules.Config (known + 1)

        // Only a step that changes a record or our identity gives an update a fresh budget, and what was left
        // of the old one may have been used before that. Our own Down gets two at most, and any update one
        // more for each record of the event at its address: each may change the table, or who we are.
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

               (least <= allowed && allowed <= most)
               || (mayRefresh && least <= allowed + (2 + recordsAt seen entry.Key.Identity) * budget))

    /// A packet that carries an update uses up one of its transmissions, and no update ever has more
    /// than `MaxTransmissions`. The record that leads a ping (R12.14) may be beside the backlog.
    let transmissionsAreBounded (seen: Observation<'Id>) =
        // Most steps send nothing, and there is nothing to count.
        let isUntouched =
            obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
            && Observation.forAllPackets seen (fun packet ->
                packet.Updates.Count = 0 || not (drawsOnBacklog seen packet))

        if isUntouched then
            Observation.forAllUpdates seen.After (fun entry -> entry.TransmissionsLeft >= 1)
        else
            budgetsAreKept seen

    /// At most one update about each address waits in the backlog.
    let oneUpdatePerAddress (seen: Observation<'Id>) =
        let identities = seen.Rules.Identities
        let updates = seen.After.Updates

        // Of the entries filed under one hash, no two are about one address.
        Observation.forAllUpdates seen.After (fun entry ->
            let hash = identities.AddressHash entry.Item.Identity
            let mutable same = 0
            let mutable ordinal = 0
            let mutable slot = HashIndex.find hash 0 updates.Index

            while slot >= 0 do
                if identities.SameAddress(updates.Entries[slot].Item.Identity, entry.Item.Identity) then
                    same <- same + 1

                ordinal <- ordinal + 1
                slot <- HashIndex.find hash ordinal updates.Index

            same = 1)

    /// No packet is larger than `MaxPacketSize`.
    let packetsFit (seen: Observation<'Id>) =
        Observation.forAllPackets seen (fun packet ->
            Packet.size seen.Rules packet <= seen.Rules.Config.MaxPacketSize)

    /// We never ping ourselves or a Down member, and the target of the probe is another member.
    let probesAreOfPeers (seen: Observation<'Id>) =
        let pingsPeer (packet: Packet<'Id>) =
            packet.Header.Kind <> MessageKind.Ping
            || MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members

        let targetsPeer =
            match seen.After.Probe.Target with
            | ValueSome target -> not (Observation.same seen target.Identity seen.After.Identity)
            | ValueNone -> true

        targetsPeer && Observation.forAllPackets seen pingsPeer

    /// At most one probe is in progress, and its cycle runs exactly while an active member is known (R12.2).
    let oneProbeAtATime (seen: Observation<'Id>) =
        let expected = if seen.After.Connection = ConnectionState.Active then 1 else 0
        let mutable pings = 0

        seen.History.ProbeTimers seen.After.Token = expected
        && Observation.forAllPackets seen (fun packet ->
            if (packet.Header.Kind = MessageKind.Ping) then
                pings <- pings + 1

            pings <= 1)

    /// The timer of announcing to Down members is pending exactly if the state says so (R12.3).
    let announcingToDownHasATimer (seen: Observation<'Id>) =
        let expected = if seen.After.AnnouncesToDown then 1 else 0
        seen.History.AnnounceDownTimers seen.After.Token = expected

    let private tokenOf (timer: Timer<'Id>) =
        match timer with
        | ProbeRandomMember token
        | SendIndirectProbe(_, token)
        | ChangeSuspectToDown(_, _, _, token)
        | PeriodicAnnounce token
        | PeriodicAnnounceDown token
        | PeriodicGossip token -> ValueSome token
        | RemoveDown _
        | RemoveTombstone _
        | ResetRenewals
        | ResetReminders
        | SendNack _
        | AskDown _ -> ValueNone

    /// Whether the table says the same as before: what is remembered of a suspicion may begin again.
    let private membersAgree (seen: Observation<'Id>) =
        let before = seen.Before.Members
        let after = seen.After.Members

        obj.ReferenceEquals(before, after)
        || before.Count = after.Count
           && before.ActiveCount = after.ActiveCount
           && Observation.forAll 0 before.Count (fun position -> before[position] = after[position])

    let private changesNothing (seen: Observation<'Id>) =
        (match seen.Event with
         | TimerFired(ChangeSuspectToDown _) -> membersAgree seen
         | _ -> obj.ReferenceEquals(seen.Before.Members, seen.After.Members))
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
                && Observation.forAll 0 seen.Effects.Count (fun index ->
                    match seen.Effects[index] with
                    | Schedule(ChangeSuspectToDown _, _) -> true
                    | _ -> false)
            | _ -> true
        | _ -> true

    /// A member that takes part does not disseminate its own Down (R12.5).
    let ownDownIsNotSpread (seen: Observation<'Id>) =
        seen.After.Connection = ConnectionState.Defunct
        || Observation.forAllUpdates seen.After (fun entry ->
            not (Observation.same seen entry.Item.Identity seen.After.Identity))

    /// A member that left answers with its own Down, and sends nothing else (R12.6).
    let departedIsSilent (seen: Observation<'Id>) =
        not (seen.Before.HasLeft && seen.After.HasLeft)
        || Observation.forAllPackets seen (fun packet ->
            packet.Broadcasts.Count = 0
            && packet.Updates.Count = 1
            && packet.Updates[0] = Observation.departed seen seen.After.Identity)

    /// The receiver of a TurnUndead is not active here (R12.1).
    let turnUndeadOnlyToDown (seen: Observation<'Id>) =
        Observation.forAllPackets seen (fun packet ->
            not (packet.Header.Kind = MessageKind.TurnUndead)
            || not (MemberTable.isActive seen.Rules.Identities packet.Header.Destination seen.After.Members))
