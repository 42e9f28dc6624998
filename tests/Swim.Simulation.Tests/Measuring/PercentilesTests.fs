/// The percentiles of durations.
module Swim.Simulation.Tests.PercentilesTests

open System
open Expecto
open Swim.Simulation

let private value (option: 'T voption) =
    match option with
    | ValueSome value -> value
    | ValueNone -> failtest "there are some"

let private ticks (counts: int list) = counts |> List.map (int64 >> TimeSpan.FromTicks)

let tests =
    testList
        "Percentiles"
        [
            testCase "each percentile is a duration that was measured, by nearest rank"
            <| fun () ->
                let all = Percentiles.create (ticks [ 1000..-1..1 ]) |> value
                let expected = ticks [ 500; 500; 990; 999; 1000 ]

                Expect.equal
                    [ all.Mean; all.Median; all.Percentile99; all.Percentile999; all.Longest ]
                    expected
                    "of 1 to 1000"

                let three = Percentiles.create (ticks [ 7; 1; 3 ]) |> value
                Expect.equal three.Median (TimeSpan.FromTicks 3L) "the second of three"
                Expect.equal three.Percentile99 (TimeSpan.FromTicks 7L) "the last of three"
                Expect.equal three.Mean (TimeSpan.FromTicks 3L) "11 / 3, rounded down"

            testCase "no durations have no percentiles"
            <| fun () -> Expect.equal (Percentiles.create []) ValueNone "no durations"
        ]
