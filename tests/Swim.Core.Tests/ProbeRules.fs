/// R7: the probe cycle, up to the suspicion.
module Swim.Core.Tests.ProbeRules

open Expecto
open Swim
open Swim.Core

/// The answer of a probed member.
let private ack source number = Given.from source (Message.ack number)

let private forwarded helper origin number = Given.from helper (Message.forwardedAck origin number)

/// A core whose probe of some member has come to its indirect stage; the target, the number of the
/// probe and the helpers.
let private indirect addresses =
    let core = Given.knowingAlive addresses
    let target, number = Given.probe core
    let effects = Given.indirectStage core
    let helpers = Seen.receivers (Message.pingReq target number) effects |> List.map Given.peer
    core, target, number, helpers

let private orderTests =
    [
        testCase "R7.1 each active member is probed once in a pass"
        <| fun () ->
            let core = Given.knowingAlive [ 2..8 ]

            for pass in 1..5 do
                let probed = List.init 7 (fun _ -> Given.answeredPeriod core)
                let addresses = probed |> List.map _.Address |> List.sort
                Expect.equal addresses [ 2..8 ] $"pass {pass}"

        testCase "R7.1 the order is shuffled again for each pass"
        <| fun () ->
            let core = Given.knowingAlive [ 2..8 ]
            let passes = List.init 5 (fun _ -> List.init 7 (fun _ -> Given.answeredPeriod core))
            Expect.isTrue (List.length (List.distinct passes) > 1) "not always the same"

        testCase "R7.1 members that are not active are skipped"
        <| fun () ->
            let core = Given.knowing [ Given.alive 2; Given.down 3; Given.suspect 4; Given.down 5 ]
            let probed = List.init 8 (fun _ -> Given.answeredPeriod core)
            let addresses = probed |> List.map _.Address |> List.distinct |> List.sort
            Expect.equal addresses [ 2; 4 ] "only the active"
    ]

let private periodTests =
    [
        testCase "R7.2 a probe is a Ping, the time for its answer, and the next period"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            let token = core.State.Token
            let effects = core.Fire(ProbeRandomMember token)
            Expect.equal (Seen.messages effects) [ Given.peer 2, Message.ping 1u ] "the ping"

            Expect.equal
                (Seen.schedules effects)
                [
                    SendIndirectProbe(Given.peer 2, token), Given.simple.ProbeRtt
                    ProbeRandomMember token, Given.simple.ProbePeriod
                ]
                "its timers"

        testCase "R7.2 each probe has the next number"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]

            for expected in 1u .. 5u do
                let target, number = Given.probe core
                Expect.equal number expected "one after the other"
                core.Step(ack target number) |> ignore
                Given.indirectStage core |> ignore

        testCase "R7.2 a failed probe makes its target Suspect, and starts the suspicion's timer"
        <| fun () ->
            let core = Given.knowing [ MemberRecord.alive (Given.peer 2) 4us ]
            Given.silentPeriod core |> ignore
            let effects = core.Fire(ProbeRandomMember core.State.Token)
            let suspicion = MemberRecord.suspect (Given.peer 2) 4us
            Expect.equal (Seen.records core) [ suspicion ] "Suspect"

            let suspected =
                Given.changed true (MemberRecord.alive (Given.peer 2) 4us) suspicion ChangeCause.Probe

            Expect.equal (Seen.wholeEvents effects) [ suspected ] "told"
            Expect.equal (Seen.backlog core |> List.map fst) [ suspicion ] "disseminated"

            Expect.contains
                (Seen.schedules effects)
                (ChangeSuspectToDown(Given.peer 2, 4us, 0, core.State.Token), Given.simple.SuspectToDownAfter)
                "its time runs"

        testCase "R7.2 the suspicion is of the incarnation at which the probe began"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            Given.silentPeriod core |> ignore
            core.Step(Given.apply [ MemberRecord.alive (Given.peer 2) 1us ]) |> ignore
            core.Fire(ProbeRandomMember core.State.Token) |> ignore
            Expect.equal (Seen.records core) [ MemberRecord.alive (Given.peer 2) 1us ] "refuted meanwhile"

        testCase "R7.2 a failed probe of one who went Down or was replaced meanwhile says nothing"
        <| fun () ->
            let second = MemberRecord.alive (Given.newer (Given.peer 2)) 0us

            for after in [ Given.down 2; second ] do
                let core = Given.knowingAlive [ 2 ]
                Given.silentPeriod core |> ignore
                core.Step(Given.apply [ after; Given.alive 3 ]) |> ignore
                core.Fire(ProbeRandomMember core.State.Token) |> ignore
                Expect.equal (core.RecordAt 2) (Some after) $"%A{after} stays"

        testCase "R7.2 an answered probe raises no suspicion"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            Given.answeredPeriod core |> ignore
            core.Fire(ProbeRandomMember core.State.Token) |> ignore
            Expect.equal (Seen.records core) [ Given.alive 2 ] "Alive"

        testCase "R7.2 a probe that never reached its indirect stage is the host's fault"
        <| fun () ->
            let core = Given.knowingAlive [ 2 ]
            Given.probe core |> ignore
            let effects = core.Fire(ProbeRandomMember core.State.Token)
            Expect.equal (Seen.reports effects) [ SwimError.IncompleteProbeCycle ] "reported"
            Expect.equal (Seen.records core) [ Given.alive 2 ] "no member is suspected"
            Expect.equal (Seen.messages effects) [ Given.peer 2, Message.ping 2u ] "and the next probe begins"

        testCase "R7.7 while not Active: NotConnected"
        <| fun () ->
            let core = Given.coreWith Given.simple Given.me
            let effects = core.Fire(ProbeRandomMember core.State.Token)
            Expect.equal effects [ Report SwimError.NotConnected ] "with the current token"
    ]

let private indirectTests =
    [
        testCase "R7.3 the indirect stage asks IndirectProbes others and never the target"
        <| fun () ->
            for count, helperCount in [ 8, 3; 4, 3; 3, 2; 2, 1; 1, 0 ] do
                let _, target, _, helpers = indirect [ 2 .. count + 1 ]
                Expect.equal helpers.Length helperCount $"of {count}"
                Expect.equal (List.distinct helpers) helpers "each once"
                Expect.isFalse (List.contains target helpers) "never the target"

        testCase "R7.3 the helpers are active"
        <| fun () ->
            let core = Given.knowing [ Given.alive 2; Given.suspect 3; Given.down 4; Given.down 5 ]
            let target, number = Given.probe core
            let helpers = Seen.receivers (Message.pingReq target number) (Given.indirectStage core)
            Expect.equal (target.Address :: helpers |> List.sort) [ 2; 3 ] "the other active one"

        testCase "R7.3 an answered probe asks no helper, yet the stage is reached"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3 ]
            let target, number = Given.probe core
            core.Step(ack target number) |> ignore
            Expect.isEmpty (Given.indirectStage core) "nothing to do"
            Expect.isTrue core.State.Probe.ReachedIndirect "reached"

        testCase "R7.3 for a target that is not active any more no helper is asked"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3; 4 ]
            let target, _ = Given.probe core
            core.Step(Given.apply [ MemberRecord.down target 0us ]) |> ignore
            Expect.isEmpty (Given.indirectStage core) "nothing to do"
            Expect.isTrue core.State.Probe.ReachedIndirect "reached"

        testCase "R7.3 the timer of another target asks no helper"
        <| fun () ->
            let core = Given.knowingAlive [ 2; 3; 4 ]
            let target, _ = Given.probe core
            let other = Given.peer (if target.Address = 2 then 3 else 2)
            let effects = core.Fire(SendIndirectProbe(other, core.State.Token))
            Expect.isEmpty effects "nothing to do"
    ]

let private expectFate name (core: CheckedMember) target status =
    core.Fire(ProbeRandomMember core.State.Token) |> ignore
    Expect.equal (core.RecordAt target.Address |> Option.map _.Status) (Some status) name

let private successTests =
    [
        testCase "R7.4 the target's own Ack is a success, before and after the indirect stage"
        <| fun () ->
            let early = Given.knowingAlive [ 2; 3 ]
            let target, number = Given.probe early
            early.Step(ack target number) |> ignore
            Given.indirectStage early |> ignore
            expectFate "before" early target MemberStatus.Alive

            let late, target, number, _ = indirect [ 2; 3 ]
            late.Step(ack target number) |> ignore
            expectFate "after" late target MemberStatus.Alive

        testCase "R7.4 a helper's ForwardedAck is a success"
        <| fun () ->
            let core, target, number, helpers = indirect [ 2..5 ]
            core.Step(forwarded helpers.Head target number) |> ignore
            expectFate "helped" core target MemberStatus.Alive

        testCase "R7.4 each helper counts once"
        <| fun () ->
            let core, target, number, helpers = indirect [ 2..5 ]
            core.Step(forwarded helpers.Head target number) |> ignore
            Expect.equal core.State.Probe.Helpers.Length 2 "two are left"
            core.Step(forwarded helpers.Head target number) |> ignore
            Expect.equal core.State.Probe.Helpers.Length 2 "the same two"

        testCase "R7.4 any other ack is ignored"
        <| fun () ->
            let ignoredOnes =
                [
                    fun (target: TestId) number (_: TestId) -> ack target (number - 1u)
                    fun target number _ -> ack target (number + 1u)
                    fun _ number helper -> ack helper number
                    fun target number helper -> forwarded helper target (number - 1u)
                    fun _ number helper -> forwarded helper helper number
                    fun target number _ -> forwarded (Given.peer 9) target number
                    fun target number _ -> forwarded target target number
                    fun target number helper -> Given.from helper (Message.indirectAck target number)
                ]

            for ignoredOne in ignoredOnes do
                let core, target, number, helpers = indirect [ 2..5 ]
                core.Step(ignoredOne target number helpers.Head) |> ignore
                expectFate $"%A{ignoredOne target number helpers.Head}" core target MemberStatus.Suspect

        testCase "R7.4 an ack after the period is over comes too late"
        <| fun () ->
            let core, target, number, helpers = indirect [ 2; 3 ]
            core.Fire(ProbeRandomMember core.State.Token) |> ignore
            core.Step(ack target number) |> ignore
            core.Step(forwarded helpers.Head target number) |> ignore
            Expect.isFalse core.State.Probe.Answered "the next probe has another number"
    ]

let tests = testList "R7 Probing" (orderTests @ periodTests @ indirectTests @ successTests)
