namespace Swim.Core

/// The probe cycle (R7).
[<RequireQualifiedAccess>]
module internal Probing =

    /// R7.2: closes the previous probe: an incomplete one is the host's fault and says nothing of its
    /// target; a failed one raises a suspicion.
    let private conclude (step: StepContext<'Id>) =
        match step.Probe.Target with
        | ValueSome _ when not step.Probe.ReachedIndirect -> step.Report SwimError.IncompleteProbeCycle
        | ValueSome target when not step.Probe.Answered -> Merging.suspect step target
        | _ -> ()

        step.Probe <- Probe.none step.Probe.Number

    /// R7.1, R7.2: pings the next member.
    let private start (step: StepContext<'Id>) =
        let struct (members, position) =
            MemberTable.next step.Identities step.Owner &step.Random step.Members

        step.Members <- members
        let target = members[position]
        let number = step.Probe.Number + 1u

        step.Probe <- { step.Probe with Number = number; Target = ValueSome target }

        Sending.sendPing step target.Identity (Ping number)
        step.Schedule(SendIndirectProbe(target.Identity, step.Token), step.Config.ProbeRtt)

    /// R7.2, R7.7: the probe period is over; the next begins.
    let probeRandomMember (step: StepContext<'Id>) (token: uint64) : unit =
        if step.IsCurrent token then
            if step.Connection <> Connection.Active then
                step.Report SwimError.NotConnected
            else
                conclude step
                start step
                step.Schedule(ProbeRandomMember step.Token, step.Config.ProbePeriod)

    /// R7.3: no direct answer in time: asks a few others to try.
    let sendIndirect (step: StepContext<'Id>) (probed: 'Id) (token: uint64) : unit =
        if step.IsCurrent token then
            let probe = { step.Probe with ReachedIndirect = true }
            step.Probe <- probe

            match probe.Target with
            | ValueSome target when
                not probe.Answered
                && step.Identities.SameIdentity(target.Identity, probed)
                && MemberTable.isActive step.Identities probed step.Members
                ->
                let helpers =
                    Sending.sendToChosen
                        step
                        step.Config.IndirectProbes
                        (ValueSome probed)
                        (PingReq(probed, probe.Number))

                step.Probe <- { probe with Helpers = List.ofSeq helpers }
            | _ -> ()

    /// R7.4: the target answered.
    let acknowledge (step: StepContext<'Id>) (source: 'Id) (number: uint32) : unit =
        match step.Probe.Target with
        | ValueSome target when
            number = step.Probe.Number && step.Identities.SameIdentity(target.Identity, source)
            ->
            step.Probe <- { step.Probe with Answered = true }
        | _ -> ()

    /// R7.4, R12.10: a helper passed the target's answer on. Each helper counts once, and only for
    /// the member that is being probed.
    let acknowledgeForwarded (step: StepContext<'Id>) (helper: 'Id) (origin: 'Id) (number: uint32) : unit =
        let isHelper (other: 'Id) = step.Identities.SameIdentity(other, helper)

        match step.Probe.Target with
        | ValueSome target when
            number = step.Probe.Number
            && step.Identities.SameIdentity(target.Identity, origin)
            && List.exists isHelper step.Probe.Helpers
            ->
            step.Probe <-
                { step.Probe with
                    Answered = true
                    Helpers = List.filter (isHelper >> not) step.Probe.Helpers
                }
        | _ -> ()
