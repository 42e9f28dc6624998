namespace Swim.Core

open Swim

/// Local health (R14.1, R14.4), that of others (R14.3), and the health of links (R14.5).
[<RequireQualifiedAccess>]
module internal Health =

    /// Whether local health is on.
    let isOn (step: StepContext<'Id>) : bool = step.Rules.Config.MaxLocalHealth > 0

    /// R14.1: our local health gets worse by so much, or better by a negative number.
    let change (step: StepContext<'Id>) (by: int) : unit =
        let health = step.State.Health
        let score = health.Score + by |> max 0 |> min step.Rules.Config.MaxLocalHealth

        if score <> health.Score then
            step.Change().Health <- { health with Score = score }

    /// R14.4: the host noticed that it runs late, or that this is over. What a probe says of its target says as much
    /// of us then, so the probe is void.
    let observe (step: StepContext<'Id>) (isHealthy: bool) : unit =
        if isOn step then
            if not isHealthy then
                change step 1
                step.Change().Probe <- Probe.none step.State.Probe.Number

            if step.State.Health.IsImpaired = isHealthy then
                step.Change().Health <- { step.State.Health with IsImpaired = not isHealthy }

    let private setRow (step: StepContext<'Id>) position row =
        step.SetMembers(MemberTable.setRow step.Owner position row step.State.Members)

    /// R14.3: a member tells us its local health.
    let hear (step: StepContext<'Id>) (header: inref<PacketHeader<'Id>>) : unit =
        if isOn step then
            let position = MemberTable.findActive step.Identities header.Source step.State.Members

            if position >= 0 && step.State.Members.Rows.Reference(position).Health <> header.Health then
                setRow step position { step.State.Members.Rows[position] with Health = header.Health }

    /// R14.5: a probe of this member was answered, by itself or through helpers only.
    let answered (step: StepContext<'Id>) (target: 'Id) (answer: ProbeAnswer) : unit =
        let position =
            if isOn step then
                MemberTable.findActive step.Identities target step.State.Members
            else
                -1

        if position >= 0 then
            let row = step.State.Members.Rows[position]
            let isDirect = answer = ProbeAnswer.Direct

            let faults = if isDirect then 0uy else min LocalHealth.MaxLinkFaults (row.LinkFaults + 1uy)

            if faults <> row.LinkFaults then
                setRow step position { row with LinkFaults = faults }

                if faults = LocalHealth.MaxLinkFaults then
                    step.Notify(SwimEvent.link SwimEventKind.LinkImpaired (Row.record &row))
                elif row.LinkFaults = LocalHealth.MaxLinkFaults then
                    step.Notify(SwimEvent.link SwimEventKind.LinkRestored (Row.record &row))

    /// R14.3: whether a member whose local health is poor confirms suspicions.
    let isTrusted (step: StepContext<'Id>) (score: int) : bool =
        not step.Rules.Config.AccountableAccusers || score < LocalHealth.PoorScore
