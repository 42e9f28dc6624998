/// The properties of merging (R12.8): a record is a point in a join semilattice, so what a member knows in
/// the end depends on what it heard, not on when, how often or in which batches.
module Swim.Core.Tests.RecordProperties

open Expecto
open Swim
open Swim.Core

/// Few incarnations, so that equal ones are common, and the highest.
let private incarnations = [| 0us; 1us; 2us; 3us; 65534us; 65535us |]

let private recordOf (address: int) (generation: byte, incarnation: byte, status: byte) =
    let identity = { Given.peer address with Generation = int generation % 3 }

    MemberRecord.create
        identity
        incarnations[int incarnation % incarnations.Length]
        (LanguagePrimitives.EnumOfValue(status % 3uy))

/// A record of one identity alone.
let private ofOne (_: byte, incarnation, status) = recordOf 2 (1uy, incarnation, status)

/// R2.2.
let private merge known update = if MemberRecord.supersedes known update then update else known

/// All of R2: what a core knows in the end, by address.
let private knownAfter (batches: MemberRecord<TestId> list list) =
    let core = Given.coreWith Given.simple Given.me

    for batch in batches do
        core.Step(Given.apply batch) |> ignore

    Map.ofList [ for record in Seen.records core -> record.Identity.Address, record ]

let private anyRecord (address: byte, rest) = recordOf (2 + int address % 3) rest

let tests =
    testList
        "Record properties"
        [
            testProperty "R12.8 merging the records of one identity is idempotent"
            <| fun raw ->
                let record = ofOne raw
                Expect.equal (merge record record) record "once or twice"

            testProperty "R12.8 commutative"
            <| fun first second ->
                let first, second = ofOne first, ofOne second
                Expect.equal (merge first second) (merge second first) "in either order"

            testProperty "R12.8 associative"
            <| fun first second third ->
                let first, second, third = ofOne first, ofOne second, ofOne third

                Expect.equal
                    (merge (merge first second) third)
                    (merge first (merge second third))
                    "whichever pair goes first"

            testCase "R12.8 for every triple of records"
            <| fun () ->
                let all =
                    [
                        for incarnation in incarnations do
                            for status in 0uy .. 2uy do
                                MemberRecord.create
                                    (Given.peer 2)
                                    incarnation
                                    (LanguagePrimitives.EnumOfValue status)
                    ]

                for first in all do
                    for second in all do
                        Expect.equal (merge first second) (merge second first) "commutative"

                        for third in all do
                            if merge (merge first second) third <> merge first (merge second third) then
                                failtestf "%A, %A, %A" first second third

            testProperty "R12.8 the order of updates does not matter, identities of one address included"
            <| fun (randomSeed: uint64) (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw
                let shuffled = Dice(randomSeed).Shuffle updates
                Expect.equal (knownAfter [ shuffled ]) (knownAfter [ updates ]) "in any order"

            testProperty "R12.8 nor do repetitions"
            <| fun (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw

                Expect.equal
                    (knownAfter [ updates; List.rev updates; updates ])
                    (knownAfter [ updates ])
                    "once or again"

            testProperty "R12.8 nor batches"
            <| fun (size: byte) (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw
                let batches = List.chunkBySize (1 + int size % 5) updates
                Expect.equal (knownAfter batches) (knownAfter [ updates ]) "one or many"

            testProperty "R12.8 two members that tell each other all they know agree"
            <| fun left right ->
                let left = List.map anyRecord left
                let right = List.map anyRecord right
                let known = knownAfter [ left ] |> Map.values |> List.ofSeq

                Expect.equal
                    (knownAfter [ right; known ])
                    (knownAfter [ left; right ])
                    "what one knows stands for all that it heard"
        ]
