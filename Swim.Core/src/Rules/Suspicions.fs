namespace Swim.Core

open Swim

/// How long a suspicion lasts, and who shortens it (R14.2).
[<RequireQualifiedAccess>]
module internal Suspicions =

    /// What to remember of a suspicion that begins. `isNew` tells whether the suspect was not active before. Without
    /// confirmations there is nothing to remember.
    let start (step: StepContext<'Id>) (record: inref<MemberRecord<'Id>>) (isNew: bool) : Suspicion<'Id> =
        if record.Status <> MemberStatus.Suspect || step.Rules.Config.SuspicionConfirmations = 0 then
            null
        else
            let members = if isNew then step.KnownMembers + 1 else step.KnownMembers
            // The other members, without the suspect and the one that raised the suspicion.
            let wanted = min step.Rules.Config.SuspicionConfirmations (max 0 (members - 2))
            let shortest = Sizing.suspicion &step.Rules.Config members

            let longest =
                if wanted = 0 then
                    shortest
                else
                    Sizing.longestSuspicion &step.Rules.Config shortest

            let accusers = if isNull record.Accuser then [] else [ record.Accuser.Identity ]
            Suspicion(record.Accuser, accusers, wanted, wanted, shortest, longest)

    /// R12.11: the timer of a suspicion that begins, or that begins again.
    let schedule
        (step: StepContext<'Id>)
        (record: inref<MemberRecord<'Id>>)
        (suspicion: Suspicion<'Id>)
        : unit =
        let wanted, after =
            if isNull suspicion then
                0, Sizing.suspicion &step.Rules.Config step.KnownMembers
            else
                suspicion.Wanted, suspicion.Shortest

        step.Schedule(
            ChangeSuspectToDown(record.Identity, record.Incarnation, wanted, step.State.Token),
            after
        )

    /// Whether this accuser counts: it is active here or ours, not the suspect, not one that was counted,
    /// and it trusts its own host and network (R14.3).
    let private counts (step: StepContext<'Id>) (row: inref<Row<'Id>>) (accuser: 'Id) : bool =
        let isAccuser other = step.Identities.SameIdentity(other, accuser)

        if
            row.Suspicion.Confirmations >= row.Suspicion.Wanted
            || List.exists isAccuser row.Suspicion.Accusers
            || step.Identities.SameAddress(row.Identity, accuser)
        then
            false
        elif step.IsOurs accuser then
            Health.isTrusted step step.State.Health.Score
        else
            let position = MemberTable.findActive step.Identities accuser step.State.Members

            position >= 0
            && Health.isTrusted step (int (step.State.Members.Rows.Reference(position).Health))

    /// R14.2: the suspicion at `position` as one more member confirms it, or null if the record, which names an accuser,
    /// does not.
    let confirmed (step: StepContext<'Id>) position (record: inref<MemberRecord<'Id>>) : Suspicion<'Id> =
        let row = &step.State.Members.Rows.Reference position

        if
            isNull row.Suspicion
            || row.Incarnation <> record.Incarnation
            || not (step.Identities.SameIdentity(row.Identity, record.Identity))
            || not (counts step &row record.Accuser.Identity)
        then
            null
        else
            row.Suspicion.ConfirmedBy record.Accuser.Identity

    /// Puts `suspicion` in the place of the one at `position`; its update waits at `slot`.
    let set (step: StepContext<'Id>) position slot (suspicion: Suspicion<'Id>) : unit =
        let row = { step.State.Members.Rows[position] with Suspicion = suspicion; Slot = slot }
        step.SetMembers(MemberTable.setRow step.Owner position row step.State.Members)

    /// R14.2: the timer of the suspicion at `position` fired, and too few members confirmed it: it lasts until it
    /// would with one less.
    let extend (step: StepContext<'Id>) position : unit =
        let row = step.State.Members.Rows[position]
        let suspicion = row.Suspicion
        let next = suspicion.Pending - 1
        let timeout = Suspicion.timeout suspicion.Wanted suspicion.Shortest suspicion.Longest
        set step position row.Slot (suspicion.Awaiting next)

        step.Schedule(
            ChangeSuspectToDown(row.Identity, row.Incarnation, next, step.State.Token),
            timeout next - timeout suspicion.Pending
        )
