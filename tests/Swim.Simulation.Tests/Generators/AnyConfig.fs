/// Random configurations: the one for clusters on one machine, with some fields changed.
module Swim.Simulation.Tests.AnyConfig

open System
open Hedgehog
open Hedgehog.FSharp
open Swim
open Swim.Core

// `SwimConfig.Local` for nine members, whatever the number of members, so that shrinking a case changes one thing
// at a time.
let private usual = SwimConfig.Local 9

let private periodic
    (usual: Nullable<PeriodicSetting>)
    offPercent
    (low: int)
    (high: int)
    : Gen<Nullable<PeriodicSetting>> =
    let other =
        gen {
            let! frequency = Draw.milliseconds low high
            and! members = Draw.between 1 3

            return Nullable { Frequency = frequency; Members = members }
        }

    Gen.frequency [ 60, Gen.constant usual; offPercent, Gen.constant (Nullable()); 40 - offPercent, other ]

/// Any configuration. Each periodic setting is off in `offPercent` of the cases.
let any (offPercent: int) : Gen<SwimConfig> =
    gen {
        let! probePeriod = Draw.mostly (Gen.constant usual.ProbePeriod) 30 (Draw.milliseconds 100 1000)
        and! rttPercent = Draw.mostly (Gen.constant 40) 30 (Draw.between 10 90)
        and! indirectProbes = Draw.mostly (Gen.constant usual.IndirectProbes) 30 (Draw.between 1 4)
        and! transmissions = Draw.mostly (Gen.constant usual.MaxTransmissions) 40 (Draw.between 1 12)

        and! suspicion =
            Draw.mostly (Gen.constant usual.SuspectToDownAfter) 30 (Draw.milliseconds 200 3000)

        and! remember =
            Draw.mostly (Gen.constant usual.RemoveDownAfter) 30 (Draw.milliseconds 1000 20_000)

        and! packetSize = Draw.mostly (Gen.constant usual.MaxPacketSize) 40 (Draw.between 128 300)
        and! notifies = Draw.mostly (Gen.constant true) (offPercent / 2) (Gen.constant false)
        and! announce = periodic usual.PeriodicAnnounce offPercent 500 5000
        and! announceToDown = periodic usual.PeriodicAnnounceToDown offPercent 500 2000
        and! gossip = periodic usual.PeriodicGossip offPercent 20 500

        return
            { usual with
                ProbePeriod = probePeriod
                ProbeRtt = TimeSpan.FromTicks(probePeriod.Ticks * int64 rttPercent / 100L)
                IndirectProbes = indirectProbes
                MaxTransmissions = transmissions
                SuspectToDownAfter = suspicion
                RemoveDownAfter = remember
                MaxPacketSize = packetSize
                NotifyDownMembers = notifies
                PeriodicAnnounce = announce
                PeriodicAnnounceToDown = announceToDown
                PeriodicGossip = gossip
            }
    }
