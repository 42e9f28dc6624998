namespace Swim.Core

/// Our part in the cluster and the timers that go with it (R4).
[<RequireQualifiedAccess>]
module internal Connecting =

    let private schedulePeriodic (draft: Draft<'Id>) timer (setting: Periodic voption) =
        match setting with
        | ValueSome periodic -> draft.Schedule(timer, periodic.Frequency)
        | ValueNone -> ()

    /// R4.2: an active member is known, so it is probed, and the periodic timers run.
    let private startTimers (draft: Draft<'Id>) =
        draft.Schedule(ProbeRandomMember draft.Token, draft.Config.ProbePeriod)
        schedulePeriodic draft (PeriodicAnnounce draft.Token) draft.Config.PeriodicAnnounce
        schedulePeriodic draft (PeriodicGossip draft.Token) draft.Config.PeriodicGossip

    /// R12.3: announcing to Down members goes on while Idle, so its timer runs from the first
    /// record on, whoever is active.
    let private startAnnouncingToDown (draft: Draft<'Id>) =
        if
            not draft.AnnouncesToDown
            && draft.Connection <> Connection.Defunct
            && draft.Members.Count > 0
            && draft.Config.PeriodicAnnounceToDown.IsSome
        then
            draft.AnnouncesToDown <- true
            schedulePeriodic draft (PeriodicAnnounceDown draft.Token) draft.Config.PeriodicAnnounceToDown

    /// Ends a life of timers and the probe at hand (R4.3, R4.4).
    let private endTimers (draft: Draft<'Id>) =
        draft.Token <- draft.Token + 1UL
        draft.AnnouncesToDown <- false
        draft.AwaitingActive <- false

        draft.Probe <- Probe.none draft.Probe.Number

    /// R4.1 to R4.3: brings the connection in line with the table.
    let adjust (draft: Draft<'Id>) : unit =
        match draft.Connection with
        | Connection.Idle when draft.Members.ActiveCount > 0 ->
            draft.Connection <- Connection.Active
            startTimers draft
            draft.Notify Active
        | Connection.Active when draft.Members.ActiveCount = 0 ->
            draft.Connection <- Connection.Idle
            endTimers draft
            draft.Notify Idle
        | _ -> ()

        startAnnouncingToDown draft

    /// R4.4.
    let becomeDefunct (draft: Draft<'Id>) : unit =
        if draft.Connection <> Connection.Defunct then
            draft.Connection <- Connection.Defunct
            endTimers draft
            draft.Notify Defunct

    /// R6.2: a new life. Whoever knows an active member goes on probing at once, although `Active`
    /// is notified only when a message addressed to the new identity arrives (R12.2).
    let reset (draft: Draft<'Id>) : unit =
        let wasActive = draft.Connection = Connection.Active
        draft.Connection <- Connection.Idle
        draft.HasLeft <- false
        draft.Incarnation <- 0us
        endTimers draft

        if draft.Members.ActiveCount > 0 then
            draft.Connection <- Connection.Active
            draft.AwaitingActive <- true
            startTimers draft
        elif wasActive then
            // The new identity was that of our last active peer, or the packet that ends the previous one
            // took the last of them down.
            draft.Notify Idle

        startAnnouncingToDown draft

    /// R12.2: a message addressed to our identity arrived from an active member.
    let acknowledge (draft: Draft<'Id>) : unit =
        if draft.AwaitingActive then
            draft.AwaitingActive <- false
            draft.Notify Active
