namespace Swim.Core

open Swim

/// Invariants of what a member knows: its table, its identity, its connection and its timers.
[<RequireQualifiedAccess>]
module TableChecks =

    /// No record is about our own identity.
    let noPeerIsOurselves (seen: Observation<'Id>) =
        Observation.forAllRecords seen.After.Members (fun record ->
            not (Observation.same seen record.Identity seen.After.Identity))

    /// No other member is active at our address (R3.4).
    let noRecordAtOurAddress (seen: Observation<'Id>) =
        let table = seen.After.Members

        Observation.forAll 0 table.ActiveCount (fun position ->
            not (seen.Rules.Identities.SameAddress(table[position].Identity, seen.After.Identity)))

    /// The table finds each record at its own position, so no address has two.
    let oneRecordPerAddress (seen: Observation<'Id>) =
        let table = seen.After.Members

        Observation.forAll 0 table.Count (fun position ->
            MemberTable.find seen.Rules.Identities table[position].Identity table = position)

    /// The active records are exactly the first `ActiveCount`.
    let activeCountIsTrue (seen: Observation<'Id>) =
        let table = seen.After.Members

        table.Cursor <= table.ActiveCount
        && Observation.forAll 0 table.Count (fun position ->
            MemberRecord.isActive table[position] = (position < table.ActiveCount))

    /// MemberUp and MemberDown alternate for each address, and the addresses that are up by them are those of the
    /// active members (R3.3).
    let eventsMatchTable (seen: Observation<'Id>) =
        let table = seen.After.Members

        seen.History.NotifiedInTurn
        && seen.History.UpCount = table.ActiveCount
        && Observation.forAll 0 table.ActiveCount (fun position -> seen.History.IsUp table[position].Identity)

    /// Idle and Active follow from the table; Defunct is the only other state.
    let connectionAgreesWithTable (seen: Observation<'Id>) =
        match seen.After.Connection with
        | ConnectionState.Active -> seen.After.Members.ActiveCount > 0 && not seen.After.HasLeft
        | ConnectionState.Idle -> seen.After.Members.ActiveCount = 0 && not seen.After.HasLeft
        | _ -> true

    /// A record is replaced only by one that supersedes it or whose identity wins. It disappears only if it is
    /// Down and forgotten, or if we take its identity or one that replaced it.
    let recordsMoveForward (seen: Observation<'Id>) =
        let identities = seen.Rules.Identities

        let isAtOurAddress (record: MemberRecord<'Id>) =
            seen.Before.Token <> seen.After.Token
            && (identities.SameAddress(record.Identity, seen.Before.Identity)
                || identities.SameAddress(record.Identity, seen.After.Identity))

        Observation.forAllRecords seen.Before.Members (fun before ->
            match MemberTable.tryFind identities before.Identity seen.After.Members with
            | ValueSome after when Observation.same seen before.Identity after.Identity ->
                after = before || MemberRecord.supersedes (Observation.downIsFinal seen) before after
            | ValueSome after ->
                isAtOurAddress before
                || not (identities.WinsAddressConflict(before.Identity, after.Identity))
            | ValueNone ->
                isAtOurAddress before
                || (before.Status = MemberStatus.Down
                    && match seen.Event with
                       | TimerFired(RemoveDown _) -> true
                       | _ -> false))

    /// Our incarnation never decreases under one identity, unless a caller reuses that.
    let ourIncarnationOnlyGrows (seen: Observation<'Id>) =
        let reused =
            match seen.Event with
            | ReuseDownIdentity
            | ChangeIdentity _ -> true
            | _ -> false

        reused
        || not (Observation.same seen seen.Before.Identity seen.After.Identity)
        || seen.After.Incarnation >= seen.Before.Incarnation

    /// No known incarnation exceeds the highest one received.
    let incarnationsWereReceived (seen: Observation<'Id>) =
        Observation.forAllRecords seen.After.Members (fun record ->
            record.Incarnation = 0us
            || match seen.History.HighestReceived record.Identity with
               | ValueSome highest -> record.Incarnation <= highest
               | ValueNone -> false)

    /// Where Down is final, a Down record has incarnation 0, so it is equal at all members (R12.8).
    let downHasNoIncarnation (seen: Observation<'Id>) =
        not (Observation.downIsFinal seen)
        || Observation.forAllRecords seen.After.Members (fun record ->
            record.Status <> MemberStatus.Down || record.Incarnation = 0us)

    /// Where a Down can be refuted, no member takes part with the highest incarnation: it is that of the departed
    /// (R13.2).
    let highestIsOfTheDeparted (seen: Observation<'Id>) =
        Observation.downIsFinal seen
        || (seen.After.Incarnation < MemberRecord.Highest
            && Observation.forAllRecords seen.After.Members (fun record ->
                record.Status = MemberStatus.Down || record.Incarnation < MemberRecord.Highest))

    /// R13.5: the protocol renews our identity by itself only a few times, until a timer counts anew.
    let renewalsAreBounded (seen: Observation<'Id>) =
        let claims = seen.After.Claims

        claims.Renewals <= AddressClaims.MaxRenewals
        && (claims.Renewals = 0 || seen.History.HasRenewalTimer)
        && (not claims.IsNotified || claims.Renewals > 0)

    /// R13.6: only a few senders are told our name, until a timer begins anew.
    let remindersAreBounded (seen: Observation<'Id>) =
        let reminded = seen.After.Claims.Reminded

        List.length reminded <= AddressClaims.MaxReminders
        && (reminded.IsEmpty || seen.History.HasReminderTimer)

    /// Every Suspect record has a timer, so every suspicion ends: by refutation, or when it expires (R12.11).
    let everySuspectHasATimer (seen: Observation<'Id>) =
        Observation.forAll 0 seen.After.Members.ActiveCount (fun position ->
            let row = &seen.After.Members.Rows.Reference position

            row.Status <> MemberStatus.Suspect
            || seen.History.HasSuspicionTimer(row.Identity, row.Incarnation, Suspicion.pending row.Suspicion))

    /// Every Down record has a timer, so it is forgotten in the end (R3.2).
    let everyDownHasATimer (seen: Observation<'Id>) =
        Observation.forAllRecords seen.After.Members (fun record ->
            record.Status <> MemberStatus.Down
            || seen.History.HasRemovalTimer(record.Identity, record.Incarnation))

    /// Tombstones are bounded in number and in age, and none stands for an address with a record (R12.7).
    let tombstonesAreBounded (seen: Observation<'Id>) =
        let ring = seen.After.Tombstones.Ring
        let mutable standing = 0

        ring.Count <= Tombstones.Capacity
        && Observation.forAll 0 ring.Count (fun slot ->
            let stone = ring[slot]

            if stone.Standing then
                standing <- standing + 1

            not stone.Standing
            || (seen.History.HasTombstoneTimer stone.Sequence
                && MemberTable.find seen.Rules.Identities stone.Identity seen.After.Members < 0))
        && standing = seen.After.Tombstones.Count
