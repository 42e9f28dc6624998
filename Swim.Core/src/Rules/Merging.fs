namespace Swim.Core

open Swim

/// The origin of an update, which determines how it is merged.
[<NoEquality; NoComparison>]
type internal UpdateOrigin =
    {
        /// The cause that the event names.
        Cause: ChangeCause
        /// Whether an update that changes the table is disseminated (R3.1).
        Disseminates: bool
        /// Whether the update re-admits the identity that a tombstone stands for (R12.7).
        ReadmitsForgotten: bool
    }

[<RequireQualifiedAccess>]
module internal UpdateOrigin =

    let private spread cause : UpdateOrigin =
        { Cause = cause; Disseminates = true; ReadmitsForgotten = false }

    /// A failed probe of this member.
    let probe = spread ChangeCause.Probe

    /// A suspicion of this member that expired.
    let timer = spread ChangeCause.Timer

    /// Another identity of this member, or of an impostor at its address.
    let identityChange = spread ChangeCause.IdentityChange

    /// The same, in records that all members know already.
    let knownIdentityChange = { identityChange with Disseminates = false }

    /// Other members.
    let gossip = spread ChangeCause.Gossip

    /// The caller, with records that all members know already.
    let known = { gossip with Disseminates = false }

    /// An Announce of a member whose identity cannot renew.
    let announce = { gossip with ReadmitsForgotten = true }

/// The outcome of merging an update.
[<Struct; NoEquality; NoComparison>]
type internal Merged =
    {
        /// Whether the record changed.
        Changed: bool
        /// Whether exactly the identity of the update is known and active now.
        IsActive: bool
    }

/// Updates about other members (R2, R3).
[<RequireQualifiedAccess>]
module internal Merging =

    let private nothing = { Changed = false; IsActive = false }

    /// R3.1 to R3.3, R12.11: what follows from a changed record; `notify` tells the user of it.
    let private follow
        (step: StepContext<'Id>)
        (record: inref<MemberRecord<'Id>>)
        (suspicion: Suspicion<'Id>)
        (notify: Effect<'Id>)
        : Merged =
        match record.Status with
        | MemberStatus.Down ->
            step.Schedule(RemoveDown(record.Identity, record.Incarnation), step.Rules.Config.RemoveDownAfter)
            AskingDown.start step &record
        | MemberStatus.Suspect -> Suspicions.schedule step &record suspicion
        | _ -> ()

        step.Emit notify
        { Changed = true; IsActive = record.IsActive }

    /// R12.7, R13.7: whether a tombstone at the address of this record stands against it. A tombstone rejects every
    /// identity that is not newer than the buried one, and the buried one unless it may be re-admitted or, where a
    /// Down can be refuted, has a higher incarnation.
    let private isBuried
        (step: StepContext<'Id>)
        (record: inref<MemberRecord<'Id>>)
        (origin: UpdateOrigin)
        : bool =
        match Tombstones.tryFind step.Identities record.Identity step.State.Tombstones with
        | ValueSome stone when step.Identities.SameIdentity(stone.Identity, record.Identity) ->
            not origin.ReadmitsForgotten
            && (step.DownIsFinal || record.Incarnation <= stone.Incarnation)
        | ValueSome stone -> step.Identities.WinsAddressConflict(stone.Identity, record.Identity)
        | ValueNone -> false

    /// R3.1: queues the update if it is disseminated, and returns its slot.
    let private enqueue
        (step: StepContext<'Id>)
        (record: inref<MemberRecord<'Id>>)
        slot
        (origin: UpdateOrigin)
        : int =
        if origin.Disseminates then UpdateQueue.enqueue step &record slot else slot

    let private insert (step: StepContext<'Id>) (record: inref<MemberRecord<'Id>>) (origin: UpdateOrigin) =
        step.SetTombstones(Tombstones.remove step.Identities step.Owner record.Identity step.State.Tombstones)

        let slot = enqueue step &record -1 origin
        let suspicion = Suspicions.start step &record true
        let row = Row.create record slot suspicion
        step.SetMembers(MemberTable.insert step.Identities step.Owner &step.Random row step.State.Members)
        follow step &record suspicion (Notify(SwimEvent.added record origin.Cause))

    let private replace
        (step: StepContext<'Id>)
        position
        (known: inref<MemberRecord<'Id>>)
        isSame
        (record: inref<MemberRecord<'Id>>)
        (origin: UpdateOrigin)
        =
        let before = step.State.Members.Rows[position]
        let slot = enqueue step &record before.Slot origin
        let suspicion = Suspicions.start step &record (not known.IsActive)
        let created = Row.create record slot suspicion

        // What is remembered of a member beside its record holds for as long as it is active.
        let row =
            if isSame && record.IsActive then
                { created with Health = before.Health; LinkFaults = before.LinkFaults }
            else
                created

        step.SetMembers(
            MemberTable.replace step.Identities step.Owner &step.Random position row step.State.Members
        )

        if record.IsActive && not known.IsActive then
            AskingDown.again step

        follow step &record suspicion (Notify(SwimEvent.changed isSame &known &record origin.Cause))

    let private merge
        (step: StepContext<'Id>)
        (origin: UpdateOrigin)
        (record: inref<MemberRecord<'Id>>)
        : Merged =
        let position = MemberTable.find step.Identities record.Identity step.State.Members

        if position < 0 then
            if isBuried step &record origin then nothing else insert step &record origin
        else
            let known = step.State.Members[position]

            if step.Identities.SameIdentity(known.Identity, record.Identity) then
                if MemberRecord.supersedesByRef step.DownIsFinal &known &record then
                    replace step position &known true &record origin
                else
                    { Changed = false; IsActive = known.IsActive }
            elif step.Identities.WinsAddressConflict(known.Identity, record.Identity) then
                nothing
            else
                replace step position &known false &record origin

    /// R7.5: a suspicion expired: the member is Down.
    let private declareDown (step: StepContext<'Id>) (identity: 'Id) (incarnation: uint16) : unit =
        let record = MemberRecord.normal step.DownIsFinal (MemberRecord.down identity incarnation)
        merge step UpdateOrigin.timer &record |> ignore

    /// R7.5: tells a member that it is Down by this very step.
    let private tellDown (step: StepContext<'Id>) (identity: 'Id) : unit =
        if step.Rules.Config.NotifyDownMembers then
            Sending.sendTurnUndead step identity

    /// R14.2: a record that changes nothing may confirm a suspicion. It is passed on then, so that the others count
    /// it too; and if the time that holds with one more confirmation is over, the suspicion expires now.
    let private confirm (step: StepContext<'Id>) (origin: UpdateOrigin) (record: inref<MemberRecord<'Id>>) =
        let position = MemberTable.findActive step.Identities record.Identity step.State.Members

        if position >= 0 then
            let suspicion = Suspicions.confirmed step position &record

            if not (isNull suspicion) then
                let slot = step.State.Members.Rows.Reference(position).Slot
                Suspicions.set step position (enqueue step &record slot origin) suspicion

                if suspicion.Confirmations > suspicion.Pending && step.MayJudge then
                    declareDown step record.Identity record.Incarnation
                    tellDown step record.Identity

    /// R13.2, R14.2: the record as the protocol keeps it.
    let private normal (step: StepContext<'Id>) (record: inref<MemberRecord<'Id>>) : MemberRecord<'Id> =
        let known = MemberRecord.normal step.DownIsFinal record

        if
            not (isNull known.Accuser)
            && (known.Status <> MemberStatus.Suspect || step.Rules.Config.SuspicionConfirmations = 0)
        then
            { known with Accuser = null }
        else
            known

    /// R2, R3: merges one update about another member into the table.
    let update (step: StepContext<'Id>) (origin: UpdateOrigin) (update: inref<MemberRecord<'Id>>) : Merged =
        if update.Status = MemberStatus.Alive && update.Incarnation < MemberRecord.Highest then
            merge step origin &update
        else
            let record = normal step &update
            let merged = merge step origin &record

            if not merged.Changed && not (isNull record.Accuser) then
                confirm step origin &record

            merged

    /// R7.2: a probe of `target` failed: it is Suspect with the incarnation it had when the probe
    /// began, if it is still known.
    let suspect (step: StepContext<'Id>) (target: MemberRecord<'Id>) : unit =
        match MemberTable.tryFind step.Identities target.Identity step.State.Members with
        | ValueSome known when step.Identities.SameIdentity(known.Identity, target.Identity) ->
            let record = MemberRecord.accused target.Identity target.Incarnation step.State.Identity
            update step UpdateOrigin.probe &record |> ignore
        | _ -> ()

    /// R7.5: the timer of the suspicion at `position` fired.
    let private expireAt (step: StepContext<'Id>) position (token: uint64) : unit =
        let row = step.State.Members.Rows[position]
        let suspicion = row.Suspicion

        if not (step.IsCurrent token && step.MayJudge) then
            // The suspicion was raised in an earlier life, or we judge no other member: it is neither carried out
            // nor lost, and its full time begins again (R12.11).
            let record = Row.record &row

            if isNull suspicion then
                Suspicions.schedule step &record null
            else
                let again = suspicion.Awaiting suspicion.Wanted
                Suspicions.set step position row.Slot again
                Suspicions.schedule step &record again
        elif isNull suspicion || suspicion.Confirmations >= suspicion.Pending then
            declareDown step row.Identity row.Incarnation
            ConnectionRules.adjust step ChangeCause.Timer
            tellDown step row.Identity
        else
            Suspicions.extend step position

    /// R7.5, R12.1, R12.13: a suspicion expired. Only a record that is still Suspect, of that identity and
    /// that incarnation, becomes Down, and only if it still waits for so many confirmations (R14.2); the member that
    /// becomes Down by this very step is told.
    let expire (step: StepContext<'Id>) (identity: 'Id) incarnation confirmations (token: uint64) : unit =
        let position = MemberTable.findActive step.Identities identity step.State.Members

        if position >= 0 then
            let row = &step.State.Members.Rows.Reference position

            if
                row.Status = MemberStatus.Suspect
                && row.Incarnation = incarnation
                && (isNull row.Suspicion || row.Suspicion.Pending = confirmations)
            then
                expireAt step position token

    /// R7.6, R12.7: forgets a member that is still Down at that incarnation, and leaves a tombstone.
    let forget (step: StepContext<'Id>) (identity: 'Id) (incarnation: uint16) : unit =
        let position = MemberTable.find step.Identities identity step.State.Members

        if position >= 0 then
            let known = step.State.Members[position]

            if
                known.Status = MemberStatus.Down
                && known.Incarnation = incarnation
                && step.Identities.SameIdentity(known.Identity, identity)
            then
                step.Schedule(
                    RemoveTombstone step.State.Tombstones.NextSequence,
                    step.Rules.Config.RemoveDownAfter
                )

                step.SetMembers(MemberTable.remove step.Identities step.Owner position step.State.Members)
                step.SetTombstones(Tombstones.add step.Identities step.Owner known step.State.Tombstones)
                step.Notify(SwimEvent.removed known ChangeCause.Timer)

    /// R12.7: a tombstone expires.
    let expireTombstone (step: StepContext<'Id>) (sequence: uint64) : unit =
        step.SetTombstones(Tombstones.expire step.Identities step.Owner sequence step.State.Tombstones)
