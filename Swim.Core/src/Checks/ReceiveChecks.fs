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

    /// R12.7: whether a tombstone rejects this identity.
    let private isBuried (seen: Observation<'Id>) (identity: 'Id) mayReturn =
        match Tombstones.tryFind seen.Rules.Identities identity seen.Before.Tombstones with
        | ValueSome dead when same seen dead identity -> not mayReturn
        | ValueSome dead -> seen.Rules.Identities.WinsAddressConflict(dead, identity)
        | ValueNone -> false

    let private mayReturn (seen: Observation<'Id>) (header: PacketHeader<'Id>) =
        (header.Kind = MessageKind.Announce) && (seen.Rules.Identities.Renew header.Source).IsNone

    /// R9.4: whether the packet's sender is active once the packet is received.
    let isFromActive (seen: Observation<'Id>) (header: PacketHeader<'Id>) : bool =
        match MemberTable.tryFind seen.Rules.Identities header.Source seen.Before.Members with
        | ValueSome known when same seen known.Identity header.Source -> MemberRecord.isActive known
        | ValueSome known -> not (seen.Rules.Identities.WinsAddressConflict(known.Identity, header.Source))
        | ValueNone -> not (isBuried seen header.Source (mayReturn seen header))

    /// The updates that this step had to apply.
    let private applied (seen: Observation<'Id>) : ArraySegment<MemberRecord<'Id>> =
        match seen.Event with
        | ApplyMany(updates, _) when seen.Before.PendingReply.IsNone -> updates
        | PacketReceived packet when
            packet.Updates.Count > 0
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

    let private sendsNothing (seen: Observation<'Id>) =
        let mutable index = 0

        while index < seen.Effects.Count && not seen.Effects[index].IsSend do
            index <- index + 1

        index = seen.Effects.Count

    /// R9.2, R9.3: a packet that is not for us changes nothing and is not answered.
    let packetsForOthersAreIgnored (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when not (isForUs seen packet.Header) ->
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
            && seen.Before.Token = seen.After.Token
            && seen.Before.Incarnation = seen.After.Incarnation
            && sendsNothing seen
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
                   not (
                       MemberRecord.supersedes
                           known
                           (MemberRecord.create update.Identity update.Incarnation update.Status)
                   )
               | ValueSome known ->
                   seen.Rules.Identities.WinsAddressConflict(known.Identity, update.Identity)
               | ValueNone -> isBuried seen update.Identity false)

    /// R5.2, R12.9: a member that learns that it is suspected raises its incarnation above the suspicion's,
    /// or gives up its identity.
    let suspicionsAreRefuted (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = ConnectionState.Defunct
        || not (keepsIdentity seen)
        || forAll (applied seen) (fun update ->
            update.Status <> MemberStatus.Suspect
            || not (isOurs seen update.Identity)
            || seen.After.Incarnation > update.Incarnation)

    /// R5.3: a member that learns that it was declared Down gives up its identity.
    let downIsObeyed (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = ConnectionState.Defunct
        || not (keepsIdentity seen)
        || forAll (applied seen) (fun update ->
            update.Status <> MemberStatus.Down || not (isOurs seen update.Identity))

    /// R5.3, R9.4: a TurnUndead is obeyed, even if its sender is Down here.
    let turnUndeadIsObeyed (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            (packet.Header.Kind = MessageKind.TurnUndead)
            && isForUs seen packet.Header
            && seen.Before.Connection <> ConnectionState.Defunct
            ->
            not (keepsIdentity seen)
        | _ -> true

    /// R12.7: a delayed packet does not re-admit a forgotten member.
    let tombstonesKeepTheForgottenOut (seen: Observation<'Id>) =
        let staysAway (identity: 'Id) returns =
            match Tombstones.tryFind seen.Rules.Identities identity seen.Before.Tombstones with
            | ValueSome dead when same seen dead identity && not returns ->
                not (MemberTable.isActive seen.Rules.Identities identity seen.After.Members)
            | _ -> true

        seen.Before.Tombstones.Count = 0
        || match seen.Event with
           | PacketReceived packet ->
               let returns = mayReturn seen packet.Header

               staysAway packet.Header.Source returns
               && forAll packet.Updates (fun update ->
                   (returns && same seen update.Identity packet.Header.Source)
                   || staysAway update.Identity false)
           | ApplyMany(updates, _) -> forAll updates (fun update -> staysAway update.Identity false)
           | _ -> true
