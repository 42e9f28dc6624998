namespace Swim.Core

/// What concerns our own identity: changing it (R6) and what others say of it (R5).
[<RequireQualifiedAccess>]
module internal Ourselves =

    /// R5.3: the identity to go on with after this one was declared down: it must exist, differ and
    /// win.
    let private renewed (draft: Draft<'Id>) : 'Id voption =
        match draft.Identities.Renew draft.Identity with
        | ValueSome next when
            not (draft.IsOurs next) && draft.Identities.WinsAddressConflict(next, draft.Identity)
            ->
            ValueSome next
        | _ -> ValueNone

    /// A record of the identity that becomes ours would make us our own peer, and whoever else was
    /// at our address is there no more (R3.4).
    let private clearAddress (draft: Draft<'Id>) (next: 'Id) =
        let position = MemberTable.find draft.Identities next draft.Members

        if position >= 0 then
            let known = draft.Members[position]

            if draft.Identities.SameIdentity(known.Identity, next) then
                draft.Members <- MemberTable.remove draft.Identities draft.Edit position draft.Members

                if Member.isActive known then
                    draft.Notify(MemberDown next)
            else
                Apply.update draft (Member.down known.Identity) true false |> ignore

    let private assume (draft: Draft<'Id>) (next: 'Id) =
        let previous = draft.Identity
        let wasDefunct = draft.Connection = Connection.Defunct
        clearAddress draft next
        // A member that takes part does not spread its own Down, however it came by the identity.
        Dissemination.withdrawUpdate draft next
        draft.Identity <- next
        Connecting.reset draft

        if not wasDefunct then
            Dissemination.enqueueUpdate draft (Member.down previous)

        Dissemination.gossip draft

    /// R6.2.
    let changeIdentity (draft: Draft<'Id>) (next: 'Id) : unit =
        if draft.IsOurs next then
            draft.Report SwimError.SameIdentity
        else
            assume draft next

    /// R6.3, R12.5: back in after being declared down. A renewable identity is renewed; any other is
    /// kept, and what waits to tell of its end is taken back.
    let reuseDownIdentity (draft: Draft<'Id>) : unit =
        if draft.Connection <> Connection.Defunct then
            draft.Report SwimError.NotUndead
        else
            match renewed draft with
            | ValueSome next ->
                assume draft next
                draft.Notify(Rejoin next)
            | ValueNone ->
                Dissemination.withdrawUpdate draft draft.Identity
                Connecting.reset draft

    /// R6.1: declares our own identity down and stays silent from then on (R12.6).
    let leave (draft: Draft<'Id>) : unit =
        if not draft.HasLeft then
            Dissemination.enqueueUpdate draft (Member.down draft.Identity)
            Dissemination.gossip draft
            draft.HasLeft <- true
            Connecting.becomeDefunct draft

    /// R5.3: our identity is Down in the eyes of others: renew it, or be Defunct.
    let declaredDown (draft: Draft<'Id>) : unit =
        // R4.4, R12.6: only the caller leads out of Defunct.
        if draft.Connection <> Connection.Defunct then
            match renewed draft with
            | ValueSome next ->
                assume draft next
                draft.Notify(Rejoin next)
            | ValueNone -> Connecting.becomeDefunct draft

    /// R5.2, R12.9: we are suspected. A higher incarnation is the refutation; at the highest there
    /// is none, and only a suspicion of that very incarnation forces a rejoin.
    let private suspected (draft: Draft<'Id>) (incarnation: uint16) =
        if incarnation = System.UInt16.MaxValue then
            declaredDown draft
        else
            if draft.Incarnation <= incarnation then
                draft.Incarnation <- incarnation + 1us

            Dissemination.gossip draft

    /// R5: what others say of our identity.
    let update (draft: Draft<'Id>) (incarnation: uint16) (status: Status) : unit =
        if draft.Connection <> Connection.Defunct then
            match status with
            | Status.Suspect -> suspected draft incarnation
            | Status.Down -> declaredDown draft
            | _ -> ()
