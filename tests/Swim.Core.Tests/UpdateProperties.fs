/// What a member makes of many updates, whatever their order, number and batches (R2, R3, R5.2, R12.8). The
/// properties of single records are in RecordProperties.
module Swim.Core.Tests.UpdateProperties

open Expecto
open Swim
open Swim.Core

let private incarnations = [| 0us; 0us; 1us; 2us; 65534us; 65535us |]

/// Any record about one of three others, in one of three lives.
let private recordOf
    (address: byte, generation: byte, incarnation: byte, status: byte)
    : MemberRecord<TestId> =
    let identity = { Given.peer (2 + int address % 3) with Generation = int generation % 3 }

    {
        Identity = identity
        Incarnation = incarnations[int incarnation % incarnations.Length]
        Status = LanguagePrimitives.EnumOfValue(status % 3uy)
        Accuser = null
    }

type private Raw = (byte * byte * byte * byte) list

let private property name = testPropertyWithConfig { FsCheckConfig.defaultConfig with maxTest = 500 } name

/// The same updates as the network may deliver them: in another order, some of them again, in batches.
let private delivered
    (randomSeed: uint64)
    (updates: MemberRecord<TestId> list)
    : MemberRecord<TestId> list list =
    let dice = Dice(randomSeed)
    let again = updates |> List.filter (fun _ -> dice.Chance 40)
    dice.Shuffle(updates @ again) |> List.chunkBySize (dice.Between(1, 5))

let private coreAfter (batches: MemberRecord<TestId> list list) =
    let core = Given.coreWith Given.simple Given.me

    for batch in batches do
        core.Step(Given.apply batch) |> ignore

    core

let private knownAfter batches = Seen.records (coreAfter batches)

let private deliveryProperties =
    [
        property "R12.8 order, repetition and batches together do not matter"
        <| fun (randomSeed: uint64) (raw: Raw) ->
            let updates = List.map recordOf raw

            Expect.equal
                (knownAfter (delivered randomSeed updates))
                (knownAfter [ updates ])
                "the same records"

        property "R3.4 nor does it matter which packets of which members bring them"
        <| fun (randomSeed: uint64) (raw: Raw) ->
            let updates = List.map recordOf raw
            let senders = List.map Given.peer [ 8; 9 ]
            let core = Given.coreWith Given.simple Given.me
            let dice = Dice(randomSeed)

            for sender in senders do
                core.Step(Given.from sender Message.gossip) |> ignore

            for batch in delivered randomSeed updates do
                core.Step(Given.fromWith batch (dice.Pick senders) Message.gossip) |> ignore

            let heard = updates @ List.map (fun sender -> MemberRecord.alive sender 0us) senders
            Expect.equal (Seen.records core) (knownAfter [ heard ]) "as if told by hand"

        property "R2.2 what replaces nothing has no effect at all"
        <| fun (randomSeed: uint64) (raw: Raw) ->
            let updates = List.map recordOf raw
            let core = coreAfter [ updates ]
            let before = Digest.ofState core.State

            for batch in delivered randomSeed updates do
                Expect.equal (core.Step(Given.apply batch)) [] "nothing is done"

            Expect.equal (Digest.ofState core.State) before "nothing is changed"

        property "R3.1 what waits in the end is each record that is known, once, with all its transmissions"
        <| fun (randomSeed: uint64) (raw: Raw) ->
            let core = coreAfter (delivered randomSeed (List.map recordOf raw))
            let budget = Given.simple.MaxTransmissions
            let expected = Seen.records core |> List.map (fun record -> record, budget)
            Expect.equal (Seen.backlog core) expected "in whatever order they came"
    ]

let private ownProperties =
    [
        property "R5.2 the highest suspicion of us decides our incarnation, in any order"
        <| fun (randomSeed: uint64) (raw: (byte * bool) list) ->
            let aboutUs =
                [
                    for incarnation, isSuspicion in raw do
                        let status = if isSuspicion then MemberStatus.Suspect else MemberStatus.Alive
                        MemberRecord.create Given.me incarnations[int incarnation % 5] status
                ]

            let core = coreAfter (delivered randomSeed aboutUs)
            let suspicions = aboutUs |> List.filter (fun record -> record.Status = MemberStatus.Suspect)

            let expected =
                match suspicions with
                | [] -> 0us
                | _ -> 1us + (suspicions |> List.map _.Incarnation |> List.max)

            Expect.equal core.State.Incarnation expected "above every suspicion"
            Expect.equal core.Identity Given.me "under our identity"
    ]

let private buriedProperties =
    [
        property "R12.7 what a tombstone keeps out does not depend on the order"
        <| fun (randomSeed: uint64) (raw: Raw) ->
            let updates = List.map recordOf raw
            let core = Given.knowing [ Given.down 2 ]
            core.Fire(RemoveDown(Given.peer 2, 0us)) |> ignore

            for batch in delivered randomSeed updates do
                core.Step(Given.apply batch) |> ignore

            let isBuried (record: MemberRecord<TestId>) =
                record.Identity.Address = 2 && record.Identity.Generation <= (Given.peer 2).Generation

            let others = updates |> List.filter (isBuried >> not)
            Expect.equal (Seen.records core) (knownAfter [ others ]) "as if the dead had said nothing"
    ]

let tests =
    testList "Update properties" (deliveryProperties @ ownProperties @ buriedProperties)
