namespace Swim.Core

open System.Collections.Generic
open Swim

/// Checks of what a step tells the user about other members.
[<RequireQualifiedAccess>]
module internal EventChecks =

    let private isSame (seen: Observation<'Id>) (left: MemberRecord<'Id>) (right: MemberRecord<'Id>) =
        left.Status = right.Status
        && left.Incarnation = right.Incarnation
        && Observation.same seen left.Identity right.Identity

    /// Whether a record, or that there is none, is what an event says of that moment.
    let private agrees seen (hasRecord: bool) (record: MemberRecord<'Id>) (found: MemberRecord<'Id> voption) =
        match found with
        | ValueSome found -> hasRecord && isSame seen record found
        | ValueNone -> not hasRecord

    /// R3.3: whether the kind of the event is what the records before and after the change make it.
    let private isOfItsKind (seen: Observation<'Id>) (event: SwimEvent<'Id>) =
        let wasActive = event.HasBefore && event.Before.IsActive
        let isActive = event.HasAfter && event.After.IsActive
        let hasBoth = event.HasBefore && event.HasAfter

        let isRenamed =
            hasBoth && not (Observation.same seen event.Before.Identity event.After.Identity)

        let turns before after =
            hasBoth && not isRenamed && event.Before.Status = before && event.After.Status = after

        match event.Kind with
        | SwimEventKind.MemberUp -> isActive && not wasActive
        | SwimEventKind.MemberDown -> wasActive && not isActive
        | SwimEventKind.MemberRenamed -> isRenamed && isActive = wasActive
        | SwimEventKind.MemberSuspected -> turns MemberStatus.Alive MemberStatus.Suspect
        | SwimEventKind.MemberRefuted -> turns MemberStatus.Suspect MemberStatus.Alive
        | SwimEventKind.MemberForgotten -> not wasActive && not event.HasAfter
        | _ when event.HasBefore -> turns event.Before.Status event.Before.Status
        | _ -> event.HasAfter && not isActive

    let private changesSomething seen (event: SwimEvent<'Id>) =
        not (
            event.HasBefore = event.HasAfter
            && (not event.HasBefore || isSame seen event.Before event.After)
        )

    /// Follows the events about each address from the record before the step. `reached` gets the record that the
    /// last event of each address leads to. False if an event does not begin where the one before it ended.
    let private follow (seen: Observation<'Id>) (reached: Dictionary<Key<'Id>, MemberRecord<'Id> voption>) =
        Observation.forAll 0 seen.Effects.Count (fun index ->
            match seen.Effects[index] with
            | Notify event when event.IsAboutMember ->
                let key = { Id = event.Identity }

                let start =
                    match reached.TryGetValue key with
                    | true, record -> record
                    | _ -> MemberTable.tryFind seen.Rules.Identities event.Identity seen.Before.Members

                reached[key] <- if event.HasAfter then ValueSome event.After else ValueNone

                agrees seen event.HasBefore event.Before start
                && changesSomething seen event
                && isOfItsKind seen event
            | _ -> true)

    let private isUnchanged (seen: Observation<'Id>) position =
        let before = seen.Before.Members
        let record = seen.After.Members[position]

        // Most records stay where they are, which saves a search.
        (position < before.Count && isSame seen before[position] record)
        || MemberTable.tryFind seen.Rules.Identities record.Identity before
           |> agrees seen true record

    /// Whether the events lead to the table after the step, and no other record changed. One that vanished without
    /// an event shows in the number of records.
    let private leadToTable
        (seen: Observation<'Id>)
        (reached: Dictionary<Key<'Id>, MemberRecord<'Id> voption>)
        =
        let find identity table = MemberTable.tryFind seen.Rules.Identities identity table
        let mutable expected = seen.Before.Members.Count
        let mutable isGood = true

        for entry in reached do
            let after = find entry.Key.Id seen.After.Members

            isGood <-
                isGood
                && match entry.Value with
                   | ValueSome record -> agrees seen true record after
                   | ValueNone -> after.IsNone

            if (find entry.Key.Id seen.Before.Members).IsSome then
                expected <- expected - 1

            if entry.Value.IsSome then
                expected <- expected + 1

        isGood
        && expected = seen.After.Members.Count
        && Observation.forAll 0 seen.After.Members.Count (fun position ->
            isUnchanged seen position
            || reached.ContainsKey { Id = seen.After.Members[position].Identity })

    let private isAboutMember (effect: Effect<'Id>) =
        match effect with
        | Notify event -> event.IsAboutMember
        | _ -> false

    /// R3.3: every change of a record is exactly one event, and every event is such a change. The events about an
    /// address lead from its record before the step to the one after it, each from where the one before it ended.
    let eventsTellEveryChange (seen: Observation<'Id>) =
        let isQuiet =
            obj.ReferenceEquals(seen.Before.Members, seen.After.Members)
            && Observation.forAll 0 seen.Effects.Count (fun index -> not (isAboutMember seen.Effects[index]))

        if isQuiet then
            true
        else
            let reached = Dictionary(Key.byAddress seen.Rules.Identities)
            follow seen reached && leadToTable seen reached
