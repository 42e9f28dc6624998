namespace Swim.Core

open Swim

/// The probe cycle (R7).
[<RequireQualifiedAccess>]
module internal Probing =

    /// R7.2: concludes the previous probe. An incomplete one is a fault of the host and says nothing about its
    /// target; a failed one raises a suspicion.
    let private conclude (step: StepContext<'Id>) =
        match step.State.Probe.Target with
        | ValueSome _ when not step.State.Probe.ReachedIndirect -> step.Report SwimError.IncompleteProbeCycle
        | ValueSome target when not step.State.Probe.Answered -> Merging.suspect step target
        | _ -> ()

        step.Change().Probe <- Probe.none step.State.Probe.Number

    /// R7.1, R7.2: pings the next member.
    let private start (step: StepContext<'Id>) =
        let struct (members, position) =
            MemberTable.next step.Identities step.Owner &step.Random step.State.Members

        step.SetMembers members
        let target = members[position]
        let number = step.State.Probe.Number + 1u

        step.Change().Probe <- { step.State.Probe with Number = number; Target = ValueSome target }

        Sending.sendPing step target.Identity (Message.ping number)
        step.Schedule(SendIndirectProbe(target.Identity, step.State.Token), step.Rules.Config.ProbeRtt)

    /// R7.2, R7.7: the probe period is over; the next begins.
    let probeRandomMember (step: StepContext<'Id>) (token: uint64) : unit =
        if step.IsCurrent token then
            if step.State.Connection <> ConnectionState.Active then
                step.Report SwimError.NotConnected
            else
                conclude step
                start step
                step.Schedule(ProbeRandomMember step.State.Token, step.Rules.Config.ProbePeriod)

    /// R7.3: no direct answer came in time: asks a few helpers.
    let sendIndirect (step: StepContext<'Id>) (probed: 'Id) (token: uint64) : unit =
        if step.IsCurrent token then
            let probe = { step.State.Probe with ReachedIndirect = true }
            step.Change().Probe <- probe

            match probe.Target with
            | ValueSome target when
                not probe.Answered
                && step.Identities.SameIdentity(target.Identity, probed)
                && MemberTable.isActive step.Identities probed step.State.Members
                ->
                let helpers =
                    Sending.sendToChosen
                        step
                        step.Rules.Config.IndirectProbes
                        (ValueSome probed)
                        (Message.pingReq probed probe.Number)

                step.Change().Probe <- { probe with Helpers = List.ofSeq helpers }
            | _ -> ()

    /// R7.4: the target answered.
    let acknowledge (step: StepContext<'Id>) (source: 'Id) (number: uint32) : unit =
        match step.State.Probe.Target with
        | ValueSome target when
            number = step.State.Probe.Number && step.Identities.SameIdentity(target.Identity, source)
            ->
            step.Change().Probe <- { step.State.Probe with Answer = ProbeAnswer.Direct }
        | _ -> ()

    /// R7.4, R12.10: a helper forwarded the answer of the target. Each helper counts once, and only for the
    /// member that is being probed.
    let acknowledgeForwarded (step: StepContext<'Id>) (helper: 'Id) (origin: 'Id) (number: uint32) : unit =
        let isHelper (other: 'Id) = step.Identities.SameIdentity(other, helper)

        match step.State.Probe.Target with
        | ValueSome target when
            number = step.State.Probe.Number
            && step.Identities.SameIdentity(target.Identity, origin)
            && List.exists isHelper step.State.Probe.Helpers
            ->
            step.Change().Probe <-
                { step.State.Probe with
                    Answer = ProbeAnswer.Indirect
                    Helpers = List.filter (isHelper >> not) step.State.Probe.Helpers
                }
        | _ -> ()
