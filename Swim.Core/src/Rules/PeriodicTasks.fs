namespace Swim.Core

open System
open Swim

/// Periodic announcing and gossip (R8.4). A timer that finds its setting switched off is not scheduled again.
[<RequireQualifiedAccess>]
module internal PeriodicTasks =

    let private again
        (step: StepContext<'Id>)
        timer
        (setting: Nullable<PeriodicSetting>)
        token
        (action: int -> unit)
        =
        if setting.HasValue && step.IsCurrent token && step.State.Connection = ConnectionState.Active then
            step.Schedule(timer, setting.Value.Frequency)
            action setting.Value.Members

    /// Announces to a few active members, which answer with more members.
    let announce (step: StepContext<'Id>) (token: uint64) : unit =
        again step (PeriodicAnnounce token) step.Rules.Config.PeriodicAnnounce token (fun count ->
            Sending.sendToChosen step count Message.announce)

    /// Gossips, if anything waits to be sent.
    let gossip (step: StepContext<'Id>) (token: uint64) : unit =
        again step (PeriodicGossip token) step.Rules.Config.PeriodicGossip token (fun count ->
            if step.State.Updates.Count > 0 || step.State.Broadcasts.Count > 0 then
                Sending.gossipTo step count)

    /// Announces to a few Down members, also while Idle (R12.3). If no record is left, the timer is not scheduled
    /// again until there is one.
    let announceDown (step: StepContext<'Id>) (token: uint64) : unit =
        if step.IsCurrent token && step.State.Connection <> ConnectionState.Defunct then
            let setting = step.Rules.Config.PeriodicAnnounceToDown

            if setting.HasValue && step.State.Members.Count > 0 then
                step.Schedule(PeriodicAnnounceDown token, setting.Value.Frequency)
                let first = step.State.Members.ActiveCount
                let draw = step.Draw
                let mutable left = setting.Value.Members
                draw.Begin(first, step.State.Members.Count - first, left)
                let mutable position = draw.Next(&step.Random)

                while position >= 0 && left > 0 do
                    let identity = step.State.Members[position].Identity

                    // An identity that we gave up is Down too, but it is not another member.
                    if not (step.IsAtOurAddress identity) then
                        Sending.send step identity Message.announce
                        left <- left - 1

                    position <- draw.Next(&step.Random)
            else
                step.Change().AnnouncesToDown <- false
