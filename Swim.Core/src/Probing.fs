namespace Swim.Core

/// The probe cycle (R7).
[<RequireQualifiedAccess>]
module internal Probing =

    /// R7.2: closes the previous probe: an incomplete one is the host's fault and says nothing of its
    /// target; a failed one raises a suspicion.
    let private conclude (draft: Draft<'Id>) =
        match draft.Probe.Target with
        | ValueSome _ when not draft.Probe.ReachedIndirect -> draft.Report SwimError.IncompleteProbeCycle
        | ValueSome target when not draft.Probe.Answered -> Apply.suspect draft target
        | _ -> ()

        draft.Probe <- Probe.none draft.Probe.Number

    /// R7.1, R7.2: pings the next member.
    let private start (draft: Draft<'Id>) =
        let struct (members, position) =
            MemberTable.next draft.Identities draft.Edit &draft.Random draft.Members

        draft.Members <- members
        let target = members[position]
        let number = draft.Probe.Number + 1u

        draft.Probe <- { draft.Probe with Number = number; Target = ValueSome target }

        Dissemination.sendPing draft target.Identity (Ping number)
        draft.Schedule(SendIndirectProbe(target.Identity, draft.Token), draft.Config.ProbeRtt)

    /// R7.2, R7.7: the probe period is over; the next begins.
    let probeRandomMember (draft: Draft<'Id>) (token: uint64) : unit =
        if draft.IsCurrent token then
            if draft.Connection <> Connection.Active then
                draft.Report SwimError.NotConnected
            else
                conclude draft
                start draft
                draft.Schedule(ProbeRandomMember draft.Token, draft.Config.ProbePeriod)

    /// R7.3: no direct answer in time: asks a few others to try.
    let sendIndirect (draft: Draft<'Id>) (probed: 'Id) (token: uint64) : unit =
        if draft.IsCurrent token then
            let probe = { draft.Probe with ReachedIndirect = true }
            draft.Probe <- probe

            match probe.Target with
            | ValueSome target when
                not probe.Answered
                && draft.Identities.SameIdentity(target.Identity, probed)
                && MemberTable.isActive draft.Identities probed draft.Members
                ->
                let helpers =
                    Dissemination.sendToChosen
                        draft
                        draft.Config.IndirectProbes
                        (ValueSome probed)
                        (PingReq(probed, probe.Number))

                draft.Probe <- { probe with Helpers = List.ofSeq helpers }
            | _ -> ()

    /// R7.4: the target answered.
    let acknowledge (draft: Draft<'Id>) (source: 'Id) (number: uint32) : unit =
        match draft.Probe.Target with
        | ValueSome target when
            number = draft.Probe.Number && draft.Identities.SameIdentity(target.Identity, source)
            ->
            draft.Probe <- { draft.Probe with Answered = true }
        | _ -> ()

    /// R7.4, R12.10: a helper passed the target's answer on. Each helper counts once, and only for
    /// the member that is being probed.
    let acknowledgeForwarded (draft: Draft<'Id>) (helper: 'Id) (origin: 'Id) (number: uint32) : unit =
        let isHelper (other: 'Id) = draft.Identities.SameIdentity(other, helper)

        match draft.Probe.Target with
        | ValueSome target when
            number = draft.Probe.Number
            && draft.Identities.SameIdentity(target.Identity, origin)
            && List.exists isHelper draft.Probe.Helpers
            ->
            draft.Probe <-
                { draft.Probe with
                    Answered = true
                    Helpers = List.filter (isHelper >> not) draft.Probe.Helpers
                }
        | _ -> ()
