/// The properties of merging (R12.8, R13.1): in either order a record is a point in a join semilattice, so what a
/// member knows in the end depends on what it heard, not on when, how often or in which batches.
module Swim.Core.Tests.RecordProperties

open Expecto
open Swim
open Swim.Core

/// Few incarnations, so that equal ones are common, and the highest.
let private incarnations = [| 0us; 1us; 2us; 3us; 65534us; 65535us |]

let private recordOf isFinal (address: int) (generation: byte, incarnation: byte, status: byte) =
    let identity = { Given.peer address with Generation = int generation % 3 }

    MemberRecord.create
        identity
        incarnations[int incarnation % incarnations.Length]
        (LanguagePrimitives.EnumOfValue(status % 3uy))
    |> MemberRecord.normal isFinal

/// A record of one identity alone.
let private ofOne isFinal (_: byte, incarnation, status) = recordOf isFinal 2 (1uy, incarnation, status)

/// R2.2, R13.1.
let private merge isFinal known update =
    if MemberRecord.supersedes isFinal known update then update else known

/// All of R2: what a core knows in the end, by address.
let private knownAfter isFinal (batches: MemberRecord<TestId> list list) =
    let core = Given.coreWith { Given.simple with DownIsFinal = isFinal } Given.me

    for batch in batches do
        core.Step(Given.apply batch) |> ignore

    Map.ofList [ for record in Seen.records core -> record.Identity.Address, record ]

let private anyRecord isFinal (address: byte, rest) = recordOf isFinal (2 + int address % 3) rest

let private algebra (withRule: string -> string) isFinal =
    let merge known update = merge isFinal known update
    let ofOne raw = ofOne isFinal raw

    testList
        "of two records"
        [
            testProperty (withRule "merging the records of one identity is idempotent")
            <| fun raw ->
                let record = ofOne raw
                Expect.equal (merge record record) record "once or twice"

            testProperty (withRule "commutative")
            <| fun first second ->
                let first, second = ofOne first, ofOne second
                Expect.equal (merge first second) (merge second first) "in either order"

            testProperty (withRule "associative")
            <| fun first second third ->
                let first, second, third = ofOne first, ofOne second, ofOne third

                Expect.equal
                    (merge (merge first second) third)
                    (merge first (merge second third))
                    "whichever pair goes first"

            testCase (withRule "for every triple of records")
            <| fun () ->
                let all =
                    [
                        for incarnation in incarnations do
                            for status in 0uy .. 2uy do
                                MemberRecord.create
                                    (Given.peer 2)
                                    incarnation
                                    (LanguagePrimitives.EnumOfValue status)
                                |> MemberRecord.normal isFinal
                    ]

                for first in all do
                    for second in all do
                        Expect.equal (merge first second) (merge second first) "commutative"

                        for third in all do
                            if merge (merge first second) third <> merge first (merge second third) then
                                failtestf "%A, %A, %A" first second third
        ]

let private deliveries (withRule: string -> string) isFinal =
    let anyRecord raw = anyRecord isFinal raw
    let knownAfter batches = knownAfter isFinal batches

    testList
        "of many updates"
        [
            testProperty (withRule "the order of updates does not matter, identities of one address included")
            <| fun (randomSeed: uint64) (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw
                let shuffled = Dice(randomSeed).Shuffle updates
                Expect.equal (knownAfter [ shuffled ]) (knownAfter [ updates ]) "in any order"

            testProperty (withRule "nor do repetitions")
            <| fun (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw

                Expect.equal
                    (knownAfter [ updates; List.rev updates; updates ])
                    (knownAfter [ updates ])
                    "once or again"

            testProperty (withRule "nor batches")
            <| fun (size: byte) (raw: (byte * (byte * byte * byte)) list) ->
                let updates = List.map anyRecord raw
                let batches = List.chunkBySize (1 + int size % 5) updates
                Expect.equal (knownAfter batches) (knownAfter [ updates ]) "one or many"

            testProperty (withRule "two members that tell each other all they know agree")
            <| fun left right ->
                let left = List.map anyRecord left
                let right = List.map anyRecord right
                let known = knownAfter [ left ] |> Map.values |> List.ofSeq

                Expect.equal
                    (knownAfter [ right; known ])
                    (knownAfter [ left; right ])
                    "what one knows stands for all that it heard"
        ]

let private inOrder (rule: string) isFinal =
    let withRule name = $"{rule} {name}"

    testList
        (if isFinal then "Down is final" else "Down can be refuted")
        [ algebra withRule isFinal; deliveries withRule isFinal ]

let tests = testList "Record properties" [ inOrder "R12.8" true; inOrder "R13.1" false ]
