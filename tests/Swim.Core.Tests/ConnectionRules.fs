/// R4: our part in the cluster, and the timers that go with it.
module Swim.Core.Tests.ConnectionRules

open System
open Expecto
open Swim
open Swim.Core

let private config =
    { Given.simple with
        PeriodicAnnounce = Given.every 30000 1
        PeriodicGossip = Given.every 200 3
    }

let private defunct () =
    let core = Given.knowingAlive [ 2; 3 ]
    core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
    core

let tests =
    testList
        "R4 Connection state"
        [
            testCase "R4.1 Idle while no member is active, Active from the first active member on"
            <| fun () ->
                let core = Given.coreWith Given.simple Given.me
                Expect.equal core.State.Connection ConnectionState.Idle "in the beginning"
                core.Step(Given.apply [ Given.down 2 ]) |> ignore
                Expect.equal core.State.Connection ConnectionState.Idle "with a Down member"
                core.Step(Given.apply [ Given.suspect 3 ]) |> ignore
                Expect.equal core.State.Connection ConnectionState.Active "with a Suspect member"
                core.Step(Given.apply [ Given.down 3 ]) |> ignore
                Expect.equal core.State.Connection ConnectionState.Idle "without an active member again"

            testCase "R4.1 Defunct once our identity was declared down"
            <| fun () ->
                let core = defunct ()
                Expect.equal core.State.Connection ConnectionState.Defunct "although others are active"

            testCase "R4.2 becoming Active starts the probe and each configured periodic timer"
            <| fun () ->
                let core = Given.coreWith config Given.me
                let effects = core.Step(Given.apply [ Given.alive 2 ])
                let token = core.State.Token

                Expect.equal
                    (Seen.schedules effects)
                    [
                        ProbeRandomMember token, config.ProbePeriod
                        PeriodicAnnounce token, TimeSpan.FromSeconds 30.0
                        PeriodicGossip token, TimeSpan.FromMilliseconds 200.0
                    ]
                    "after its own time each"

                Expect.equal
                    (Seen.events effects)
                    [ SwimEventKind.MemberUp, Given.peer 2; SwimEventKind.Active, Given.me ]
                    "and Active is notified"

            testCase "R4.2 periodic timers that are not configured do not start"
            <| fun () ->
                let core = Given.coreWith Given.simple Given.me
                let effects = core.Step(Given.apply [ Given.alive 2 ])

                Expect.equal
                    (Seen.schedules effects)
                    [ ProbeRandomMember core.State.Token, config.ProbePeriod ]
                    "the probe alone"

            testCase "R4.2 a second member starts nothing again"
            <| fun () ->
                let core = Given.knowingAlive [ 2 ]
                let effects = core.Step(Given.apply [ Given.alive 3 ])
                Expect.isEmpty (Seen.schedules effects) "no timers"
                Expect.equal (Seen.events effects) [ SwimEventKind.MemberUp, Given.peer 3 ] "no Active"

            testCase "R4.2 hearing from a member is enough"
            <| fun () ->
                let core = Given.coreWith Given.simple Given.me
                let effects = core.Step(Given.from (Given.peer 2) Message.gossip)

                Expect.equal
                    (Seen.events effects)
                    [ SwimEventKind.MemberUp, Given.peer 2; SwimEventKind.Active, Given.me ]
                    "the sender is active"

            testCase "R4.3 becoming Idle ends the timers, clears the probe and is notified"
            <| fun () ->
                let core = Given.knowingAlive [ 2 ]
                Given.probe core |> ignore
                let token = core.State.Token
                let effects = core.Step(Given.apply [ Given.down 2 ])

                Expect.equal
                    (Seen.events effects)
                    [ SwimEventKind.MemberDown, Given.peer 2; SwimEventKind.Idle, Given.me ]
                    "Idle comes last"

                Expect.equal core.State.Token (token + 1UL) "a new token"
                Expect.equal core.State.Probe.Target ValueNone "no probe"

            testCase "R4.3 while a member is active it stays Active"
            <| fun () ->
                let core = Given.knowingAlive [ 2; 3 ]
                let token = core.State.Token
                let effects = core.Step(Given.apply [ Given.down 2 ])
                Expect.equal (Seen.events effects) [ SwimEventKind.MemberDown, Given.peer 2 ] "not Idle"
                Expect.equal core.State.Token token "the same token"

            testCase "R4.4 becoming Defunct ends the timers, clears the probe and is notified"
            <| fun () ->
                let core = Given.knowingAlive [ 2; 3 ]
                Given.probe core |> ignore
                let token = core.State.Token
                let effects = core.Step(Given.apply [ MemberRecord.down Given.me 0us ])
                Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "notified"
                Expect.equal core.State.Token (token + 1UL) "a new token"
                Expect.equal core.State.Probe.Target ValueNone "no probe"

            testCase "R4.4 nothing that others do leads out of Defunct"
            <| fun () ->
                let core = defunct ()

                let others =
                    [
                        Given.apply [ Given.alive 4; Given.down 2; Given.down 3; Given.down 4 ]
                        Given.apply [ Given.alive 5; MemberRecord.alive Given.me 9us ]
                        Given.from (Given.peer 6) (Message.ping 1u)
                        Given.from (Given.peer 6) Message.announce
                        Given.from (Given.peer 6) Message.turnUndead
                        Given.apply [ MemberRecord.down Given.me 0us ]
                    ]

                for event in others do
                    let effects = core.Step event
                    Expect.equal core.State.Connection ConnectionState.Defunct $"after %A{event}"

                    Expect.isFalse
                        (Seen.events effects |> List.exists (fun (kind, _) -> kind = SwimEventKind.Active))
                        "not Active"

                    Expect.isEmpty (Seen.messages effects) "and nothing is answered"

            testCase "R4.4 others are still followed while Defunct"
            <| fun () ->
                let core = defunct ()
                let effects = core.Step(Given.apply [ Given.down 2; Given.alive 7 ])

                Expect.equal
                    (Seen.events effects)
                    [ SwimEventKind.MemberDown, Given.peer 2; SwimEventKind.MemberUp, Given.peer 7 ]
                    "as they come and go"

            testCase "R4.4 R6.2 and R6.3 lead out"
            <| fun () ->
                let changed = defunct ()
                changed.Step(ChangeIdentity(Given.newer Given.me)) |> ignore
                Expect.equal changed.State.Connection ConnectionState.Active "by another identity"

                let reused = defunct ()
                reused.Step ReuseDownIdentity |> ignore
                Expect.equal reused.State.Connection ConnectionState.Active "by the same"

            testCase "R4.5 a timer that carries an old token does nothing"
            <| fun () ->
                let core = Given.coreWith config Given.me
                core.Step(Given.apply [ Given.alive 2; Given.alive 3 ]) |> ignore
                let target, _ = Given.probe core
                let old = core.State.Token
                core.Step(ChangeIdentity(Given.newer Given.me)) |> ignore
                Expect.isTrue (core.State.Token > old) "the change brought another token"
                let before = Digest.ofState core.State

                let stale =
                    [
                        ProbeRandomMember old
                        SendIndirectProbe(target, old)
                        ChangeSuspectToDown(Given.peer 2, 0us, 0, old)
                        PeriodicAnnounce old
                        PeriodicAnnounceDown old
                        PeriodicGossip old
                    ]

                for timer in stale do
                    Expect.isEmpty (core.Fire timer) $"no effects of %A{timer}"
                    Expect.equal (Digest.ofState core.State) before $"no change by %A{timer}"
        ]
