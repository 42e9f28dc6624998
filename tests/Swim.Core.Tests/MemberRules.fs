/// R2: what replaces what.
module Swim.Core.Tests.MemberRules

open Expecto
open Swim
open Swim.Core

let private statuses = [ MemberStatus.Alive; MemberStatus.Suspect; MemberStatus.Down ]

let private record status incarnation =
    MemberRecord.normal true (MemberRecord.create (Given.peer 2) incarnation status)

/// The table of R2.2: for what is known with incarnation 5, whether an update with incarnation 4, 5
/// and 6 replaces it.
let private precedence =
    [
        MemberStatus.Alive, MemberStatus.Alive, [ false; false; true ]
        MemberStatus.Alive, MemberStatus.Suspect, [ false; true; true ]
        MemberStatus.Alive, MemberStatus.Down, [ true; true; true ]
        MemberStatus.Suspect, MemberStatus.Alive, [ false; false; true ]
        MemberStatus.Suspect, MemberStatus.Suspect, [ false; false; true ]
        MemberStatus.Suspect, MemberStatus.Down, [ true; true; true ]
        MemberStatus.Down, MemberStatus.Alive, [ false; false; false ]
        MemberStatus.Down, MemberStatus.Suspect, [ false; false; false ]
        MemberStatus.Down, MemberStatus.Down, [ false; false; false ]
    ]

let private precedenceTests =
    [
        for known, update, replaced in precedence ->
            testCase $"R2.2 {update} after {known}"
            <| fun () ->
                for incarnation, expected in List.zip [ 4us; 5us; 6us ] replaced do
                    let core = Given.knowing [ record known 5us ]
                    core.Step(Given.apply [ record update incarnation ]) |> ignore

                    let after = if expected then record update incarnation else record known 5us
                    Expect.equal (Seen.records core) [ after ] $"with incarnation {incarnation}"
    ]

/// Where in its first pass of probes a core probes the member that it learned of last.
let private placeOfLatecomer randomSeed =
    let core = CheckedMember(Given.rules Given.simple, Given.me, randomSeed)
    core.Step(Given.apply [ Given.alive 2; Given.alive 3; Given.alive 4 ]) |> ignore
    core.Step(Given.apply [ Given.alive 5 ]) |> ignore
    let pass = List.init 4 (fun _ -> Given.answeredPeriod core)
    List.findIndex (fun identity -> identity = Given.peer 5) pass

let tests =
    testList
        "R2 Member records"
        [
            testCase "R2.1 Alive and Suspect are active, Down is not"
            <| fun () ->
                let core = Given.knowing [ Given.alive 2; Given.suspect 3; Given.down 4 ]
                Expect.equal (Seen.activeAddresses core) [ 2; 3 ] "active"
                Expect.equal core.State.Members.ActiveCount 2 "counted"
                Expect.equal core.State.Members.Count 3 "all records"

            yield! precedenceTests

            testCase "R2.2 holds at the highest incarnation"
            <| fun () ->
                let highest = System.UInt16.MaxValue
                let core = Given.knowing [ record MemberStatus.Alive highest ]
                core.Step(Given.apply [ record MemberStatus.Alive 0us ]) |> ignore
                Expect.equal (Seen.records core) [ record MemberStatus.Alive highest ] "it does not wrap"
                core.Step(Given.apply [ record MemberStatus.Suspect highest ]) |> ignore
                Expect.equal (Seen.records core) [ record MemberStatus.Suspect highest ] "suspicion"

            testCase "R2.3 the update of an identity that loses is lost, whatever the statuses"
            <| fun () ->
                for known in statuses do
                    for update in statuses do
                        let winner = MemberRecord.create (Given.newer (Given.peer 2)) 0us known
                        let core = Given.knowing [ winner ]
                        let effects = core.Step(Given.apply [ record update 9us ])
                        Expect.equal (Seen.records core) [ winner ] $"{update} after {known}"
                        Expect.isEmpty effects "and nothing comes of it"

            testCase "R2.3 the record of an identity that wins replaces the whole record"
            <| fun () ->
                for known in statuses do
                    for update in statuses do
                        let winner = MemberRecord.create (Given.newer (Given.peer 2)) 0us update
                        let core = Given.knowing [ record known 9us ]
                        core.Step(Given.apply [ winner ]) |> ignore
                        Expect.equal (Seen.records core) [ winner ] $"{update} after {known}"

            testCase "R2.4 the record of an unknown address is inserted, Down too"
            <| fun () ->
                let records = [ Given.alive 2; Given.suspect 3; Given.down 4 ]
                let core = Given.coreWith Given.simple Given.me
                core.Step(Given.apply records) |> ignore
                Expect.equal (Seen.records core) records "all of them"

            testCase "R2.4 a new member takes a random place in the probe order"
            <| fun () ->
                let places = [ 1UL .. 600UL ] |> List.countBy placeOfLatecomer |> Map.ofList

                for place in 0..3 do
                    // 150 are expected; 5 standard deviations are 53.
                    let count = Map.find place places
                    Expect.isTrue (abs (count - 150) < 53) $"place {place}: {count} of 600"

            testCase "R2.4 that place may be among those already probed in this pass"
            <| fun () ->
                let isBehind randomSeed =
                    let core = CheckedMember(Given.rules Given.simple, Given.me, randomSeed)
                    core.Step(Given.apply (List.map Given.alive [ 2; 3; 4 ])) |> ignore
                    Given.answeredPeriod core |> ignore
                    core.Step(Given.apply [ Given.alive 5 ]) |> ignore
                    core.State.Members.Cursor = 2

                // One of four places lies before the one member that was probed: 100 are expected,
                // and 5 standard deviations are 43.
                let count = [ 1UL .. 400UL ] |> List.filter isBehind |> List.length
                Expect.isTrue (abs (count - 100) < 43) $"{count} of 400"
        ]
