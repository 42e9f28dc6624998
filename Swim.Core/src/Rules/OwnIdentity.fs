namespace Swim.Core

open Swim

/// Our own identity: updates about it (R5), and operations on it (R6).
[<RequireQualifiedAccess>]
module internal OwnIdentity =

    /// R5.3: the identity to continue with after this one was declared Down: it must exist, differ and win.
    let private renewed (step: StepContext<'Id>) : 'Id voption =
        match step.Identities.Renew step.State.Identity with
        | ValueSome next when
            not (step.IsOurs next) && step.Identities.WinsAddressConflict(next, step.State.Identity)
            ->
            ValueSome next
        | _ -> ValueNone

    /// R6.2: drops the record of the identity that becomes ours, which would make us our own peer, and declares
    /// any other identity at its address Down.
    let private clearAddress (step: StepContext<'Id>) (next: 'Id) =
        let position = MemberTable.find step.Identities next step.State.Members

        if position >= 0 then
            let known = step.State.Members[position]

            if step.Identities.SameIdentity(known.Identity, next) then
                step.SetMembers(MemberTable.remove step.Identities step.Owner position step.State.Members)
                step.Notify(SwimEvent.removed known ChangeCause.IdentityChange)
            else
                let record = MemberRecord.down known.Identity
                Merging.update step UpdateOrigin.identityChange &record |> ignore

    let private assume (step: StepContext<'Id>) (next: 'Id) =
        let previous = step.State.Identity
        let wasDefunct = step.State.Connection = ConnectionState.Defunct
        clearAddress step next
        // R12.5: a member that takes part does not disseminate its own Down.
        UpdateQueue.withdrawUpdate step next
        ConnectionRules.reset step next

        if not wasDefunct then
            UpdateQueue.enqueueUpdate step (MemberRecord.down previous)

        Sending.gossip step

    /// R6.2.
    let changeIdentity (step: StepContext<'Id>) (next: 'Id) : unit =
        if step.IsOurs next then
            step.Report SwimError.SameIdentity
        else
            assume step next

    let private rejoin (step: StepContext<'Id>) (next: 'Id) =
        let previous = step.State.Self
        assume step next
        step.NotifyOwn(SwimEventKind.Rejoined, previous, ChangeCause.IdentityChange)

    /// R6.3, R12.5: takes part again after being declared Down. A renewable identity is renewed; any other is
    /// kept, and the queued update about its end is withdrawn.
    let reuseDownIdentity (step: StepContext<'Id>) : unit =
        if step.State.Connection <> ConnectionState.Defunct then
            step.Report SwimError.NotUndead
        else
            match renewed step with
            | ValueSome next -> rejoin step next
            | ValueNone ->
                UpdateQueue.withdrawUpdate step step.State.Identity
                ConnectionRules.reset step step.State.Identity

    /// R6.1: declares our own identity Down and stays silent from then on (R12.6).
    let leave (step: StepContext<'Id>) : unit =
        if not step.State.HasLeft then
            UpdateQueue.enqueueUpdate step (MemberRecord.down step.State.Identity)
            Sending.gossip step
            step.Change().HasLeft <- true
            ConnectionRules.becomeDefunct step ChangeCause.Leave

    /// R5.3: our identity is Down in the view of others: renew it, or be Defunct.
    let declaredDown (step: StepContext<'Id>) : unit =
        // R4.4, R12.6: only the caller leads out of Defunct.
        if step.State.Connection <> ConnectionState.Defunct then
            match renewed step with
            | ValueSome next -> rejoin step next
            | ValueNone -> ConnectionRules.becomeDefunct step ChangeCause.Gossip

    /// R5.2, R12.9: we are suspected. A higher incarnation is the refutation; at the highest there
    /// is none, and only a suspicion of that very incarnation forces a rejoin.
    let private suspected (step: StepContext<'Id>) (incarnation: uint16) =
        if incarnation = System.UInt16.MaxValue then
            declaredDown step
        else
            if step.State.Incarnation <= incarnation then
                let previous = step.State.Self
                step.Change().Incarnation <- incarnation + 1us
                step.NotifyOwn(SwimEventKind.SelfRefuted, previous, ChangeCause.Refutation)

            Sending.gossip step

    /// R5: what others say of our identity.
    let update (step: StepContext<'Id>) (incarnation: uint16) (status: MemberStatus) : unit =
        if step.State.Connection <> ConnectionState.Defunct then
            match status with
            | MemberStatus.Suspect -> suspected step incarnation
            | MemberStatus.Down -> declaredDown step
            | _ -> ()
