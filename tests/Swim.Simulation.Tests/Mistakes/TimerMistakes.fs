/// Mistakes with timers and probes.
module Swim.Simulation.Tests.TimerMistakes

open Swim
open Swim.Core

let private isScheduled (isIt: Timer<'Id> -> bool) (effect: Effect<'Id>) =
    match effect with
    | Schedule(timer, _) -> isIt timer
    | _ -> false

let private losesRemovalTimer =
    { new Mistake("R3.2", "the timer of a removal is lost") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event |> Mistake.without (isScheduled _.IsRemoveDown)
    }

let private losesSuspicionTimer =
    { new Mistake("R12.11", "the timer of a suspicion is lost") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event |> Mistake.without (isScheduled _.IsChangeSuspectToDown)
    }

let private losesGossipTimer =
    { new Mistake("R8.4", "the timer of periodic gossip is not scheduled again") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            match event with
            | TimerFired(PeriodicGossip _) -> Mistake.without (isScheduled _.IsPeriodicGossip) step
            | _ -> step
    }

let private losesProbeTimer =
    { new Mistake("R12.2", "no probe timer is scheduled after a change of identity") with
        override _.Step(rules, state, event) =
            let struct (after, effects) = Protocol.step rules state event

            if rules.Identities.SameIdentity(after.Identity, state.Identity) then
                struct (after, effects)
            else
                struct (after, effects) |> Mistake.without (isScheduled _.IsProbeRandomMember)
    }

let private losesAnnounceTimer =
    { new Mistake("R12.3", "announcing to Down members ends while Idle") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            match event with
            | TimerFired(PeriodicAnnounceDown _) when state.Connection = ConnectionState.Idle ->
                Mistake.without (fun effect -> effect.IsSchedule || effect.IsSend) step
            | _ -> step
    }

let private ignoresTokens =
    { new Mistake("R4.5", "a timer with an old token counts") with
        override _.Step(rules, state, event) =
            let current =
                match event with
                | TimerFired(ProbeRandomMember _) -> TimerFired(ProbeRandomMember state.Token)
                | TimerFired(SendIndirectProbe(probed, _)) ->
                    TimerFired(SendIndirectProbe(probed, state.Token))
                | TimerFired(PeriodicGossip _) -> TimerFired(PeriodicGossip state.Token)
                | TimerFired(PeriodicAnnounce _) -> TimerFired(PeriodicAnnounce state.Token)
                | other -> other

            Protocol.step rules state current
    }

let private probesItself =
    { new Mistake("R7.1", "a member probes itself") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.sending (fun packet ->
                if packet.Header.Kind = MessageKind.Ping then
                    { packet with Header = { packet.Header with Destination = state.Identity } }
                else
                    packet)
    }

let private suspectsCurrentIncarnation =
    { new Mistake("R7.2", "a failed probe suspects the current incarnation") with
        override _.Step(rules, state, event) =
            match event, state.Probe.Target with
            | TimerFired(ProbeRandomMember _), ValueSome target ->
                match Mistake.known rules target.Identity state with
                | ValueSome known when rules.Identities.SameIdentity(known.Identity, target.Identity) ->
                    let probe = { state.Probe with Target = ValueSome known }
                    Protocol.step rules (state |> Mistake.change (fun copy -> copy.Probe <- probe)) event
                | _ -> Protocol.step rules state event
            | _ -> Protocol.step rules state event
    }

let private ignoresFailedProbes =
    { new Mistake("R7.2", "a failed probe suspects no member") with
        override _.Step(rules, state, event) =
            match event with
            | TimerFired(ProbeRandomMember _) ->
                let probe = { state.Probe with Answer = ProbeAnswer.Direct }
                Protocol.step rules (state |> Mistake.change (fun copy -> copy.Probe <- probe)) event
            | _ -> Protocol.step rules state event
    }

let private asksNoHelpers =
    { new Mistake("R7.3", "no helper is asked") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (function
                | Send packet -> packet.Header.Kind = MessageKind.PingReq
                | _ -> false)
            |> Mistake.ending (fun after ->
                after |> Mistake.change (fun copy -> copy.Probe <- { after.Probe with Helpers = [] }))
    }

let private expiresRefutedSuspicion =
    { new Mistake("R12.1", "a refuted suspicion still sends a TurnUndead") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            match event with
            | TimerFired(ChangeSuspectToDown(suspect, _, _, _)) when
                rules.Config.NotifyDownMembers
                && (match Mistake.known rules suspect state with
                    | ValueSome known -> known.Status = MemberStatus.Alive
                    | ValueNone -> false)
                ->
                step |> Mistake.also (Send(Mistake.packet state suspect Message.turnUndead))
            | _ -> step
    }

let all: Mistake list =
    [
        losesRemovalTimer
        ignoresTokens
        probesItself
        suspectsCurrentIncarnation
        ignoresFailedProbes
        asksNoHelpers
        losesGossipTimer
        expiresRefutedSuspicion
        losesProbeTimer
        losesAnnounceTimer
        losesSuspicionTimer
    ]
