namespace Swim.Core

open Swim

/// The probe cycle (R7).
[<RequireQualifiedAccess>]
module internal Probing =

    /// R14.1: how much worse our local health gets by a failed probe: by one for each helper that neither reached the
    /// target nor told us so, as then it may be us that no member hears; by one if there was no helper.
    let private blame (probe: Probe<'Id>) : int =
        match probe.Helpers with
        | [] -> 1
        // A probe that failed has heard from none of them, so all that were asked are still there.
        | helpers -> List.length helpers - List.length probe.Nacks

    /// R7.2: concludes the previous probe. An incomplete one is a fault of the host and says nothing about its
    /// target; a failed one raises a suspicion.
    let private conclude (step: StepContext<'Id>) =
        let probe = step.State.Probe
        step.Change().Probe <- Probe.none probe.Number

        match probe.Target with
        | ValueNone -> ()
        | ValueSome _ when not probe.ReachedIndirect -> step.Report SwimError.IncompleteProbeCycle
        | ValueSome target when probe.Answered ->
            Health.change step (-1)
            Health.answered step target.Identity probe.Answer
        | ValueSome target ->
            // R14.4: a member that is impaired judges no other.
            if step.MayJudge then
                Health.change step (blame probe)
                Merging.suspect step target
                ConnectionRules.adjust step ChangeCause.Timer

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

                // A suspicion that we confirm may expire at once (R14.2), and leave no member to probe.
                if step.State.Connection = ConnectionState.Active then
                    start step

                    step.Schedule(
                        ProbeRandomMember step.State.Token,
                        Sizing.probePeriod &step.Rules.Config step.State.Health.Score
                    )

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
                let helpers = Sending.askHelpers step probed (Message.pingReq probed probe.Number)

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
                    // The target's own answer says more than a helper's (R14.5).
                    Answer =
                        (if step.State.Probe.Answered then
                             step.State.Probe.Answer
                         else
                             ProbeAnswer.Indirect)
                    Helpers = List.filter (isHelper >> not) step.State.Probe.Helpers
                }
        | _ -> ()

    /// R14.1: a helper says that the target did not answer it. So we are heard, and it is the target that is not.
    let hearNack (step: StepContext<'Id>) (helper: 'Id) (number: uint32) : unit =
        let probe = step.State.Probe
        let isHelper (other: 'Id) = step.Identities.SameIdentity(other, helper)

        if
            probe.Target.IsSome
            && number = probe.Number
            && List.exists isHelper probe.Helpers
            && not (List.exists isHelper probe.Nacks)
        then
            step.Change().Probe <- { probe with Nacks = helper :: probe.Nacks }
