namespace Swim.Core

open Swim

open System

/// Checks of what a step makes of the packet or the updates that it received. Each states a rule a second
/// time, in another way than the core.
[<RequireQualifiedAccess>]
module internal ReceiveChecks =

    let private same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    let private atOurAddress (seen: Observation<'Id>) (identity: 'Id) =
        seen.Rules.Identities.SameAddress(seen.Before.Identity, identity)

    let private isOurs (seen: Observation<'Id>) (identity: 'Id) = same seen seen.Before.Identity identity

    /// Whether the step kept our identity, and did not make us Defunct.
    let private keepsIdentity (seen: Observation<'Id>) =
        same seen seen.Before.Identity seen.After.Identity
        && seen.After.Connection <> ConnectionState.Defunct

    /// The packet that this step received. None while a reply was pending: then the core finishes that first.
    let packet (seen: Observation<'Id>) : Packet<'Id> voption =
        match seen.Event with
        | PacketReceived packet when seen.Before.PendingReply.IsNone -> ValueSome packet
        | _ -> ValueNone

    /// R9.2, R9.3: whether a packet is from another member, addressed to us, and does not name us as the
    /// third member.
    let isForUs (seen: Observation<'Id>) (header: PacketHeader<'Id>) : bool =
        not (atOurAddress seen header.Source)
        && (isOurs seen header.Destination
            || ((header.Kind = MessageKind.Announce) && atOurAddress seen header.Destination))
        && not (header.NamesMember && atOurAddress seen header.Named)

    /// R13.7: whether a record with this incarnation rises above one that is Down at the other.
    let private risesAbove (seen: Observation<'Id>) (incarnation: uint16) (down: uint16) =
        not (Observation.downIsFinal seen)
        && min incarnation (MemberRecord.lastIncarnation false) > down

    /// R12.7, R13.7: whether a tombstone rejects this record.
    let private isBuried (seen: Observation<'Id>) (identity: 'Id) (incarnation: uint16) mayReturn =
        match Tombstones.tryFind seen.Rules.Identities identity seen.Before.Tombstones with
        | ValueSome stone when same seen stone.Identity identity ->
            not mayReturn && (Observation.downIsFinal seen || incarnation <= stone.Incarnation)
        | ValueSome stone -> seen.Rules.Identities.WinsAddressConflict(stone.Identity, identity)
        | ValueNone -> false

    let private mayReturn (seen: Observation<'Id>) (header: PacketHeader<'Id>) =
        (header.Kind = MessageKind.Announce) && (seen.Rules.Identities.Renew header.Source).IsNone

    /// R9.4: whether the packet's sender is active once the packet is received.
    let isFromActive (seen: Observation<'Id>) (header: PacketHeader<'Id>) : bool =
        match MemberTable.tryFind seen.Rules.Identities header.Source seen.Before.Members with
        | ValueSome known when same seen known.Identity header.Source ->
            MemberRecord.isActive known || risesAbove seen header.SourceIncarnation known.Incarnation
        | ValueSome known -> not (seen.Rules.Identities.WinsAddressConflict(known.Identity, header.Source))
        | ValueNone ->
            let incarnation = min header.SourceIncarnation (MemberRecord.lastIncarnation false)
            not (isBuried seen header.Source incarnation (mayReturn seen header))

    /// The updates that this step had to apply.
    let private applied (seen: Observation<'Id>) : ArraySegment<MemberRecord<'Id>> =
        match seen.Event with
        | ApplyMany(updates, _) when seen.Before.PendingReply.IsNone -> updates
        | PacketReceived packet when
            packet.Updates.Count > 0
            && (Observation.downIsFinal seen || packet.Header.Kind <> MessageKind.TurnUndead)
            && seen.Before.PendingReply.IsNone
            && isForUs seen packet.Header
            && isFromActive seen packet.Header
            ->
            packet.Updates
        | _ -> ArraySegment.Empty

    let private forAll (updates: ArraySegment<MemberRecord<'Id>>) (holds: MemberRecord<'Id> -> bool) =
        let mutable index = 0

        while index < updates.Count && holds updates[index] do
            index <- index + 1

        index = updates.Count

    /// Whether any update of the event is about our identity. Else the checks about us pass at once.
    let private mayBeAboutUs (seen: Observation<'Id>) =
        let isAbout (updates: ArraySegment<MemberRecord<'Id>>) =
            not (forAll updates (fun update -> not (isOurs seen update.Identity)))

        match seen.Event with
        | PacketReceived packet -> isAbout packet.Updates
        | ApplyMany(updates, _) -> isAbout updates
        | _ -> false

    let private packetsSent (seen: Observation<'Id>) : Packet<'Id> list =
        [
            for index in 0 .. seen.Effects.Count - 1 do
                match seen.Effects[index] with
                | Send packet -> packet
                | _ -> ()
        ]

    // R13.6: whether a packet without updates is larger than the one that asks for it.
    let private isTooSmall (seen: Observation<'Id>) (asked: Packet<'Id>) =
        let header =
            {
                Source = seen.Before.Identity
                SourceIncarnation = seen.Before.Incarnation
                Destination = asked.Header.Source
                Kind = MessageKind.Gossip
                Named = Unchecked.defaultof<'Id>
                ProbeNumber = 0u
                Health = 0uy
            }

        seen.Rules.Sizes.HeaderSize &header > Packet.size seen.Rules asked

    // R13.6: whether the packet tells the sender of the other who we are, and is no larger.
    let private isReminder (seen: Observation<'Id>) (asked: Packet<'Id>) (sent: Packet<'Id>) =
        not (Observation.downIsFinal seen)
        && sent.Header.Kind = MessageKind.Gossip
        && sent.Updates.Count + sent.Broadcasts.Count = 0
        && same seen sent.Header.Destination asked.Header.Source
        && Packet.size seen.Rules sent <= Packet.size seen.Rules asked

    /// R9.2, R9.3: a packet that is not for us changes nothing, and is not answered but by a reminder (R13.6).
    let packetsForOthersAreIgnored (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when not (isForUs seen packet.Header) ->
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
            && seen.Before.Token = seen.After.Token
            && seen.Before.Incarnation = seen.After.Incarnation
            && packetsSent seen |> List.forall (fun sent -> isReminder seen packet sent)
        | _ -> true

    /// R13.6: a sender that calls us by an old name is told the new one, once until a timer begins anew.
    let oldNamesAreCorrected (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            not (Observation.downIsFinal seen)
            && not (isForUs seen packet.Header)
            && not (atOurAddress seen packet.Header.Source)
            ->
            let isSource other = seen.Rules.Identities.SameAddress(other, packet.Header.Source)
            let reminded = seen.Before.Claims.Reminded

            let isDue =
                atOurAddress seen packet.Header.Destination
                && not (isOurs seen packet.Header.Destination)
                && packet.Header.Kind <> MessageKind.Announce
                && seen.Before.Connection <> ConnectionState.Defunct
                && List.length reminded < AddressClaims.MaxReminders
                && not (List.exists isSource reminded)

            match packetsSent seen with
            | [] -> not isDue || isTooSmall seen packet
            | [ sent ] -> isDue && isReminder seen packet sent
            | _ -> false
        | _ -> true

    /// R9.4: no update from a member that is Down here is applied. (A TurnUndead changes our own identity.)
    let updatesOfDownAreIgnored (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            isForUs seen packet.Header
            && not (packet.Header.Kind = MessageKind.TurnUndead)
            && not (isFromActive seen packet.Header)
            ->
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
        | _ -> true

    /// R2.2, R2.3: after an update, no record is superseded by it.
    let updatesAreApplied (seen: Observation<'Id>) =
        not (same seen seen.Before.Identity seen.After.Identity)
        || forAll (applied seen) (fun update ->
            atOurAddress seen update.Identity
            || match MemberTable.tryFind seen.Rules.Identities update.Identity seen.After.Members with
               | ValueSome known when same seen known.Identity update.Identity ->
                   let isFinal = Observation.downIsFinal seen
                   not (MemberRecord.supersedes isFinal known (MemberRecord.normal isFinal update))
               | ValueSome known ->
                   seen.Rules.Identities.WinsAddressConflict(known.Identity, update.Identity)
               | ValueNone ->
                   let normal = MemberRecord.normal (Observation.downIsFinal seen) update
                   isBuried seen update.Identity normal.Incarnation false)

    /// Whether no renewal was left for this step (R13.5).
    let private isSpent (seen: Observation<'Id>) =
        not (Observation.downIsFinal seen)
        && seen.After.Claims.Renewals = AddressClaims.MaxRenewals

    /// Whether our incarnation is above this one, or no incarnation and no renewal was left.
    let private isRefuted (seen: Observation<'Id>) (incarnation: uint16) =
        seen.After.Incarnation > incarnation
        || (incarnation >= MemberRecord.lastIncarnation (Observation.downIsFinal seen) && isSpent seen)

    /// R5.2, R12.9: a member that learns that it is suspected raises its incarnation above the suspicion's,
    /// or gives up its identity.
    let suspicionsAreRefuted (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = ConnectionState.Defunct
        || not (keepsIdentity seen)
        || forAll (applied seen) (fun update ->
            update.Status <> MemberStatus.Suspect
            || not (isOurs seen update.Identity)
            || isRefuted seen update.Incarnation)

    /// R5.3, R13.3: a member that learns that it was declared Down raises its incarnation above that of the Down,
    /// or gives up its identity.
    let downIsObeyed (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = ConnectionState.Defunct
        || not (keepsIdentity seen)
        || forAll (applied seen) (fun update ->
            update.Status <> MemberStatus.Down
            || not (isOurs seen update.Identity)
            || (not (Observation.downIsFinal seen) && isRefuted seen update.Incarnation))

    /// R13.5: whether our identity wins over this one at our address, or the member cannot or may not renew.
    let private isAnswered (seen: Observation<'Id>) (rival: 'Id) =
        let identities = seen.Rules.Identities

        not (atOurAddress seen rival)
        || same seen rival seen.After.Identity
        || not (identities.WinsAddressConflict(rival, seen.After.Identity))
        || seen.After.Connection = ConnectionState.Defunct
        || isSpent seen
        || (identities.RenewAbove(seen.After.Identity, rival)).IsNone

    /// R13.5: a member that learns of a newer identity at its address renews to above it.
    let claimsAreAnswered (seen: Observation<'Id>) =
        Observation.downIsFinal seen
        || forAll (applied seen) (fun update -> isAnswered seen update.Identity)

    // R13.4: what a TurnUndead demands.
    let private isObeyed (seen: Observation<'Id>) (updates: ArraySegment<MemberRecord<'Id>>) =
        if Observation.downIsFinal seen then
            not (keepsIdentity seen)
        elif updates.Count = 0 then
            not (keepsIdentity seen) || isRefuted seen seen.Before.Incarnation
        elif isOurs seen updates[0].Identity then
            updates[0].Status = MemberStatus.Alive
            || not (keepsIdentity seen)
            || isRefuted seen updates[0].Incarnation
        else
            isAnswered seen updates[0].Identity

    /// R5.3, R9.4, R13.3 to R13.5: a TurnUndead is obeyed, even if its sender is Down here.
    let turnUndeadIsObeyed (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            (packet.Header.Kind = MessageKind.TurnUndead)
            && isForUs seen packet.Header
            && seen.Before.Connection <> ConnectionState.Defunct
            ->
            isObeyed seen packet.Updates
        | _ -> true

    /// R12.7, R13.7: a delayed packet does not re-admit a forgotten member.
    let tombstonesKeepTheForgottenOut (seen: Observation<'Id>) =
        // Whether a record of the event rises above the tombstone of this identity.
        let risesIn (updates: ArraySegment<MemberRecord<'Id>>) identity down =
            not (
                forAll updates (fun update ->
                    not (same seen update.Identity identity) || not (risesAbove seen update.Incarnation down))
            )

        let staysAway (identity: 'Id) returns (rises: uint16 -> bool) =
            match Tombstones.tryFind seen.Rules.Identities identity seen.Before.Tombstones with
            | ValueSome stone when
                same seen stone.Identity identity && not returns && not (rises stone.Incarnation)
                ->
                not (MemberTable.isActive seen.Rules.Identities identity seen.After.Members)
            | _ -> true

        seen.Before.Tombstones.Count = 0
        || match seen.Event with
           | PacketReceived packet ->
               let header = packet.Header
               let returns = mayReturn seen header

               let rises identity down =
                   risesIn packet.Updates identity down
                   || (same seen header.Source identity && risesAbove seen header.SourceIncarnation down)

               staysAway header.Source returns (rises header.Source)
               && forAll packet.Updates (fun update ->
                   (returns && same seen update.Identity header.Source)
                   || staysAway update.Identity false (rises update.Identity))
           | ApplyMany(updates, _) ->
               forAll updates (fun update ->
                   staysAway update.Identity false (risesIn updates update.Identity))
           | _ -> true
