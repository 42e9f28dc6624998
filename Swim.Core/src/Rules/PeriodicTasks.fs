namespace Swim.Core

/// What is done again and again (R8.4). A timer that finds its setting switched off runs out.
[<RequireQualifiedAccess>]
module internal PeriodicTasks =

    let private again (step: StepContext<'Id>) timer (setting: Periodic voption) token (action: int -> unit) =
        match setting with
        | ValueSome periodic when step.IsCurrent token && step.Connection = Connection.Active ->
            step.Schedule(timer, periodic.Frequency)
            action periodic.Members
        | _ -> ()

    /// Asks a few active members for more members.
    let announce (step: StepContext<'Id>) (token: uint64) : unit =
        again step (PeriodicAnnounce token) step.Config.PeriodicAnnounce token (fun count ->
            Sending.sendToChosen step count ValueNone Announce |> ignore)

    /// Sends what waits, if anything does.
    let gossip (step: StepContext<'Id>) (token: uint64) : unit =
        again step (PeriodicGossip token) step.Config.PeriodicGossip token (fun count ->
            if step.Updates.Count > 0 || step.Broadcasts.Count > 0 then
                Sending.gossipTo step count)

    /// Asks a few Down members whether they are back; while Idle too (R12.3). With no record left
    /// there is nobody to ask, and the timer runs out until there is.
    let announceDown (step: StepContext<'Id>) (token: uint64) : unit =
        if step.IsCurrent token && step.Connection <> Connection.Defunct then
            match step.Config.PeriodicAnnounceToDown with
            | ValueSome periodic when step.Members.Count > 0 ->
                step.Schedule(PeriodicAnnounceDown token, periodic.Frequency)
                let first = step.Members.ActiveCount
                let draw = step.RandomDraw
                let mutable left = periodic.Members
                draw.Begin(first, step.Members.Count - first, left)
                let mutable position = draw.Next(&step.Random)

                while position >= 0 && left > 0 do
                    let identity = step.Members[position].Identity

                    // An identity that we gave up is Down too, but it is nobody to ask.
                    if not (step.Identities.SameAddress(step.Identity, identity)) then
                        Sending.send step identity Announce
                        left <- left - 1

                    position <- draw.Next(&step.Random)
            | _ -> step.AnnouncesToDown <- false
