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
module internal Apply =

    let private nothing = { Changed = false; IsActive = false }

    /// R3.1 to R3.3, R12.11: what follows from a changed record.
    let private follow (draft: Draft<'Id>) (record: Member<'Id>) (wasActive: bool) replaced =
        match record.Status with
        | Status.Down -> draft.Schedule(RemoveDown record.Identity, draft.Config.RemoveDownAfter)
        | Status.Suspect ->
            draft.Schedule(
                ChangeSuspectToDown(record.Identity, record.Incarnation, draft.Token),
                draft.Config.SuspectToDownAfter
            )
        | _ -> ()

        match replaced with
        | ValueSome before -> draft.Notify(Rename(before, record.Identity))
        | ValueNone -> ()

        match wasActive, Member.isActive record with
        | false, true -> draft.Notify(MemberUp record.Identity)
        | true, false -> draft.Notify(MemberDown record.Identity)
        | _ -> ()

        { Changed = true; IsActive = Member.isActive record }

    /// R12.7: whether a tombstone at the address of this identity stands against it: anything but
    /// a newer identity is a delayed word of the dead, unless the very one that is dead may return.
    let private isBuried (draft: Draft<'Id>) (identity: 'Id) mayReturn =
        match Tombstones.tryFind draft.Identities identity draft.Tombstones with
        | ValueSome dead when draft.Identities.SameIdentity(dead, identity) -> not mayReturn
        | ValueSome dead -> draft.Identities.WinsAddressConflict(dead, identity)
        | ValueNone -> false

    /// R3.1: where the update waits from now on.
    let private enqueue (draft: Draft<'Id>) (record: Member<'Id>) before disseminate : int =
        if disseminate then Dissemination.enqueue draft record before else before

    let private insert (draft: Draft<'Id>) (record: Member<'Id>) disseminate =
        draft.Tombstones <- Tombstones.remove draft.Identities draft.Edit record.Identity draft.Tombstones

        let slot = enqueue draft record -1 disseminate

        draft.Members <-
            MemberTable.insert draft.Identities draft.Edit &draft.Random record slot draft.Members

        follow draft record false ValueNone

    let private replace (draft: Draft<'Id>) position record replaced disseminate =
        let wasActive = position < draft.Members.ActiveCount
        let before = draft.Members.Rows.Reference(position).Slot
        let slot = enqueue draft record before disseminate

        draft.Members <-
            MemberTable.replace draft.Identities draft.Edit &draft.Random position record slot draft.Members

        follow draft record wasActive replaced

    /// R2, R3: merges one update about someone else into the table. `mayReturn` lets a forgotten
    /// identity back in (R12.7).
    let update (draft: Draft<'Id>) (update: Member<'Id>) disseminate mayReturn : Applied =
        let record = Member.create update.Identity update.Incarnation update.Status
        let position = MemberTable.find draft.Identities record.Identity draft.Members

        if position < 0 then
            if isBuried draft record.Identity mayReturn then
                nothing
            else
                insert draft record disseminate
        else
            let known = draft.Members[position]

            if draft.Identities.SameIdentity(known.Identity, record.Identity) then
                if Member.supersedes known record then
                    replace draft position record ValueNone disseminate
                else
                    { Changed = false; IsActive = Member.isActive known }
            elif draft.Identities.WinsAddressConflict(known.Identity, record.Identity) then
                nothing
            else
                replace draft position record (ValueSome known.Identity) disseminate

    /// R7.2: a probe of `target` failed: it is Suspect with the incarnation it had when the probe
    /// began, if it is still known.
    let suspect (draft: Draft<'Id>) (target: Member<'Id>) : unit =
        match MemberTable.tryFind draft.Identities target.Identity draft.Members with
        | ValueSome known when draft.Identities.SameIdentity(known.Identity, target.Identity) ->
            update draft (Member.suspect target.Identity target.Incarnation) true false |> ignore
        | _ -> ()

    /// R7.5, R12.1, R12.13: a suspicion had its time. Only a record that is still Suspect, of that
    /// identity and that incarnation, goes Down; whoever goes Down by this very step is told.
    let expire (draft: Draft<'Id>) (identity: 'Id) (incarnation: uint16) (token: uint64) : unit =
        match MemberTable.tryFind draft.Identities identity draft.Members with
        | ValueSome known when
            known.Status = Status.Suspect
            && known.Incarnation = incarnation
            && draft.Identities.SameIdentity(known.Identity, identity)
            ->
            if draft.IsCurrent token && draft.Connection = Connection.Active then
                update draft (Member.down identity) true false |> ignore
                Connecting.adjust draft

                if draft.Config.NotifyDownMembers then
                    Dissemination.send draft identity TurnUndead
            else
                // The suspicion was raised in an earlier life, or we are Defunct and no judge of
                // others: it is neither carried out nor lost, it gets its full time again (R12.11).
                draft.Schedule(
                    ChangeSuspectToDown(identity, incarnation, draft.Token),
                    draft.Config.SuspectToDownAfter
                )
        | _ -> ()

    /// R7.6, R12.7: forgets a member that is still Down, and leaves a tombstone.
    let forget (draft: Draft<'Id>) (identity: 'Id) : unit =
        let position = MemberTable.find draft.Identities identity draft.Members

        if position >= 0 then
            let known = draft.Members[position]

            if known.Status = Status.Down && draft.Identities.SameIdentity(known.Identity, identity) then
                draft.Schedule(RemoveTombstone draft.Tombstones.NextSequence, draft.Config.RemoveDownAfter)

                draft.Members <- MemberTable.remove draft.Identities draft.Edit position draft.Members
                draft.Tombstones <- Tombstones.add draft.Identities draft.Edit identity draft.Tombstones

    /// R12.7: a tombstone had its time.
    let expireTombstone (draft: Draft<'Id>) (sequence: uint64) : unit =
        draft.Tombstones <- Tombstones.expire draft.Identities draft.Edit sequence draft.Tombstones
