namespace Swim.Core

/// What is done again and again (R8.4). A timer that finds its setting switched off runs out.
[<RequireQualifiedAccess>]
module internal PeriodicTask =

    let private again (draft: Draft<'Id>) timer (setting: Periodic voption) token (action: int -> unit) =
        match setting with
        | ValueSome periodic when draft.IsCurrent token && draft.Connection = Connection.Active ->
            draft.Schedule(timer, periodic.Frequency)
            action periodic.Members
        | _ -> ()

    /// Asks a few active members for more members.
    let announce (draft: Draft<'Id>) (token: uint64) : unit =
        again draft (PeriodicAnnounce token) draft.Config.PeriodicAnnounce token (fun count ->
            Dissemination.sendToChosen draft count ValueNone Announce |> ignore)

    /// Sends what waits, if anything does.
    let gossip (draft: Draft<'Id>) (token: uint64) : unit =
        again draft (PeriodicGossip token) draft.Config.PeriodicGossip token (fun count ->
            if draft.Updates.Count > 0 || draft.Broadcasts.Count > 0 then
                Dissemination.gossipTo draft count)

    /// Asks a few Down members whether they are back; while Idle too (R12.3). With no record left
    /// there is nobody to ask, and the timer runs out until there is.
    let announceDown (draft: Draft<'Id>) (token: uint64) : unit =
        if draft.IsCurrent token && draft.Connection <> Connection.Defunct then
            match draft.Config.PeriodicAnnounceToDown with
            | ValueSome periodic when draft.Members.Count > 0 ->
                draft.Schedule(PeriodicAnnounceDown token, periodic.Frequency)
                let first = draft.Members.ActiveCount
                let choice = draft.Choice
                let mutable left = periodic.Members
                choice.Begin(first, draft.Members.Count - first, left)
                let mutable position = choice.Next(&draft.Random)

                while position >= 0 && left > 0 do
                    let identity = draft.Members[position].Identity

                    // An identity that we gave up is Down too, but it is nobody to ask.
                    if not (draft.Identities.SameAddress(draft.Identity, identity)) then
                        Dissemination.send draft identity Announce
                        left <- left - 1

                    position <- choice.Next(&draft.Random)
            | _ -> draft.AnnouncesToDown <- false
