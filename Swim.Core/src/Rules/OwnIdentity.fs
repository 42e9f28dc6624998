namespace Swim.Core

open Swim

/// Our own identity: updates about it (R5), and operations on it (R6).
[<RequireQualifiedAccess>]
module internal OwnIdentity =

    /// R5.3: whether we can continue with this identity: it must exist, differ and win.
    let private canFollow (step: StepContext<'Id>) (next: 'Id voption) : bool =
        match next with
        | ValueSome next ->
            not (step.IsOurs next) && step.Identities.WinsAddressConflict(next, step.State.Identity)
        | ValueNone -> false

    /// R5.3: the identity to continue with after this one was declared Down.
    let private renewed (step: StepContext<'Id>) : 'Id voption =
        let next = step.Identities.Renew step.State.Identity
        if canFollow step next then next else ValueNone

    /// R13.5: the identity that wins over ours and over `rival`, in one leap.
    let private renewedAbove (step: StepContext<'Id>) (rival: 'Id) : 'Id voption =
        match step.Identities.RenewAbove(step.State.Identity, rival) with
        | ValueSome next when
            canFollow step (ValueSome next)
            && not (step.Identities.SameIdentity(next, rival))
            && step.Identities.WinsAddressConflict(next, rival)
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
                let record = step.Departed known.Identity
                Merging.update step UpdateOrigin.identityChange &record |> ignore

    let private assume (step: StepContext<'Id>) (next: 'Id) =
        let previous = step.State.Identity
        let wasDefunct = step.State.Connection = ConnectionState.Defunct
        clearAddress step next
        // R12.5: a member that takes part does not disseminate its own Down.
        UpdateQueue.withdrawUpdate step next
        ConnectionRules.reset step next

        if not wasDefunct then
            UpdateQueue.enqueueUpdate step (step.Departed previous)

        Sending.gossip step

    /// R6.2.
    let changeIdentity (step: StepContext<'Id>) (next: 'Id) : unit =
        if step.IsOurs next then
            step.Report SwimError.SameIdentity
        else
            assume step next

    let private rejoin (step: StepContext<'Id>) (next: 'Id) =
        let previous = step.Self
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
            UpdateQueue.enqueueUpdate step (step.Departed step.State.Identity)
            Sending.gossip step
            step.Change().HasLeft <- true
            ConnectionRules.becomeDefunct step ChangeCause.Leave

    /// R13.5: whether the protocol may renew our identity once more by itself. Where a Down can be refuted, that is
    /// rare, so more than a few renewals in a minute are a fight over our address.
    let private mayRenew (step: StepContext<'Id>) : bool =
        let claims = step.State.Claims

        if step.DownIsFinal then
            true
        elif claims.Renewals < AddressClaims.MaxRenewals then
            if claims.Renewals = 0 then
                step.Schedule(ResetRenewals, AddressClaims.RenewalWindow)

            step.Change().Claims <- { claims with Renewals = claims.Renewals + 1 }
            true
        else
            false

    /// R13.5: renewals are counted anew.
    let resetRenewals (step: StepContext<'Id>) : unit =
        let claims = step.State.Claims

        if claims.Renewals > 0 then
            step.Change().Claims <- { claims with Renewals = 0; IsNotified = false }

    /// R5.3: our identity is Down for good in the view of others: renew it, or be Defunct.
    let declaredDown (step: StepContext<'Id>) : unit =
        // R4.4, R12.6: only the caller leads out of Defunct.
        if step.State.Connection <> ConnectionState.Defunct then
            match renewed step with
            | ValueSome next ->
                if mayRenew step then
                    rejoin step next
            | ValueNone -> ConnectionRules.becomeDefunct step ChangeCause.Gossip

    /// R13.5: a newer identity holds our address in the view of others: we renew to above it in one leap. After a
    /// few of these within a minute we wait, and the user is told, once. Returns false if no identity of ours wins.
    let claimed (step: StepContext<'Id>) (rival: MemberRecord<'Id>) : bool =
        match renewedAbove step rival.Identity with
        | ValueSome next ->
            if mayRenew step then
                rejoin step next
            elif not step.State.Claims.IsNotified then
                step.Change().Claims <- { step.State.Claims with IsNotified = true }

                step.Notify(
                    SwimEvent.own SwimEventKind.AddressConflict step.Self rival ChangeCause.IdentityChange
                )

            true
        | ValueNone -> false

    /// R5.2, R12.9, R13.3: others say that we are Suspect, or Down, at that incarnation. A higher one is the
    /// refutation; at the last there is none, and only that very incarnation forces a rejoin.
    let private refute (step: StepContext<'Id>) (incarnation: uint16) =
        if incarnation >= MemberRecord.lastIncarnation step.DownIsFinal then
            declaredDown step
        else
            if step.State.Incarnation <= incarnation then
                let previous = step.Self
                step.Change().Incarnation <- incarnation + 1us
                Health.change step 1
                step.NotifyOwn(SwimEventKind.SelfRefuted, previous, ChangeCause.Refutation)

            Sending.gossip step

    /// R5: what others say of our identity.
    let update (step: StepContext<'Id>) (incarnation: uint16) (status: MemberStatus) : unit =
        if step.State.Connection <> ConnectionState.Defunct then
            match status with
            | MemberStatus.Suspect -> refute step incarnation
            | MemberStatus.Down -> if step.DownIsFinal then declaredDown step else refute step incarnation
            | _ -> ()

    /// R5.3, R13.3 to R13.5: a member tells us that we are not active in its table, and why.
    let obey (step: StepContext<'Id>) (reasons: System.ArraySegment<MemberRecord<'Id>>) : unit =
        if step.DownIsFinal then
            declaredDown step
        elif step.State.Connection = ConnectionState.Defunct then
            ()
        elif reasons.Count = 0 then
            refute step step.State.Incarnation
        else
            let reason = reasons[0]

            if step.IsOurs reason.Identity then
                update step reason.Incarnation reason.Status
            elif
                step.IsAtOurAddress reason.Identity
                && step.Identities.WinsAddressConflict(reason.Identity, step.State.Identity)
                && not (claimed step reason)
            then
                ConnectionRules.becomeDefunct step ChangeCause.IdentityChange
