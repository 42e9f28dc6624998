/// R13.5, R13.6: claims to our address.
module Swim.Core.Tests.AddressClaimRules

open System
open Expecto
open Swim
open Swim.Core

let private two = Given.peer 2

let private knowing records = Given.knowingWith Given.refutable records
let private renewable records = Given.knownBy Given.renewableMe Given.refutable records

let private renewalTests =
    let leap core (rival: TestId) = Given.turnUndead core two (MemberRecord.alive rival 0us)
    let rival generation = { Given.renewableMe with Generation = generation }

    [
        testCase "R13.5 a member that loses to a newer identity at its address renews to above it at once"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]
            let effects = leap core (rival 40)
            Expect.equal core.Identity (rival 41) "in one leap"
            Expect.equal (Seen.events effects) [ SwimEventKind.Rejoined, rival 41 ] "told"

        testCase "R13.5 also if another member's update tells it, and nothing of the rival is disseminated"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]

            core.Step(Given.fromTo core.Identity [ MemberRecord.alive (rival 40) 3us ] two Message.gossip)
            |> ignore

            Expect.equal core.Identity (rival 41) "in one leap"

            Expect.equal
                (Seen.backlog core |> List.map fst)
                [ MemberRecord.left Given.renewableMe ]
                "only that our former identity is gone"

        testCase "R13.5 an older identity at our address moves no member"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]
            leap core (rival 0) |> ignore
            Expect.equal core.Identity Given.renewableMe "it is our own past"

        testCase "R13.5 an identity that cannot renew is Defunct when it is told that another has its address"
        <| fun () ->
            let core = knowing [ Given.alive 2 ]
            let effects = leap core { Given.me with Generation = 40 }
            Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "there is nothing else"

        testCase "R13.5 after three renewals within a minute it waits, and says so once, naming both"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]

            let events =
                List.collect (fun step -> leap core (rival (10 * step)) |> Seen.wholeEvents) [ 1..6 ]

            Expect.equal core.Identity (rival 31) "three renewals"
            let told = events |> List.filter (fun event -> event.Kind = SwimEventKind.AddressConflict)

            Expect.equal
                (told |> List.map (fun (event: SwimEvent<TestId>) -> event.Before.Identity))
                [ rival 31 ]
                "ours, once"

            Expect.equal
                (told |> List.map (fun (event: SwimEvent<TestId>) -> event.After.Identity))
                [ rival 40 ]
                "and the rival's"

        testCase "R13.5 after that minute it renews again"
        <| fun () ->
            let core = renewable [ Given.alive 2 ]

            let timers =
                List.collect (fun step -> leap core (rival (10 * step)) |> Seen.schedules) [ 1..6 ]
                |> List.filter (fun (timer, _) -> timer = ResetRenewals)

            Expect.equal timers [ ResetRenewals, TimeSpan.FromMinutes 1.0 ] "one timer"
            core.Fire ResetRenewals |> ignore
            leap core (rival 70) |> ignore
            Expect.equal core.Identity (rival 71) "and counts anew"

        testCase "R13.5 a restart with a clock behind is admitted after one exchange"
        <| fun () ->
            let cluster = Cluster(Given.rules Given.refutable, 3UL)
            let known = Given.renewablePeer 2
            cluster.Start(Given.renewablePeer 1)

            cluster.Do(1, Given.restore [ MemberRecord.alive { known with Generation = 90 } 3us ])
            |> ignore

            cluster.Start known
            cluster.Do(2, AnnounceTo(Given.renewablePeer 1)) |> ignore
            cluster.RunSeconds 1.0
            cluster.ExpectAgreement "above its earlier life"
            Expect.equal cluster[2].Identity { known with Generation = 91 } "in one leap"
            Expect.isLessThan cluster.Sent.Length 10 "packets"
    ]

let private reminderTests =
    let old = { Given.me with Generation = 0 }
    let call (core: CheckedMember) source = core.Step(Given.fromTo old [] source (Message.ping 3u))

    [
        testCase "R13.6 a caller that has our old name is told the new one"
        <| fun () ->
            let core = knowing [ Given.alive 3 ]
            let packet = call core two |> Seen.packets |> List.exactlyOne
            Expect.equal packet.Header.Source Given.me "who we are"
            Expect.equal packet.Header.Kind MessageKind.Gossip "no question"
            Expect.equal packet.Header.Destination two "to the caller"
            Expect.isTrue (packet.Updates.Count + packet.Broadcasts.Count = 0) "and nothing else"
            Expect.equal (core.RecordAt 2) None "whom we do not know by that"

        testCase "R13.6 once a second for each caller"
        <| fun () ->
            let core = knowing [ Given.alive 3 ]
            let timers = Seen.schedules (call core two)
            Expect.equal timers [ ResetReminders, TimeSpan.FromSeconds 1.0 ] "one timer"
            Expect.isEmpty (call core two) "not again"
            Expect.isEmpty (call core (Given.newer two)) "nor its other identities"
            Expect.equal (Seen.receivers Message.gossip (call core (Given.peer 4))) [ 4 ] "another caller"
            core.Fire ResetReminders |> ignore
            Expect.equal (Seen.receivers Message.gossip (call core two)) [ 2 ] "a second later"

        testCase "R13.6 at most sixteen callers a second"
        <| fun () ->
            let core = knowing [ Given.alive 3 ]
            let answered = [ for address in 10..40 -> Seen.packets (call core (Given.peer address)) ]
            Expect.equal (List.sumBy List.length answered) 16 "of thirty"

        testCase "R13.6 the answer is no larger than what asked"
        <| fun () ->
            let sizes =
                TestId.sizesWith (fun header -> if header.Kind = MessageKind.Gossip then 30 else 20) (fun _ ->
                    8)

            let core = CheckedMember({ Given.rules Given.refutable with Sizes = sizes }, Given.me, 1UL)
            Expect.isEmpty (call core two) "it would be"

        testCase "R13.6 a packet for another address, or for a member that left, is dropped in silence"
        <| fun () ->
            let core = knowing [ Given.alive 3 ]
            Expect.isEmpty (core.Step(Given.fromTo (Given.peer 9) [] two Message.gossip)) "another address"
            core.Step LeaveCluster |> ignore
            Expect.isEmpty (call core two) "we left"
    ]

let tests = testList "R13 Claims to our address" (renewalTests @ reminderTests)
