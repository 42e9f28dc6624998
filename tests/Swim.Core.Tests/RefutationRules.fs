/// R13: a Down can be refuted, and a fight over an address is bounded.
module Swim.Core.Tests.RefutationRules

open System
open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2
let private highest = MemberRecord.Highest
let private last = MemberRecord.lastIncarnation false

let private statuses = [ MemberStatus.Alive; MemberStatus.Suspect; MemberStatus.Down ]

let private knowing records = Given.knowingWith Given.refutable records
let private renewable records = Given.knownBy Given.renewableMe Given.refutable records

let private orderTests =
    [
        testCase "R13.1 of two records the higher incarnation wins, then Down before Suspect before Alive"
        <| fun () ->
            for known in statuses do
                for update in statuses do
                    for incarnation in [ 4us; 5us; 6us ] do
                        let before = MemberRecord.create two 5us known
                        let after = MemberRecord.create two incarnation update
                        let core = knowing [ before ]
                        core.Step(Given.apply [ after ]) |> ignore
                        let isReplaced = incarnation > 5us || (incarnation = 5us && update > known)

                        Expect.equal
                            (Seen.records core)
                            [ if isReplaced then after else before ]
                            $"{after} after {before}"

        testCase "R13.1 a late Down of an incarnation that was refuted is ignored"
        <| fun () ->
            let core = knowing [ MemberRecord.alive two 1us; Given.alive 3 ]
            Expect.isEmpty (core.Step(Given.apply [ Given.down 2 ])) "no effect at all"

        testCase "R13.1 a suspicion that expires is a Down of its incarnation"
        <| fun () ->
            let core = knowing [ MemberRecord.suspect two 4us; Given.alive 3 ]
            core.FireAll _.IsChangeSuspectToDown |> ignore
            Expect.equal (core.RecordAt 2) (Some(MemberRecord.down two 4us)) "it can be refuted with 5"

        testCase "R13.1 a member that refuted its Down is up again, under its identity"
        <| fun () ->
            let core = knowing [ Given.down 2; Given.alive 3 ]
            let events = core.Step(Given.apply [ MemberRecord.alive two 1us ]) |> Seen.wholeEvents

            Expect.equal
                (events |> List.map (fun (event: SwimEvent<TestId>) -> event.Kind))
                [ SwimEventKind.MemberUp ]
                "no rename"

            Expect.equal
                (events |> List.map (fun (event: SwimEvent<TestId>) -> event.Cause))
                [ ChangeCause.Refutation ]
                "as it refuted"

        testCase "R13.1 a record that went Down again is forgotten its full time after that"
        <| fun () ->
            let core = knowing [ Given.down 2; Given.alive 3 ]

            core.Step(Given.apply [ MemberRecord.alive two 1us; MemberRecord.down two 1us ]) |> ignore

            core.Fire(RemoveDown(two, 0us)) |> ignore
            Expect.equal (core.RecordAt 2) (Some(MemberRecord.down two 1us)) "not by the earlier timer"
            core.Fire(RemoveDown(two, 1us)) |> ignore
            Expect.equal (core.RecordAt 2) None "by its own"
    ]

let private leavingTests =
    [
        testCase "R13.2 a member that leaves is Left, at the highest incarnation"
        <| fun () ->
            let core = knowing [ Given.alive 2 ]
            let effects = core.Step LeaveCluster
            let told = Seen.packets effects |> List.collect Seen.updates
            Expect.equal told [ MemberRecord.left Given.me ] "others are told"
            let event = Seen.wholeEvents effects |> List.exactlyOne
            Expect.isTrue event.After.HasLeft "and so is the user"

        testCase "R13.2 nothing of an identity that left comes back"
        <| fun () ->
            for status in statuses do
                for incarnation in [ 0us; last; highest ] do
                    let core = knowing [ Given.left 2; Given.alive 3 ]
                    core.Step(Given.apply [ MemberRecord.create two incarnation status ]) |> ignore
                    Expect.equal (core.RecordAt 2) (Some(Given.left 2)) $"{status} at {incarnation}"

        testCase "R13.2 a newer identity does"
        <| fun () ->
            let core = knowing [ Given.left 2; Given.alive 3 ]
            let next = MemberRecord.alive (Given.newer two) 0us
            core.Step(Given.apply [ next ]) |> ignore
            Expect.equal (core.RecordAt 2) (Some next) "a restart"

        testCase "R13.2 a member that crashed has not left"
        <| fun () ->
            let core = knowing [ MemberRecord.suspect two last; Given.alive 3 ]
            core.FireAll _.IsChangeSuspectToDown |> ignore
            Expect.isFalse (core.RecordAt 2).Value.HasLeft "even at the last incarnation"

        testCase "R13.2 no member takes part with the highest incarnation"
        <| fun () ->
            for status in [ MemberStatus.Alive; MemberStatus.Suspect ] do
                let core = knowing [ Given.alive 3 ]
                core.Step(Given.apply [ MemberRecord.create two highest status ]) |> ignore
                Expect.equal (core.RecordAt 2) (Some(MemberRecord.create two last status)) $"{status}"

        testCase "R13.2 an identity that is replaced by its owner is Left"
        <| fun () ->
            let core = knowing [ Given.alive 2 ]
            core.Step(ChangeIdentity(Given.newer Given.me)) |> ignore
            Expect.contains (Seen.backlog core |> List.map fst) (MemberRecord.left Given.me) "for good"
    ]

let private refutationTests =
    [
        testCase "R13.3 told that we are Down, we rise above that and keep our identity"
        <| fun () ->
            let core = renewable [ Given.alive 2; Given.alive 3 ]
            let effects = core.Step(Given.apply [ MemberRecord.down Given.renewableMe 4us ])
            Expect.equal core.Identity Given.renewableMe "the same identity"
            Expect.equal core.State.Incarnation 5us "above the Down"
            Expect.equal (Seen.events effects) [ SwimEventKind.SelfRefuted, core.Identity ] "the user knows"
            Expect.equal (Seen.receivers Message.gossip effects) [ 2; 3 ] "one gossip"

        testCase "R13.3 told again of a Down that we refuted, we only gossip"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]
            core.Step(Given.apply [ MemberRecord.down Given.renewableMe 4us ]) |> ignore
            let again = core.Step(Given.apply [ MemberRecord.down Given.renewableMe 3us ])
            Expect.equal core.State.Incarnation 5us "high enough"
            Expect.isEmpty (Seen.events again) "nothing new"
            Expect.equal (Seen.receivers Message.gossip again) [ 2 ] "but others may not know"

        testCase "R13.3 an identity that cannot renew refutes, too"
        <| fun () ->
            let core = knowing [ Given.alive 2 ]
            core.Step(Given.apply [ MemberRecord.down Given.me 0us ]) |> ignore
            Expect.equal core.State.Connection ConnectionState.Active "not Defunct"

        testCase "R13.3 at the last incarnation, or if we are Left, only a new identity helps"
        <| fun () ->
            for incarnation in [ last; highest ] do
                let core = renewable [ Given.alive 2 ]
                let effects = core.Step(Given.apply [ MemberRecord.down Given.renewableMe incarnation ])
                Expect.equal core.Identity (Given.newer Given.renewableMe) $"by R5.3 at {incarnation}"
                Expect.contains (Seen.events effects) (SwimEventKind.Rejoined, core.Identity) "told"

        testCase "R13.3 one below the last can still be refuted"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]
            core.Step(Given.apply [ MemberRecord.suspect Given.renewableMe (last - 1us) ]) |> ignore
            Expect.equal core.Identity Given.renewableMe "the same identity"
            Expect.equal core.State.Incarnation last "the last incarnation"

        testCase "R13.3 two that hold each other Down agree after three packets, under their identities"
        <| fun () ->
            let cluster = Cluster(Given.rules Given.refutable, 1UL)
            let first, second = Given.renewablePeer 1, Given.renewablePeer 2
            cluster.Start first
            cluster.Start second
            cluster.Do(1, Given.restore [ MemberRecord.down second 0us ]) |> ignore
            cluster.Do(2, Given.restore [ MemberRecord.down first 0us ]) |> ignore
            cluster.Do(1, AnnounceTo second) |> ignore
            cluster.RunSeconds 1.0
            cluster.ExpectAgreement "both refute"
            Expect.equal [ cluster[1].Identity; cluster[2].Identity ] [ first; second ] "no rename"
    ]

let private turnUndeadTests =
    [
        testCase "R13.4 a TurnUndead carries the record of the member that it is for"
        <| fun () ->
            let core = knowing [ MemberRecord.down two 7us; Given.alive 3 ]
            let effects = core.Step(Given.from two Message.gossip)
            let packet = Seen.packets effects |> List.exactlyOne
            Expect.equal (Message.ofHeader packet.Header) Message.turnUndead "it is told"
            Expect.equal (Seen.updates packet) [ MemberRecord.down two 7us ] "and why"

        testCase "R13.4 it carries the newer identity at the address of its receiver"
        <| fun () ->
            let newer = MemberRecord.alive (Given.newer two) 0us
            let core = knowing [ newer; Given.alive 3 ]
            let packet = core.Step(Given.from two Message.announce) |> Seen.packets |> List.exactlyOne
            Expect.equal (Seen.updates packet) [ newer ] "so that it can leap"

        testCase "R13.4 it carries what a tombstone says"
        <| fun () ->
            let core = knowing [ MemberRecord.down two 7us; Given.alive 3 ]
            core.Fire(RemoveDown(two, 7us)) |> ignore
            let packet = core.Step(Given.from two Message.gossip) |> Seen.packets |> List.exactlyOne
            Expect.equal (Seen.updates packet) [ MemberRecord.down two 7us ] "the buried record"

        testCase "R13.4 a member that a suspicion makes Down is told of that Down"
        <| fun () ->
            let core = knowing [ MemberRecord.suspect two 4us; Given.alive 3 ]
            let packet = core.FireAll _.IsChangeSuspectToDown |> Seen.packets |> List.exactlyOne
            Expect.equal (Seen.updates packet) [ MemberRecord.down two 4us ] "it can rise to 5"

        testCase "R13.4 we rise above the Down that we are told of, and the teller knows at once"
        <| fun () ->
            let core = knowing [ Given.alive 2; Given.alive 3 ]
            let effects = Given.turnUndead core two (MemberRecord.down Given.me 9us)
            Expect.equal core.State.Incarnation 10us "above it"
            let told = Seen.packets effects |> List.filter (fun sent -> sent.Header.Destination = two)
            Expect.isTrue (told |> List.exists (fun sent -> sent.Header.SourceIncarnation = 10us)) "told"

        testCase "R13.4 a TurnUndead without a record is a Down at our own incarnation"
        <| fun () ->
            let core = knowing [ Given.alive 2 ]
            core.Step(Given.from two Message.turnUndead) |> ignore
            Expect.equal core.State.Incarnation 1us "one above ours"

        testCase "R13.4 a TurnUndead about another member does nothing to us"
        <| fun () ->
            let core = knowing [ Given.alive 2; Given.alive 3 ]
            Expect.isEmpty (Given.turnUndead core two (Given.down 3)) "nothing"
            Expect.equal (core.RecordAt 3) (Some(Given.alive 3)) "nor to the other"

        testCase "R13.4 a teller that is Down here is told so only if it moved us"
        <| fun () ->
            let core = knowing [ Given.down 2; Given.alive 3 ]
            let first = Given.turnUndead core two (MemberRecord.down Given.me 0us)
            Expect.equal (Seen.receivers Message.turnUndead first) [ 2 ] "that moved us"
            let again = Given.turnUndead core two (MemberRecord.down Given.me 0us)
            Expect.equal (Seen.receivers Message.turnUndead again) [] "that did not"

        testCase "R13.4 one that hears no member moves none: no healthy member is renamed or reported Down"
        <| fun () ->
            let config =
                { Given.refutable with
                    SuspectToDownAfter = TimeSpan.FromSeconds 4.0
                    PeriodicGossip = Given.every 200 3
                    PeriodicAnnounceToDown = Given.every 5000 2
                }

            let cluster = Cluster(Given.rules config, 7UL)
            let members = [ for address in 1..5 -> Given.renewablePeer address ]
            cluster.Join members
            cluster.Blocks <- fun packet -> packet.Header.Destination.Address = 5
            let falseDowns = ResizeArray()

            cluster.Follow <-
                function
                | ClusterEvent.Stepped(identity, _, effects) when identity.Address < 5 ->
                    for event in Seen.wholeEvents (List.ofSeq effects) do
                        if
                            event.Identity.Address < 5
                            && (event.Kind = SwimEventKind.MemberDown
                                || event.Kind = SwimEventKind.MemberRenamed)
                        then
                            falseDowns.Add event
                | _ -> ()

            cluster.RunSeconds 180.0
            Expect.isEmpty falseDowns "at a healthy member, of a healthy member"

            for identity in members.Tail do
                Expect.equal cluster[identity.Address].Identity identity "no identity changed"
    ]

let private tombstoneTests =
    [
        testCase "R13.7 a tombstone lets only a higher incarnation pass"
        <| fun () ->
            for incarnation, passes in [ 0us, false; 7us, false; 8us, true ] do
                let core = knowing [ MemberRecord.down two 7us; Given.alive 3 ]
                core.Fire(RemoveDown(two, 7us)) |> ignore
                core.Step(Given.apply [ MemberRecord.alive two incarnation ]) |> ignore
                Expect.equal (core.RecordAt 2).IsSome passes $"Alive at {incarnation}"

        testCase "R13.7 that of one that left lets nothing pass but a newer identity"
        <| fun () ->
            let core = knowing [ Given.left 2; Given.alive 3 ]
            core.Fire(RemoveDown(two, highest)) |> ignore
            core.Step(Given.apply [ MemberRecord.alive two highest ]) |> ignore
            Expect.equal (core.RecordAt 2) None "the same identity"
            core.Step(Given.apply [ MemberRecord.alive (Given.newer two) 0us ]) |> ignore
            Expect.isSome (core.RecordAt 2) "a restart"
    ]

let private switchTests =
    [
        testCase "R13 with DownIsFinal a Down costs the identity, as in foca"
        <| fun () ->
            let core = Given.coreWith Given.notifying Given.renewableMe
            core.Step(Given.restore [ Given.alive 2 ]) |> ignore
            core.Step(Given.apply [ MemberRecord.down Given.renewableMe 0us ]) |> ignore
            Expect.equal core.Identity (Given.newer Given.renewableMe) "R5.3"

        testCase "R13 a running member may not change DownIsFinal"
        <| fun () ->
            let changed = { Given.refutable with DownIsFinal = true }
            Expect.isFalse (Given.refutable.CanBecome changed) "all members must agree on the order"
    ]

let tests =
    testList
        "R13 A Down can be refuted"
        (orderTests
         @ leavingTests
         @ refutationTests
         @ turnUndeadTests
         @ tombstoneTests
         @ switchTests)
