/// The source of chance.
module Swim.Core.Tests.RandomGeneratorTests

open System
open Expecto
open Swim
open Swim.Core

let tests =
    testList
        "RandomGenerator"
        [
            testCase "is SplitMix64, the same on every machine"
            <| fun () ->
                // The published sequence for the random seed 1234567.
                let expected =
                    [
                        6457827717110365317UL
                        3203168211198807973UL
                        9817491932198370423UL
                        4593380528125082431UL
                        16408922859458223821UL
                    ]

                let mutable random = RandomGenerator.create 1234567UL
                let drawn = ResizeArray()

                for _ in expected do
                    drawn.Add(RandomGenerator.next &random)

                Expect.equal (List.ofSeq drawn) expected "one after the other"

            testProperty "a choice is below its bound"
            <| fun (randomSeed: uint64) (bound: int) ->
                let mutable random = RandomGenerator.create randomSeed
                let drawn = RandomGenerator.below &random bound
                Expect.isTrue (drawn >= 0 && drawn < max 1 bound) $"{drawn} below {bound}"

            testCase "a choice below 1 or less is 0 and draws nothing"
            <| fun () ->
                for bound in [ 1; 0; -1; Int32.MinValue ] do
                    let mutable random = RandomGenerator.create 5UL
                    Expect.equal (RandomGenerator.below &random bound) 0 $"below {bound}"
                    Expect.equal random.Seed 5UL "nothing was drawn"

            testCase "each choice is as likely as any other"
            <| fun () ->
                for bound in [ 2; 3; 7; 10 ] do
                    let counts = Array.zeroCreate bound
                    let mutable random = RandomGenerator.create (uint64 bound)

                    for _ in 1 .. 1000 * bound do
                        let drawn = RandomGenerator.below &random bound
                        counts[drawn] <- counts[drawn] + 1

                    // 1000 are expected of each; 5 standard deviations are less than 160.
                    for count in counts do
                        Expect.isTrue (abs (count - 1000) < 160) $"%A{counts} below {bound}"

            testCase "a choice below a huge bound has no bias to its lower half"
            <| fun () ->
                let bound = 3 <<< 29
                let mutable low = 0
                let mutable random = RandomGenerator.create 9UL

                for _ in 1..10000 do
                    if RandomGenerator.below &random bound < bound / 2 then
                        low <- low + 1

                // 5000 are expected, 5 standard deviations are 250; a plain remainder would give 6667.
                Expect.isTrue (abs (low - 5000) < 250) $"{low} of 10000 in the lower half"
        ]
