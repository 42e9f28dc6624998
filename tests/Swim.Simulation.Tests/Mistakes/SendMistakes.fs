/// Mistakes in what a member sends.
module Swim.Simulation.Tests.SendMistakes

open System
open Swim
open Swim.Core

let private gossipsDownAsAlive =
    { new Mistake("R3.1", "a Down member is gossiped as Alive") with
        override _.Step(rules, state, event) =
            let alive (record: MemberRecord<'Id>) =
                if record.Status = MemberStatus.Down then
                    MemberRecord.alive record.Identity 0us
                else
                    record

            Protocol.step rules state event
            |> Mistake.sending (fun packet ->
                { packet with
                    Updates = ArraySegment(packet.Updates |> Seq.map alive |> Array.ofSeq)
                })
    }

let private sendsIncarnationZero =
    { new Mistake("R5.2", "a packet carries incarnation 0") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.sending (fun packet ->
                { packet with Header = { packet.Header with SourceIncarnation = 0us } })
    }

let private acksWrongMember =
    { new Mistake("R8.5", "an Ack goes to the wrong member") with
        override _.Step(rules, state, event) =
            let struct (after, effects) = Protocol.step rules state event

            let another (identity: 'Id) =
                State.activeMembers after
                |> Seq.tryFind (fun record -> not (rules.Identities.SameIdentity(record.Identity, identity)))

            struct (after, effects)
            |> Mistake.sending (fun packet ->
                match another packet.Header.Destination with
                | Some other when packet.Header.Kind = MessageKind.Ack ->
                    { packet with Header = { packet.Header with Destination = other.Identity } }
                | _ -> packet)
    }

let private doesNotForward =
    { new Mistake("R8.5", "a helper does not forward the answer") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.without (function
                | Send packet -> packet.Header.Kind = MessageKind.ForwardedAck
                | _ -> false)
    }

let private feedsItself =
    { new Mistake("R8.5", "a feed has its sender in it") with
        override _.Step(rules, state, event) =
            let own = MemberRecord.alive state.Identity state.Incarnation

            Protocol.step rules state event
            |> Mistake.sending (fun packet ->
                if packet.Header.Kind = MessageKind.Feed && packet.Updates.Count > 0 then
                    let others = packet.Updates |> Seq.skip 1

                    { packet with Updates = ArraySegment(Seq.append [ own ] others |> Array.ofSeq) }
                else
                    packet)
    }

let private doesNotCountTransmissions =
    { new Mistake("R8.6", "the transmissions of an update are not counted") with
        override _.Step(rules, state, event) =
            Protocol.step rules state event
            |> Mistake.ending (fun after ->
                if obj.ReferenceEquals(after.Members, state.Members) && after.Token = state.Token then
                    after |> Mistake.change (fun copy -> copy.Updates <- state.Updates)
                else
                    after)
    }

let private overfillsPackets =
    { new Mistake("R8.6", "a packet is filled beyond its size") with
        override _.Step(rules, state, event) =
            let config = { rules.Config with MaxPacketSize = rules.Config.MaxPacketSize + 25 }
            Protocol.step { rules with Config = config } state event
    }

let private doesNotTellSuspects =
    { new Mistake("R12.14", "a ping does not tell a suspect that it is one") with
        override _.Step(rules, state, event) =
            let isAboutDestination (packet: Packet<'Id>) (record: MemberRecord<'Id>) =
                packet.Header.Kind = MessageKind.Ping
                && rules.Identities.SameIdentity(record.Identity, packet.Header.Destination)

            Protocol.step rules state event
            |> Mistake.sending (fun packet ->
                { packet with
                    Updates =
                        ArraySegment(
                            packet.Updates |> Seq.filter (isAboutDestination packet >> not) |> Array.ofSeq
                        )
                })
    }

let answersEveryTurnUndead =
    { new Mistake("R12.4", "a TurnUndead is always answered") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            match event with
            | PacketReceived packet when
                packet.Header.Kind = MessageKind.TurnUndead
                && rules.Identities.SameIdentity(packet.Header.Destination, state.Identity)
                && (match Mistake.known rules packet.Header.Source state with
                    | ValueSome known -> known.Status = MemberStatus.Down
                    | ValueNone -> false)
                ->
                let struct (after, _) = step
                step |> Mistake.also (Send(Mistake.packet after packet.Header.Source Message.turnUndead))
            | _ -> step
    }

let private answersAfterLeaving =
    { new Mistake("R12.6", "a member that left answers a ping") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            match event with
            | PacketReceived packet when state.HasLeft && packet.Header.Kind = MessageKind.Ping ->
                let ack = Message.ack packet.Header.ProbeNumber
                step |> Mistake.also (Send(Mistake.packet state packet.Header.Source ack))
            | _ -> step
    }

let private leavesSilently =
    { new Mistake("R6.1", "a member that leaves does not disseminate it") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event
            if event.IsLeaveCluster then Mistake.without _.IsSend step else step
    }

let private disseminatesOwnDown =
    { new Mistake("R12.5", "a member that reuses its identity still disseminates its Down") with
        override _.Step(rules, state, event) =
            let step = Protocol.step rules state event

            if event.IsReuseDownIdentity then
                step |> Mistake.ending (Mistake.change (fun copy -> copy.Updates <- state.Updates))
            else
                step
    }

let all: Mistake list =
    [
        gossipsDownAsAlive
        sendsIncarnationZero
        leavesSilently
        acksWrongMember
        doesNotForward
        feedsItself
        doesNotCountTransmissions
        overfillsPackets
        answersEveryTurnUndead
        disseminatesOwnDown
        answersAfterLeaving
        doesNotTellSuspects
    ]
