/// Traces for a single core: packets from and about anybody, timers out of order or never asked for,
/// operations at any time.
module Swim.Simulation.Tests.AnyTraceInput

open Hedgehog
open Hedgehog.FSharp
open Swim.Core

let private stranger = Gen.zip (Draw.between 1 6) (Draw.between 1 4) |> Gen.map Who.Stranger

let private someone: Gen<Who> =
    Gen.frequency
        [
            60, Draw.between 0 5 |> Gen.map Who.Known
            28, stranger
            6, Gen.constant Who.Ourselves
            6, Gen.constant Who.Probed
        ]

let private incarnation: Gen<uint16> =
    Draw.oneOf [ 0us; 0us; 0us; 1us; 2us; 3us; 65534us; 65535us ]

let private said: Gen<Said> =
    gen {
        let! about = someone
        and! incarnation = incarnation
        and! status = Draw.oneOf [ Status.Alive; Status.Suspect; Status.Down ]

        return { About = about; Incarnation = incarnation; Status = status }
    }

let private item = Gen.zip3 (Draw.between 1 3) (Draw.between 1 5) (Draw.between 1 60)

let private word: Gen<Word> =
    gen {
        let! from = Gen.frequency [ 80, someone; 20, Gen.constant Who.Probed ]
        and! incarnation = incarnation
        and! towards = Draw.mostly (Gen.constant Who.Ourselves) 15 stranger
        and! kind = Draw.between 0 10
        and! named = Gen.frequency [ 60, someone; 40, Gen.constant Who.Probed ]

        and! number =
            Draw.mostly (Gen.constant Current) 30 (Draw.between 0 3 |> Gen.map (uint32 >> Another))

        and! updates = Gen.list (Range.constant 0 3) said
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

let private misfire: Gen<TraceInput> =
    gen {
        let! kind = Draw.between 0 7
        and! about = someone
        and! incarnation = incarnation
        and! token = Draw.oneOf [ OfNow; OfBefore; OfTheBeginning; OfNobody ]

        return Misfire(kind, about, incarnation, token)
    }

let private configure: Gen<TraceInput> =
    gen {
        let! packetSize = Draw.oneOf [ 1400; 128; 200 ]
        and! transmissions = Draw.oneOf [ 3; 1; 255 ]
        and! probes = Draw.between 1 5
        and! notifies = Draw.oneOf [ true; false ]

        return Configure(packetSize, transmissions, probes, notifies)
    }

/// Any step.
let any: Gen<TraceInput> =
    Gen.frequency
        [
            30, Draw.between 0 7 |> Gen.map Fire
            50, Gen.map Hear word
            5, misfire
            2, Gen.map AnnounceWord someone
            2, Gen.constant GossipWord
            2, Gen.constant BroadcastWord
            1, Gen.constant LeaveWord
            2, Draw.sometimes 50 someone |> Gen.map ChangeTo
            2, Gen.constant ReuseWord
            3, Gen.zip (Gen.list (Range.constant 0 5) said) (Draw.oneOf [ true; false ]) |> Gen.map Apply
            2, Gen.zip3 (Draw.between 1 3) (Draw.between 1 5) (Draw.between 0 300) |> Gen.map Accept
            3, Gen.constant Handled
            1, configure
        ]
