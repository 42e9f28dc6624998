namespace Swim.Core

open System
open Swim

/// The connection and its timers (R4).
[<RequireQualifiedAccess>]
module internal ConnectionRules =

    let private schedulePeriodic (step: StepContext<'Id>) timer (setting: Nullable<PeriodicSetting>) =
        if setting.HasValue then
            step.Schedule(timer, setting.Value.Frequency)

    /// R4.2: an active member is known, so it is probed, and the periodic timers run.
    let private startTimers (step: StepContext<'Id>) =
        step.Schedule(ProbeRandomMember step.State.Token, step.Rules.Config.ProbePeriod)
        schedulePeriodic step (PeriodicAnnounce step.State.Token) step.Rules.Config.PeriodicAnnounce
        schedulePeriodic step (PeriodicGossip step.State.Token) step.Rules.Config.PeriodicGossip

    /// R12.3: announcing to Down members continues while Idle, so its timer runs from the first record on.
    let private startAnnouncingToDown (step: StepContext<'Id>) =
        if
            not step.State.AnnouncesToDown
            && step.State.Connection <> ConnectionState.Defunct
            && step.State.Members.Count > 0
            && step.Rules.Config.PeriodicAnnounceToDown.HasValue
        then
            step.Change().AnnouncesToDown <- true

            schedulePeriodic
                step
                (PeriodicAnnounceDown step.State.Token)
                step.Rules.Config.PeriodicAnnounceToDown

    /// Ends a life of timers and the current probe (R4.3, R4.4).
    let private endTimers (step: StepContext<'Id>) =
        let state = step.Change()
        state.Token <- state.Token + 1UL
        state.AnnouncesToDown <- false
        state.AwaitingActive <- false
        state.Probe <- Probe.none state.Probe.Number
        state.Health <- { state.Health with Helped = [] }

    /// R4.1 to R4.3: brings the connection in line with the table.
    let adjust (step: StepContext<'Id>) (cause: ChangeCause) : unit =
        match step.State.Connection with
        | ConnectionState.Idle when step.State.Members.ActiveCount > 0 ->
            step.Change().Connection <- ConnectionState.Active
            startTimers step
            step.NotifyOwn(SwimEventKind.Active, step.Self, cause)
        | ConnectionState.Active when step.State.Members.ActiveCount = 0 ->
            step.Change().Connection <- ConnectionState.Idle
            endTimers step
            step.NotifyOwn(SwimEventKind.Idle, step.Self, cause)
        | _ -> ()

        startAnnouncingToDown step

    /// R4.4.
    let becomeDefunct (step: StepContext<'Id>) (cause: ChangeCause) : unit =
        if step.State.Connection <> ConnectionState.Defunct then
            let previous = step.Self
            step.Change().Connection <- ConnectionState.Defunct
            endTimers step
            step.NotifyOwn(SwimEventKind.Defunct, previous, cause)

    /// R6.2: a new life, under the identity `next`. A member that knows an active one continues to probe at once,
    /// although `Active` is notified only when a message addressed to the new identity arrives (R12.2).
    let reset (step: StepContext<'Id>) (next: 'Id) : unit =
        let previous = step.Self
        let wasActive = step.State.Connection = ConnectionState.Active
        let state = step.Change()
        state.Identity <- next
        state.Connection <- ConnectionState.Idle
        state.HasLeft <- false
        state.Incarnation <- 0us
        endTimers step

        if state.Members.ActiveCount > 0 then
            state.Connection <- ConnectionState.Active
            state.AwaitingActive <- true
            startTimers step
        elif wasActive then
            // The new identity was that of our last active peer, or the update that declared us Down took the last
            // active member down too. It is the previous life that ends, before the new one is told.
            step.Notify(SwimEvent.own SwimEventKind.Idle previous previous ChangeCause.IdentityChange)

        startAnnouncingToDown step

    /// R12.2: a message addressed to our identity arrived from an active member.
    let acknowledge (step: StepContext<'Id>) : unit =
        if step.State.AwaitingActive then
            step.Change().AwaitingActive <- false
            step.NotifyOwn(SwimEventKind.Active, step.Self, ChangeCause.Gossip)
