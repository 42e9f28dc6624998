namespace Swim.Simulation

open System
open Swim.Core

/// Laws of what a member makes of what it hears. They are about one step, and only the simulator knows them:
/// what they say follows from the rules, and is said once more here by other means.
[<RequireQualifiedAccess>]
module internal ReceiveChecks =

    let private same (seen: Observation<'Id>) (left: 'Id) (right: 'Id) =
        seen.Rules.Identities.SameIdentity(left, right)

    let private atOurAddress (seen: Observation<'Id>) (identity: 'Id) =
        seen.Rules.Identities.SameAddress(seen.Before.Identity, identity)

    let private isOurs (seen: Observation<'Id>) (identity: 'Id) = same seen seen.Before.Identity identity

    /// Whether we are who we were, and take part if we did.
    let private isUnmoved (seen: Observation<'Id>) =
        same seen seen.Before.Identity seen.After.Identity
        && seen.After.Connection <> Connection.Defunct

    /// The packet that this step heard; none if an answer was owed from before, which comes first.
    let packet (seen: Observation<'Id>) : Packet<'Id> voption =
        match seen.Event with
        | PacketReceived packet when seen.Before.PendingReply.IsNone -> ValueSome packet
        | _ -> ValueNone

    /// R9.2, R9.3: whether it is from somebody else, for us, and not about us as a third.
    let isOurMail (seen: Observation<'Id>) (header: Header<'Id>) : bool =
        not (atOurAddress seen header.Source)
        && (isOurs seen header.Destination
            || (header.Message.IsAnnounce && atOurAddress seen header.Destination))
        && match Message.named header.Message with
           | ValueSome named -> not (atOurAddress seen named)
           | ValueNone -> true

    /// R12.7: whether a tombstone keeps this identity out.
    let private isBuried (seen: Observation<'Id>) (identity: 'Id) mayReturn =
        match Tombstones.tryFind seen.Rules.Identities identity seen.Before.Tombstones with
        | ValueSome dead when same seen dead identity -> not mayReturn
        | ValueSome dead -> seen.Rules.Identities.WinsAddressConflict(dead, identity)
        | ValueNone -> false

    let private mayReturn (seen: Observation<'Id>) (header: Header<'Id>) =
        header.Message.IsAnnounce && (seen.Rules.Identities.Renew header.Source).IsNone

    /// R9.4: whether its sender is active once it is heard.
    let isBelieved (seen: Observation<'Id>) (header: Header<'Id>) : bool =
        match MemberTable.tryFind seen.Rules.Identities header.Source seen.Before.Members with
        | ValueSome known when same seen known.Identity header.Source -> Member.isActive known
        | ValueSome known -> not (seen.Rules.Identities.WinsAddressConflict(known.Identity, header.Source))
        | ValueNone -> not (isBuried seen header.Source (mayReturn seen header))

    /// The updates that this step had to take.
    let private taken (seen: Observation<'Id>) : ArraySegment<Member<'Id>> =
        match seen.Event with
        | ApplyMany(updates, _) when seen.Before.PendingReply.IsNone -> updates
        | PacketReceived packet when
            packet.Updates.Count > 0
            && seen.Before.PendingReply.IsNone
            && isOurMail seen packet.Header
            && isBelieved seen packet.Header
            ->
            packet.Updates
        | _ -> ArraySegment.Empty

    let private forAll (updates: ArraySegment<Member<'Id>>) (holds: Member<'Id> -> bool) =
        let mutable index = 0

        while index < updates.Count && holds updates[index] do
            index <- index + 1

        index = updates.Count

    /// Whether any update of the event names us; else there is nothing to look at.
    let private mayBeAboutUs (seen: Observation<'Id>) =
        let isAbout (updates: ArraySegment<Member<'Id>>) =
            not (forAll updates (fun update -> not (isOurs seen update.Identity)))

        match seen.Event with
        | PacketReceived packet -> isAbout packet.Updates
        | ApplyMany(updates, _) -> isAbout updates
        | _ -> false

    let private tellsNobody (seen: Observation<'Id>) =
        let mutable index = 0

        while index < seen.Effects.Count && not seen.Effects[index].IsSend do
            index <- index + 1

        index = seen.Effects.Count

    /// R9.2, R9.3: what is not for us changes nothing and is not answered.
    let othersMailIsLeftAlone (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when not (isOurMail seen packet.Header) ->
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
            && seen.Before.Token = seen.After.Token
            && seen.Before.Incarnation = seen.After.Incarnation
            && tellsNobody seen
        | _ -> true

    /// R9.4: nothing is believed of a member that is Down here. (What a TurnUndead does is about ourselves.)
    let theDownAreNotBelieved (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            isOurMail seen packet.Header
            && not packet.Header.Message.IsTurnUndead
            && not (isBelieved seen packet.Header)
            ->
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && obj.ReferenceEquals(seen.Before.Updates, seen.After.Updates)
        | _ -> true

    /// R2.2, R2.3: after an update we know at least as much as it says.
    let updatesAreTaken (seen: Observation<'Id>) =
        not (same seen seen.Before.Identity seen.After.Identity)
        || forAll (taken seen) (fun update ->
            atOurAddress seen update.Identity
            || match MemberTable.tryFind seen.Rules.Identities update.Identity seen.After.Members with
               | ValueSome known when same seen known.Identity update.Identity ->
                   not (
                       Member.supersedes
                           known
                           (Member.create update.Identity update.Incarnation update.Status)
                   )
               | ValueSome known ->
                   seen.Rules.Identities.WinsAddressConflict(known.Identity, update.Identity)
               | ValueNone -> isBuried seen update.Identity false)

    /// R5.2, R12.9: whoever is suspected has a higher incarnation then, or gives its identity up.
    let suspicionsAreRefuted (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = Connection.Defunct
        || not (isUnmoved seen)
        || forAll (taken seen) (fun update ->
            update.Status <> Status.Suspect
            || not (isOurs seen update.Identity)
            || seen.After.Incarnation > update.Incarnation)

    /// R5.3: whoever is declared Down gives its identity up.
    let downIsObeyed (seen: Observation<'Id>) =
        not (mayBeAboutUs seen)
        || seen.Before.Connection = Connection.Defunct
        || not (isUnmoved seen)
        || forAll (taken seen) (fun update ->
            update.Status <> Status.Down || not (isOurs seen update.Identity))

    /// R5.3, R9.4: a TurnUndead is obeyed, whoever sends it.
    let turnUndeadIsObeyed (seen: Observation<'Id>) =
        match packet seen with
        | ValueSome packet when
            packet.Header.Message.IsTurnUndead
            && isOurMail seen packet.Header
            && seen.Before.Connection <> Connection.Defunct
            ->
            not (isUnmoved seen)
        | _ -> true

    /// R12.7: who was forgotten does not come back by a delayed word.
    let theForgottenStayAway (seen: Observation<'Id>) =
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
