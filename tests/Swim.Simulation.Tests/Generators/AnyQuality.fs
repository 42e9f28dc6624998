/// Random qualities of links.
module Swim.Simulation.Tests.AnyQuality

open System
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

let private latency: Gen<Latency> =
    let uniform =
        gen {
            let! least = Draw.milliseconds 0 50
            and! more = Draw.milliseconds 1 400

            return Uniform(least, least + more)
        }

    let longTail =
        gen {
            let! median = Draw.milliseconds 1 50
            and! more = Draw.milliseconds 1 100
            and! longest = Draw.milliseconds 1 2000

            return LongTail(median, median + more, median + more + longest)
        }

    Gen.frequency
        [
            40, Gen.constant Quality.perfect.Latency
            20, Draw.milliseconds 0 100 |> Gen.map Fixed
            25, uniform
            15, longTail
        ]

let private burst: Gen<Burst> =
    gen {
        let! beginning = Draw.between 1 20
        and! ending = Draw.between 5 80
        and! loss = Draw.between 20 100

        return { Begin = beginning * 10_000; End = ending * 10_000; Loss = loss * 10_000 }
    }

/// Any quality with which some packets arrive.
let any: Gen<Quality> =
    gen {
        let! latency = latency
        and! loss = Draw.probability 40
        and! burst = Draw.sometimes 25 burst
        and! duplication = Draw.probability 40
        and! reordering = Draw.probability 50
        and! reorderingDelay = Draw.milliseconds 1 1500
        and! corruption = Draw.probability 30

        return
            {
                Latency = latency
                Loss = loss
                Burst = burst
                Duplication = duplication
                Reordering = reordering
                ReorderingDelay = (if reordering = 0 then TimeSpan.Zero else reorderingDelay)
                Corruption = corruption
            }
    }
