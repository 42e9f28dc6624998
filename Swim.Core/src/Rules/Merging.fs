namespace Swim.Core

/// What an update did to the table.
[<Struct; NoEquality; NoComparison>]
type internal Applied =
    {
        /// Whether the record changed.
        Changed: bool
        /// Whether exactly the identity of the update is known and active now.
        IsActive: bool
    }

/// Updates about others (R2, R3).
[<RequireQualifiedAccess>]
module internal Merging =

    let private nothing = { Changed = false; IsActive = false }

    /// R3.1 to R3.3, R12.11: what follows from a changed record.
    let private follow (step: StepContext<'Id>) (record: Member<'Id>) (wasActive: bool) replaced =
        match record.Status with
        | Status.Down -> step.Schedule(RemoveDown record.Identity, step.Config.RemoveDownAfter)
        | Status.Suspect ->
            step.Schedule(
                ChangeSuspectToDown(record.Identity, record.Incarnation, step.Token),
                step.Config.SuspectToDownAfter
            )
        | _ -> ()

        match replaced with
        | ValueSome before -> step.Notify(Rename(before, record.Identity))
        | ValueNone -> ()

        match wasActive, Member.isActive record with
        | false, true -> step.Notify(MemberUp record.Identity)
        | true, false -> step.Notify(MemberDown record.Identity)
        | _ -> ()

        { Changed = true; IsActive = Member.isActive record }

    /// R12.7: whether a tombstone at the address of this identity stands against it: anything but
    /// a newer identity is a delayed word of the dead, unless the very one that is dead may return.
    let private isBuried (step: StepContext<'Id>) (identity: 'Id) mayReturn =
        match Tombstones.tryFind step.Identities identity step.Tombstones with
        | ValueSome dead when step.Identities.SameIdentity(dead, identity) -> not mayReturn
        | ValueSome dead -> step.Identities.WinsAddressConflict(dead, identity)
        | ValueNone -> false

    /// R3.1: where the update waits from now on.
    let private enqueue (step: StepContext<'Id>) (record: Member<'Id>) before disseminate : int =
        if disseminate then UpdateQueue.enqueue step record before else before

    let private insert (step: StepContext<'Id>) (record: Member<'Id>) disseminate =
        step.Tombstones <- Tombstones.remove step.Identities step.Owner record.Identity step.Tombstones

        let slot = enqueue step record -1 disseminate

        step.Members <- MemberTable.insert step.Identities step.Owner &step.Random record slot step.Members

        follow step record false ValueNone

    let private replace (step: StepContext<'Id>) position record replaced disseminate =
        let wasActive = position < step.Members.ActiveCount
        let before = step.Members.Rows.Reference(position).Slot
        let slot = enqueue step record before disseminate

        step.Members <-
            MemberTable.replace step.Identities step.Owner &step.Random position record slot step.Members

        follow step record wasActive replaced

    /// R2, R3: merges one update about someone else into the table. `mayReturn` lets a forgotten
    /// identity back in (R12.7).
    let update (step: StepContext<'Id>) (update: Member<'Id>) disseminate mayReturn : Applied =
        let record = Member.create update.Identity update.Incarnation update.Status
        let position = MemberTable.find step.Identities record.Identity step.Members

        if position < 0 then
            if isBuried step record.Identity mayReturn then
                nothing
            else
                insert step record disseminate
        else
            let known = step.Members[position]

            if step.Identities.SameIdentity(known.Identity, record.Identity) then
                if Member.supersedes known record then
                    replace step position record ValueNone disseminate
                else
                    { Changed = false; IsActive = Member.isActive known }
            elif step.Identities.WinsAddressConflict(known.Identity, record.Identity) then
                nothing
            else
                replace step position record (ValueSome known.Identity) disseminate

    /// R7.2: a probe of `target` failed: it is Suspect with the incarnation it had when the probe
    /// began, if it is still known.
    let suspect (step: StepContext<'Id>) (target: Member<'Id>) : unit =
        match MemberTable.tryFind step.Identities target.Identity step.Members with
        | ValueSome known when step.Identities.SameIdentity(known.Identity, target.Identity) ->
            update step (Member.suspect target.Identity target.Incarnation) true false |> ignore
        | _ -> ()

    /// R7.5, R12.1, R12.13: a suspicion had its time. Only a record that is still Suspect, of that
    /// identity and that incarnation, goes Down; whoever goes Down by this very step is told.
    let expire (step: StepContext<'Id>) (identity: 'Id) (incarnation: uint16) (token: uint64) : unit =
        match MemberTable.tryFind step.Identities identity step.Members with
        | ValueSome known when
            known.Status = Status.Suspect
            && known.Incarnation = incarnation
            && step.Identities.SameIdentity(known.Identity, identity)
            ->
            if step.IsCurrent token && step.Connection = Connection.Active then
                update step (Member.down identity) true false |> ignore
                ConnectionRules.adjust step

                if step.Config.NotifyDownMembers then
                    Sending.send step identity TurnUndead
            else
                // The suspicion was raised in an earlier life, or we are Defunct and no judge of
                // others: it is neither carried out nor lost, it gets its full time again (R12.11).
                step.Schedule(
                    ChangeSuspectToDown(identity, incarnation, step.Token),
                    step.Config.SuspectToDownAfter
                )
        | _ -> ()

    /// R7.6, R12.7: forgets a member that is still Down, and leaves a tombstone.
    let forget (step: StepContext<'Id>) (identity: 'Id) : unit =
        let position = MemberTable.find step.Identities identity step.Members

        if position >= 0 then
            let known = step.Members[position]

            if known.Status = Status.Down && step.Identities.SameIdentity(known.Identity, identity) then
                step.Schedule(RemoveTombstone step.Tombstones.NextSequence, step.Config.RemoveDownAfter)

                step.Members <- MemberTable.remove step.Identities step.Owner position step.Members
                step.Tombstones <- Tombstones.add step.Identities step.Owner identity step.Tombstones

    /// R12.7: a tombstone had its time.
    let expireTombstone (step: StepContext<'Id>) (sequence: uint64) : unit =
        step.Tombstones <- Tombstones.expire step.Identities step.Owner sequence step.Tombstones
