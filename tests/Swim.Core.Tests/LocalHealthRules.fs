/// R14.1, R14.4 to R14.6: local health, helpers, and links.
module Swim.Core.Tests.LocalHealthRules

open System
open Expecto
open Swim
open Swim.Core

let private config = Given.careful Given.refutable
let private withPeers addresses = Given.knowingWith config (List.map Given.alive addresses)
let private score (core: CheckedMember) = core.State.Health.Score

/// The time to the next probe, as the step that begins a probe sets it.
let private probePeriod effects =
    Seen.schedules effects
    |> List.pick (function
        | ProbeRandomMember _, after -> Some after
        | _ -> None)

let private endPeriod (core: CheckedMember) = core.Fire(ProbeRandomMember core.State.Token)

let private nackFrom (helper: TestId) (core: CheckedMember) =
    core.Step(Given.from helper (Message.nack core.State.Probe.Number)) |> ignore

let private scoreTests =
    [
        testCase "R14.1 a failed probe costs one for each helper that says nothing"
        <| fun () ->
            let core = withPeers [ 2..6 ]
            Given.silentPeriod core |> ignore
            nackFrom core.State.Probe.Helpers.Head core
            endPeriod core |> ignore
            Expect.equal (score core) 2 "two of three helpers said nothing"

        testCase "R14.1 a failed probe costs nothing if all helpers say that they are heard"
        <| fun () ->
            let core = withPeers [ 2..6 ]
            Given.silentPeriod core |> ignore

            for helper in core.State.Probe.Helpers do
                nackFrom helper core

            endPeriod core |> ignore
            Expect.equal (score core) 0 "it is the target"
            Expect.isNonEmpty (Seen.backlog core) "which is suspected all the same"

        testCase "R14.1 a Nack counts once, from a helper, for the probe that is under way"
        <| fun () ->
            let core = withPeers [ 2..6 ]
            Given.silentPeriod core |> ignore
            let helper = core.State.Probe.Helpers.Head
            nackFrom helper core
            nackFrom helper core
            nackFrom (Given.peer 99) core
            core.Step(Given.from core.State.Probe.Helpers[1] (Message.nack 99u)) |> ignore
            endPeriod core |> ignore
            Expect.equal (score core) 2 "one helper nacked"

        testCase "R14.1 without helpers a failed probe costs one, and an answered one brings one back"
        <| fun () ->
            let core = withPeers [ 2 ]
            Given.silentPeriod core |> ignore
            Given.answeredPeriod core |> ignore
            Expect.equal (score core) 1 "worse by one"
            endPeriod core |> ignore
            Expect.equal (score core) 0 "better by one"

        testCase "R14.1 a refutation of our own costs one"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            core.Step(Given.apply [ MemberRecord.suspect Given.me 0us ]) |> ignore
            Expect.equal (score core) 1 "others did not hear us"

        testCase "R14.1 local health stretches the probe period, and nothing else, up to its bound"
        <| fun () ->
            let core = withPeers [ 2 ]
            let usual = probePeriod (endPeriod core)
            Expect.equal usual config.ProbePeriod "in good health"

            for _ in 1..9 do
                core.Step(HealthObserved false) |> ignore

            Expect.equal (score core) 7 "no worse than the bound"
            let effects = endPeriod core
            Expect.equal (probePeriod effects) (8.0 * config.ProbePeriod) "eight times"

            Expect.contains
                (Seen.schedules effects)
                (SendIndirectProbe(Given.peer 2, core.State.Token), config.ProbeRtt)
                "the time for the direct answer stays"
    ]

let private request = Given.from (Given.peer 2) (Message.pingReq (Given.peer 3) 5u)

let private helperTests =
    [
        testCase "R14.1 a helper tells the prober when the target does not answer in time"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            let effects = core.Step request

            Expect.equal
                (Seen.schedules effects)
                [ SendNack(Given.peer 2, 5u), config.ProbeRtt ]
                "within its patience"

            let nacked = core.Fire(SendNack(Given.peer 2, 5u))
            Expect.equal (Seen.messages nacked) [ Given.peer 2, Message.nack 5u ] "once"
            Expect.isEmpty (Seen.messages (core.Fire(SendNack(Given.peer 2, 5u)))) "and not again"

        testCase "R14.1 a helper whose target answered does not nack"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            core.Step request |> ignore
            core.Step(Given.from (Given.peer 3) (Message.indirectAck (Given.peer 2) 5u)) |> ignore
            Expect.isEmpty (core.Fire(SendNack(Given.peer 2, 5u))) "the answer was forwarded"

        testCase "R14.1 a late answer is forwarded although the helper nacked"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            core.Step request |> ignore
            core.Fire(SendNack(Given.peer 2, 5u)) |> ignore
            let effects = core.Step(Given.from (Given.peer 3) (Message.indirectAck (Given.peer 2) 5u))

            Expect.equal
                (Seen.messages effects)
                [ Given.peer 2, Message.forwardedAck (Given.peer 3) 5u ]
                "forwarded"

        testCase "R14.1 a helper remembers no more than its bound of pings"
        <| fun () ->
            let core = withPeers [ 2; 3 ]

            for number in 1u .. 40u do
                core.Step(Given.from (Given.peer 2) (Message.pingReq (Given.peer 3) number)) |> ignore

            Expect.equal core.State.Health.Helped.Length LocalHealth.MaxHelped "bounded"

        testCase "R14.6 only Alive members are asked to help"
        <| fun () ->
            for randomSeed in 1UL .. 20UL do
                let rules = Given.rules config
                let core = CheckedMember(rules, Given.me, randomSeed)

                core.Step(Given.restore [ Given.alive 2; Given.alive 3; Given.suspect 4; Given.suspect 5 ])
                |> ignore

                Given.silentPeriod core |> ignore
                let helpers = core.State.Probe.Helpers |> List.map _.Address
                Expect.isEmpty (List.filter (fun address -> address > 3) helpers) "no Suspect member"
    ]

let private hostTests =
    [
        testCase "R14.4 a host that runs late makes the probe void and health worse"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            Given.silentPeriod core |> ignore
            core.Step(HealthObserved false) |> ignore
            let effects = endPeriod core
            Expect.equal (score core) 1 "worse by one, for the host alone"
            Expect.isEmpty (Seen.events effects) "the probe says nothing of its target"
            Expect.isEmpty (Seen.reports effects) "and is no fault of the host's timers"

        testCase "R14.4 while its host runs late a member declares no other Down, and later it does"
        <| fun () ->
            let core = withPeers [ 2; 3 ]
            let accusation = MemberRecord.accused (Given.peer 2) 0us (Given.peer 3)
            core.Step(Given.apply [ accusation ]) |> ignore
            core.Step(HealthObserved false) |> ignore
            let wanted = 1

            let expire confirmations =
                core.Fire(ChangeSuspectToDown(Given.peer 2, 0us, confirmations, core.State.Token))

            Expect.equal (Seen.schedules (expire wanted)).Length 1 "its time begins again"
            Expect.equal (core.RecordAt 2).Value.Status MemberStatus.Suspect "not Down"
            core.Step(HealthObserved true) |> ignore
            expire wanted |> ignore
            expire 0 |> ignore
            Expect.equal (core.RecordAt 2).Value.Status MemberStatus.Down "Down after the whole time"
    ]

/// A whole probe period of the one target that only a helper answers.
let private indirectPeriod (core: CheckedMember) =
    let started = endPeriod core
    Given.indirectStage core |> ignore

    match core.State.Probe.Target with
    | ValueSome target when not core.State.Probe.Helpers.IsEmpty ->
        let helper = core.State.Probe.Helpers.Head

        core.Step(Given.from helper (Message.forwardedAck target.Identity core.State.Probe.Number))
        |> ignore
    | _ -> ()

    started

let private directPeriod (core: CheckedMember) =
    let started = endPeriod core

    match core.State.Probe.Target with
    | ValueSome target ->
        core.Step(Given.from target.Identity (Message.ack core.State.Probe.Number)) |> ignore
        Given.indirectStage core |> ignore
    | ValueNone -> ()

    started

let private linkEvents effects =
    Seen.events effects
    |> List.filter (fun (kind, _) -> kind = SwimEventKind.LinkImpaired || kind = SwimEventKind.LinkRestored)

let private linkTests =
    [
        testCase
            "R14.5 a member that only helpers reach, three times in a row, has an impaired link and is not suspected"
        <| fun () ->
            let core = withPeers [ 2; 3; 4 ]
            let rounds = List.init 10 (fun _ -> linkEvents (indirectPeriod core))

            Expect.equal
                (List.sort (List.concat rounds))
                [ for address in 2..4 -> SwimEventKind.LinkImpaired, Given.peer address ]
                "each, once"

            Expect.equal (rounds |> List.findIndex (List.isEmpty >> not)) 7 "after three probes of the first"
            Expect.isEmpty (Seen.backlog core) "no suspicion"

        testCase "R14.5 a direct answer restores the link"
        <| fun () ->
            let core = withPeers [ 2; 3; 4 ]

            for _ in 1..10 do
                indirectPeriod core |> ignore

            let restored = List.init 4 (fun _ -> linkEvents (directPeriod core)) |> List.concat

            Expect.equal
                (List.sort restored)
                [ for address in 2..4 -> SwimEventKind.LinkRestored, Given.peer address ]
                "each, once"
    ]

let tests = testList "Local health" (scoreTests @ helperTests @ hostTests @ linkTests)
