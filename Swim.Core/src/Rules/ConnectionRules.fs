namespace Swim.Core

/// Our part in the cluster and the timers that go with it (R4).
[<RequireQualifiedAccess>]
module internal ConnectionRules =

    let private schedulePeriodic (step: StepContext<'Id>) timer (setting: Periodic voption) =
        match setting with
        | ValueSome periodic -> step.Schedule(timer, periodic.Frequency)
        | ValueNone -> ()

    /// R4.2: an active member is known, so it is probed, and the periodic timers run.
    let private startTimers (step: StepContext<'Id>) =
        step.Schedule(ProbeRandomMember step.Token, step.Config.ProbePeriod)
        schedulePeriodic step (PeriodicAnnounce step.Token) step.Config.PeriodicAnnounce
        schedulePeriodic step (PeriodicGossip step.Token) step.Config.PeriodicGossip

    /// R12.3: announcing to Down members goes on while Idle, so its timer runs from the first
    /// record on, whoever is active.
    let private startAnnouncingToDown (step: StepContext<'Id>) =
        if
            not step.AnnouncesToDown
            && step.Connection <> Connection.Defunct
            && step.Members.Count > 0
            && step.Config.PeriodicAnnounceToDown.IsSome
        then
            step.AnnouncesToDown <- true
            schedulePeriodic step (PeriodicAnnounceDown step.Token) step.Config.PeriodicAnnounceToDown

    /// Ends a life of timers and the probe at hand (R4.3, R4.4).
    let private endTimers (step: StepContext<'Id>) =
        step.Token <- step.Token + 1UL
        step.AnnouncesToDown <- false
        step.AwaitingActive <- false

        step.Probe <- Probe.none step.Probe.Number

    /// R4.1 to R4.3: brings the connection in line with the table.
    let adjust (step: StepContext<'Id>) : unit =
        match step.Connection with
        | Connection.Idle when step.Members.ActiveCount > 0 ->
            step.Connection <- Connection.Active
            startTimers step
            step.Notify Active
        | Connection.Active when step.Members.ActiveCount = 0 ->
            step.Connection <- Connection.Idle
            endTimers step
            step.Notify Idle
        | _ -> ()

        startAnnouncingToDown step

    /// R4.4.
    let becomeDefunct (step: StepContext<'Id>) : unit =
        if step.Connection <> Connection.Defunct then
            step.Connection <- Connection.Defunct
            endTimers step
            step.Notify Defunct

    /// R6.2: a new life. Whoever knows an active member goes on probing at once, although `Active`
    /// is notified only when a message addressed to the new identity arrives (R12.2).
    let reset (step: StepContext<'Id>) : unit =
        let wasActive = step.Connection = Connection.Active
        step.Connection <- Connection.Idle
        step.HasLeft <- false
        step.Incarnation <- 0us
        endTimers step

        if step.Members.ActiveCount > 0 then
            step.Connection <- Connection.Active
            step.AwaitingActive <- true
            startTimers step
        elif wasActive then
            // The new identity was that of our last active peer, or the packet that ends the previous one
            // took the last of them down.
            step.Notify Idle

        startAnnouncingToDown step

    /// R12.2: a message addressed to our identity arrived from an active member.
    let acknowledge (step: StepContext<'Id>) : unit =
        if step.AwaitingActive then
            step.AwaitingActive <- false
            step.Notify Active
