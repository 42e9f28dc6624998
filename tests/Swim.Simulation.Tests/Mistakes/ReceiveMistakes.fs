/// Mistakes in what a member makes of what it receives.
module Swim.Simulation.Tests.ReceiveMistakes

open System
open Swim
open Swim.Core

/// After a step, each record that the event brought replaces the one of the same address if `mayReplace` says so.
let private wronglyReplacing (rules: Rules<'Id>) state event mayReplace =
    Mistake.recordsOf event
    |> List.fold (Mistake.replacing rules mayReplace) (Protocol.step rules state event)

let private refutesWithoutIncarnation =
    { new Mistake("R2.2", "a suspicion is refuted by its own incarnation") with
        override _.Step(rules, state, event) =
            wronglyReplacing rules state event (fun known update ->
                rules.Identities.SameIdentity(known.Identity, update.Identity)
                && known.Status = MemberStatus.Suspect
                && update.Status = MemberStatus.Alive
                && update.Incarnation = known.Incarnation)
    }

let private revivesDown =
    { new Mistake("R2.2", "Down gives way to a higher incarnation") with
        override _.Step(rules, state, event) =
            wronglyReplacing rules state event (fun known update ->
                rules.Identities.SameIdentity(known.Identity, update.Identity)
                && known.Status = MemberStatus.Down
                && update.Status = MemberStatus.Alive
                && update.Incarnation > known.Incarnation)
    }

let private ignoresSuspicion =
    { new Mistake("R2.2", "a suspicion needs a higher incarnation") with
        override _.Step(rules, state, event) =
            let isLost (update: MemberRecord<'Id>) =
                match Mistake.known rules update.Identity state with
                | ValueSome known ->
                    update.Status = MemberStatus.Suspect && update.Incarnation = known.Incarnation
                | ValueNone -> false

            match event with
            | PacketReceived packet ->
                let updates = packet.Updates |> Seq.filter (isLost >> not) |> Array.ofSeq
                Protocol.step rules state (PacketReceived { packet with Updates = ArraySegment updates })
            | _ -> Protocol.step rules state event
    }

let private prefersOlderIdentity =
    { new Mistake("R2.3", "an older identity takes over") with
        override _.Step(rules, state, event) =
            wronglyReplacing rules state event (fun known update ->
                not (rules.Identities.SameIdentity(known.Identity, update.Identity))
                && rules.Identities.WinsAddressConflict(known.Identity, update.Identity)
                && MemberRecord.isActive known
                && MemberRecord.isActive update)
    }

let private doesNotTellSuspicion =
    { new Mistake("R3.3", "the user is not told of a suspicion") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (function
                | Notify told -> told.Kind = SwimEventKind.MemberSuspected
                | _ -> false)
    }

let private doesNotRefute =
    { new Mistake("R5.2", "a refutation does not bump the incarnation") with
        override _.Step(rules, state, event) =
            let isOurs identity = rules.Identities.SameIdentity(identity, state.Identity)

            Protocol.step rules state event
            |> Mistake.ending (fun after ->
                if isOurs after.Identity then
                    after |> Mistake.change (fun copy -> copy.Incarnation <- state.Incarnation)
                else
                    after)
            |> Mistake.sending (fun packet ->
                if isOurs packet.Header.Source then
                    { packet with
                        Header = { packet.Header with SourceIncarnation = state.Incarnation }
                    }
                else
                    packet)
    }

let private keepsIdentity =
    { new Mistake("R5.3", "a rejoin keeps the identity") with
        override _.Step(rules, state, event) =
            let struct (after, effects) = Protocol.step rules state event

            if event.IsChangeIdentity || rules.Identities.SameIdentity(after.Identity, state.Identity) then
                struct (after, effects)
            else
                struct (after |> Mistake.change (fun copy -> copy.Identity <- state.Identity), effects)
                |> Mistake.collect (function
                    | Send packet ->
                        [ Send { packet with Header = { packet.Header with Source = state.Identity } } ]
                    | Notify told when told.Kind = SwimEventKind.Rejoined ->
                        let kept = { told.After with Identity = state.Identity }
                        [ Notify { told with After = kept } ]
                    | effect -> [ effect ])
    }

let ignoresTurnUndead =
    { new Mistake("R5.3", "a TurnUndead is ignored") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when packet.Header.Kind = MessageKind.TurnUndead ->
                struct (state, Effects.Empty)
            | _ -> Protocol.step rules state event
    }

let private acceptsFormerDestination =
    { new Mistake("R9.3", "a packet for a former identity is accepted") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when
                rules.Identities.SameAddress(packet.Header.Destination, state.Identity)
                ->
                let header = { packet.Header with Destination = state.Identity }
                Protocol.step rules state (PacketReceived { packet with Header = header })
            | _ -> Protocol.step rules state event
    }

let private appliesUpdatesOfDown =
    { new Mistake("R9.4", "updates from a member that is Down are applied") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when
                (match Mistake.known rules packet.Header.Source state with
                 | ValueSome known -> not (MemberRecord.isActive known)
                 | ValueNone -> false)
                ->
                let struct (received, first) = Protocol.step rules state event
                let struct (after, second) = Protocol.step rules received (ApplyMany(packet.Updates, true))
                let all = Array.append (Array.ofSeq first) (Array.ofSeq second)
                struct (after, Effects<'Id>.Of(ReadOnlySpan all))
            | _ -> Protocol.step rules state event
    }

let private acceptsEarlierAck =
    { new Mistake("R7.4", "an Ack of an earlier probe counts") with
        override _.Step(rules, state, event) =
            match event with
            | PacketReceived packet when packet.Header.Kind = MessageKind.Ack ->
                let header = { packet.Header with ProbeNumber = state.Probe.Number }
                Protocol.step rules state (PacketReceived { packet with Header = header })
            | _ -> Protocol.step rules state event
    }

let private leavesNoTombstone =
    { new Mistake("R12.7", "a forgotten member leaves no tombstone") with
        override _.Step(rules, state, event) =
            match event with
            | TimerFired(RemoveDown _) ->
                Protocol.step rules state event
                |> Mistake.ending (Mistake.change (fun copy -> copy.Tombstones <- state.Tombstones))
            | _ -> Protocol.step rules state event
    }

let private ignoresTombstones =
    { new Mistake("R12.7", "a tombstone is ignored") with
        override _.Step(rules, state, event) =
            // The tombstones are hidden during the step, and put back afterwards.
            match event with
            | PacketReceived _ ->
                let hidden = state |> Mistake.change (fun copy -> copy.Tombstones <- Tombstones.empty ())

                Protocol.step rules hidden event
                |> Mistake.ending (fun after ->
                    let isUnchanged =
                        obj.ReferenceEquals(after.Tombstones, hidden.Tombstones)
                        && after.Members.Count = state.Members.Count

                    if isUnchanged then
                        after |> Mistake.change (fun copy -> copy.Tombstones <- state.Tombstones)
                    else
                        after)
            | _ -> Protocol.step rules state event
    }

let all: Mistake list =
    [
        refutesWithoutIncarnation
        revivesDown
        ignoresSuspicion
        prefersOlderIdentity
        doesNotTellSuspicion
        doesNotRefute
        keepsIdentity
        ignoresTurnUndead
        acceptsEarlierAck
        acceptsFormerDestination
        appliesUpdatesOfDown
        leavesNoTombstone
        ignoresTombstones
    ]
