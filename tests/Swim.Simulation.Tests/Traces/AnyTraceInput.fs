/// Traces for a single member: packets from and about any identity, timers out of order or never scheduled,
/// operations at any time.
module Swim.Simulation.Tests.AnyTraceInput

open Hedgehog
open Hedgehog.FSharp
open Swim
open Swim.Core

let private stranger =
    Gen.zip (Draw.between 1 6) (Draw.between 1 4) |> Gen.map RelativeIdentity.Stranger

let private identity: Gen<RelativeIdentity> =
    Gen.frequency
        [
            60, Draw.between 0 5 |> Gen.map RelativeIdentity.Known
            28, stranger
            6, Gen.constant RelativeIdentity.Own
            6, Gen.constant RelativeIdentity.Probed
        ]

let private incarnation: Gen<uint16> =
    Draw.oneOf [ 0us; 0us; 0us; 1us; 2us; 3us; 65534us; 65535us ]

let private record: Gen<RecordInput> =
    gen {
        let! about = identity
        and! incarnation = incarnation
        and! status = Draw.oneOf [ MemberStatus.Alive; MemberStatus.Suspect; MemberStatus.Down ]

        return { About = about; Incarnation = incarnation; Status = status }
    }

let private item = Gen.zip3 (Draw.between 1 3) (Draw.between 1 5) (Draw.between 1 60)

let private packet: Gen<PacketInput> =
    gen {
        let! from = Gen.frequency [ 80, identity; 20, Gen.constant RelativeIdentity.Probed ]
        and! incarnation = incarnation
        and! towards = Draw.mostly (Gen.constant RelativeIdentity.Own) 15 stranger
        and! kind = Draw.between 0 10
        and! named = Gen.frequency [ 60, identity; 40, Gen.constant RelativeIdentity.Probed ]

        and! number =
            Draw.mostly (Gen.constant Current) 30 (Draw.between 0 3 |> Gen.map (uint32 >> Other))

        and! updates = Gen.list (Range.constant 0 3) record
        and! broadcasts = Draw.mostly (Gen.constant []) 20 (Gen.list (Range.constant 1 2) item)

        return
            {
                From = from
                Incarnation = incarnation
                To = towards
                Kind = kind
                Named = named
                Number = number
                Updates = updates
                Broadcasts = broadcasts
            }
    }

let private unscheduledTimer: Gen<TraceInput> =
    gen {
        let! kind = Draw.between 0 7
        and! about = identity
        and! incarnation = incarnation
        and! token = Draw.oneOf [ CurrentToken; PreviousToken; FirstToken; UnknownToken ]

        return TraceInput.FireUnscheduled(kind, about, incarnation, token)
    }

let private configure: Gen<TraceInput> =
    gen {
        let! packetSize = Draw.oneOf [ 1400; 128; 200 ]
        and! transmissions = Draw.oneOf [ 3; 1; 255 ]
        and! probes = Draw.between 1 5
        and! notifies = Draw.oneOf [ true; false ]

        return TraceInput.Configure(packetSize, transmissions, probes, notifies)
    }

/// Any input.
let any: Gen<TraceInput> =
    Gen.frequency
        [
            30, Draw.between 0 7 |> Gen.map TraceInput.FirePending
            50, Gen.map TraceInput.Receive packet
            5, unscheduledTimer
            2, Gen.map TraceInput.AnnounceTo identity
            2, Gen.constant TraceInput.Gossip
            2, Gen.constant TraceInput.Broadcast
            1, Gen.constant TraceInput.Leave
            2, Draw.sometimes 50 identity |> Gen.map TraceInput.ChangeIdentity
            2, Gen.constant TraceInput.ReuseIdentity
            3,
            Gen.zip (Gen.list (Range.constant 0 5) record) (Draw.oneOf [ true; false ])
            |> Gen.map TraceInput.ApplyMany
            2,
            Gen.zip3 (Draw.between 1 3) (Draw.between 1 5) (Draw.between 0 300)
            |> Gen.map TraceInput.AcceptBroadcast
            3, Gen.constant TraceInput.BroadcastsHandled
            1, configure
        ]
