namespace Swim.Core

/// What concerns our own identity: changing it (R6) and what others say of it (R5).
[<RequireQualifiedAccess>]
module internal OwnIdentity =

    /// R5.3: the identity to go on with after this one was declared down: it must exist, differ and
    /// win.
    let private renewed (step: StepContext<'Id>) : 'Id voption =
        match step.Identities.Renew step.Identity with
        | ValueSome next when
            not (step.IsOurs next) && step.Identities.WinsAddressConflict(next, step.Identity)
            ->
            ValueSome next
        | _ -> ValueNone

    /// A record of the identity that becomes ours would make us our own peer, and whoever else was
    /// at our address is there no more (R3.4).
    let private clearAddress (step: StepContext<'Id>) (next: 'Id) =
        let position = MemberTable.find step.Identities next step.Members

        if position >= 0 then
            let known = step.Members[position]

            if step.Identities.SameIdentity(known.Identity, next) then
                step.Members <- MemberTable.remove step.Identities step.Owner position step.Members

                if Member.isActive known then
                    step.Notify(MemberDown next)
            else
                Merging.update step (Member.down known.Identity) true false |> ignore

    let private assume (step: StepContext<'Id>) (next: 'Id) =
        let previous = step.Identity
        let wasDefunct = step.Connection = Connection.Defunct
        clearAddress step next
        // A member that takes part does not spread its own Down, however it came by the identity.
        UpdateQueue.withdrawUpdate step next
        step.Identity <- next
        ConnectionRules.reset step

        if not wasDefunct then
            UpdateQueue.enqueueUpdate step (Member.down previous)

        Sending.gossip step

    /// R6.2.
    let changeIdentity (step: StepContext<'Id>) (next: 'Id) : unit =
        if step.IsOurs next then
            step.Report SwimError.SameIdentity
        else
            assume step next

    /// R6.3, R12.5: back in after being declared down. A renewable identity is renewed; any other is
    /// kept, and what waits to tell of its end is taken back.
    let reuseDownIdentity (step: StepContext<'Id>) : unit =
        if step.Connection <> Connection.Defunct then
            step.Report SwimError.NotUndead
        else
            match renewed step with
            | ValueSome next ->
                assume step next
                step.Notify(Rejoin next)
            | ValueNone ->
                UpdateQueue.withdrawUpdate step step.Identity
                ConnectionRules.reset step

    /// R6.1: declares our own identity down and stays silent from then on (R12.6).
    let leave (step: StepContext<'Id>) : unit =
        if not step.HasLeft then
            UpdateQueue.enqueueUpdate step (Member.down step.Identity)
            Sending.gossip step
            step.HasLeft <- true
            ConnectionRules.becomeDefunct step

    /// R5.3: our identity is Down in the eyes of others: renew it, or be Defunct.
    let declaredDown (step: StepContext<'Id>) : unit =
        // R4.4, R12.6: only the caller leads out of Defunct.
        if step.Connection <> Connection.Defunct then
            match renewed step with
            | ValueSome next ->
                assume step next
                step.Notify(Rejoin next)
            | ValueNone -> ConnectionRules.becomeDefunct step

    /// R5.2, R12.9: we are suspected. A higher incarnation is the refutation; at the highest there
    /// is none, and only a suspicion of that very incarnation forces a rejoin.
    let private suspected (step: StepContext<'Id>) (incarnation: uint16) =
        if incarnation = System.UInt16.MaxValue then
            declaredDown step
        else
            if step.Incarnation <= incarnation then
                step.Incarnation <- incarnation + 1us

            Sending.gossip step

    /// R5: what others say of our identity.
    let update (step: StepContext<'Id>) (incarnation: uint16) (status: Status) : unit =
        if step.Connection <> Connection.Defunct then
            match status with
            | Status.Suspect -> suspected step incarnation
            | Status.Down -> declaredDown step
            | _ -> ()
