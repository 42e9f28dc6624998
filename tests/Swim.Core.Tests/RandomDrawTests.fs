/// Choosing without repetition.
module Swim.Core.Tests.RandomDrawTests

open Expecto
open Swim
open Swim.Core

/// The first so many positions that are chosen from a range.
let private chosen first count randomSeed many =
    let mutable random = RandomGenerator.create randomSeed
    let draw = RandomDraw()
    draw.Begin(first, count, 4)
    let drawn = ResizeArray()

    for _ in 1..many do
        drawn.Add(draw.Next(&random))

    List.ofSeq drawn

/// Below, at and above the size from which on a draw is kept in another way.
let private sizes = [ 1; 2; 3; 63; 64; 65; 200; 1000 ]

let tests =
    testList
        "RandomDraw"
        [
            testCase "covers its range, each position once, and then says that it is over"
            <| fun () ->
                for size in sizes do
                    let drawn = chosen 7 size 3UL (size + 2)
                    Expect.equal (List.sort (List.take size drawn)) [ 7 .. 6 + size ] $"of {size}"
                    Expect.equal (List.skip size drawn) [ -1; -1 ] "over"

            testCase "of nothing there is no draw"
            <| fun () -> Expect.equal (chosen 5 0 1UL 1) [ -1 ] "over at once"

            testProperty "never repeats itself in a range of any size"
            <| fun (randomSeed: uint64) (count: uint16) ->
                let drawn = chosen 0 (int count + 1) randomSeed 30 |> List.filter (fun one -> one >= 0)
                Expect.equal (List.distinct drawn) drawn "no repetition"
                Expect.all drawn (fun one -> one <= int count) "in range"

            testCase "chooses each position as often as any other, at every draw"
            <| fun () ->
                for size in [ 5; 70 ] do
                    let runs = 400 * size

                    for draw in [ 0; 1; 4 ] do
                        let counts =
                            List.init runs (fun randomSeed -> (chosen 0 size (uint64 randomSeed) 5)[draw])
                            |> List.countBy id

                        Expect.equal counts.Length size "every position"

                        // 400 are expected of each; 5 standard deviations are 100.
                        for position, count in counts do
                            Expect.isTrue (abs (count - 400) <= 100) $"{position}: {count}"

            testCase "every pair is possible"
            <| fun () ->
                let pairs =
                    List.init 2000 (fun randomSeed -> chosen 0 5 (uint64 randomSeed) 2) |> List.distinct

                Expect.equal pairs.Length 20 "5 times 4"
        ]
