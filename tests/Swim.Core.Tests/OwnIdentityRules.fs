/// R5: what others say of us.
module Swim.Core.Tests.OwnIdentityRules

open System
open Expecto
open Swim
open Swim.Core

let private highest = UInt16.MaxValue

/// A core of this identity that knows the members 2 to 6.
let private core identity =
    let core = Given.coreWith Given.simple identity
    core.Step(Given.restore (List.map Given.alive [ 2..6 ])) |> ignore
    core

let private coreAt identity incarnation =
    let core = core identity

    if incarnation > 0us then
        core.Step(Given.apply [ MemberRecord.suspect identity (incarnation - 1us) ]) |> ignore

    Expect.equal core.State.Incarnation incarnation "as the test needs it"
    core

let private coreWhoseRenewalIs (renew: TestId -> TestId voption) =
    let identities = TestId.operationsWith id renew
    let core = CheckedMember(Rules.create Given.simple identities TestId.sizes, Given.me, 1UL)
    core.Step(Given.restore [ Given.alive 2 ]) |> ignore
    core

let private refutationTests =
    [
        testCase "R5.1 that we are Alive is no news"
        <| fun () ->
            let core = core Given.me

            for incarnation in [ 0us; 1us; highest ] do
                let before = Digest.ofState core.State
                let effects = core.Step(Given.apply [ MemberRecord.alive Given.me incarnation ])
                Expect.isEmpty effects $"nothing to do at {incarnation}"
                Expect.equal (Digest.ofState core.State) before $"nothing changed at {incarnation}"

        testCase "R5.2 a suspicion is refuted by an incarnation above it"
        <| fun () ->
            for ours, suspicion, after in [ 0us, 0us, 1us; 0us, 7us, 8us; 3us, 3us, 4us ] do
                let core = coreAt Given.me ours
                core.Step(Given.apply [ MemberRecord.suspect Given.me suspicion ]) |> ignore
                Expect.equal core.State.Incarnation after $"{ours} suspected at {suspicion}"

        testCase "R5.2 SelfRefuted tells the incarnations before and after"
        <| fun () ->
            let core = coreAt Given.me 3us
            let refute incarnation = core.Step(Given.apply [ MemberRecord.suspect Given.me incarnation ])

            let refuted =
                SwimEvent.own
                    SwimEventKind.SelfRefuted
                    (MemberRecord.alive Given.me 3us)
                    (MemberRecord.alive Given.me 6us)
                    ChangeCause.Refutation

            Expect.equal (Seen.wholeEvents (refute 5us)) [ refuted ] "told"
            Expect.isEmpty (Seen.wholeEvents (refute 5us)) "once, for the suspicion is refuted already"

        testCase "R5.2 a suspicion below our incarnation is refuted already"
        <| fun () ->
            let core = coreAt Given.me 3us
            let effects = core.Step(Given.apply [ MemberRecord.suspect Given.me 2us ])
            Expect.equal core.State.Incarnation 3us "it stays"
            Expect.equal (List.length (Seen.messages effects)) 3 "yet it is gossiped"

        testCase "R5.2 the refutation is gossiped once, and is the incarnation in the header"
        <| fun () ->
            let core = core Given.me
            let effects = core.Step(Given.apply [ MemberRecord.suspect Given.me 4us ])
            let packets = Seen.packets effects
            Expect.equal packets.Length Given.simple.IndirectProbes "as many as R8.2 chooses"
            let receivers = Seen.receivers Message.gossip effects
            Expect.equal (List.distinct receivers) receivers "each to another member"

            for packet in packets do
                Expect.equal packet.Header.Kind MessageKind.Gossip "gossip"
                Expect.equal packet.Header.SourceIncarnation 5us "with our incarnation"

        testCase "R5.2 every message carries our incarnation"
        <| fun () ->
            let core = coreAt Given.me 9us
            let effects = core.Step(AnnounceTo(Given.peer 2)) @ core.Step GossipNow

            for packet in Seen.packets effects do
                Expect.equal packet.Header.SourceIncarnation 9us $"{packet.Header.Kind}"

        testCase "R5.2 the highest incarnation is still a refutation"
        <| fun () ->
            let core = core Given.me
            core.Step(Given.apply [ MemberRecord.suspect Given.me (highest - 1us) ]) |> ignore
            Expect.equal core.State.Incarnation highest "one above"
            Expect.equal core.State.Connection ConnectionState.Active "and we continue"
    ]

/// What a core does that is declared down by an update.
let private declaredDown (core: CheckedMember) =
    core.Step(Given.apply [ MemberRecord.down core.Identity 0us ])

let private expectDefunct (core: CheckedMember) =
    let effects = declaredDown core
    Expect.equal (Seen.events effects) [ SwimEventKind.Defunct, Given.me ] "notified"
    Expect.equal core.State.Connection ConnectionState.Defunct "and Defunct"
    Expect.equal core.Identity Given.me "as who we were"

let private rejoinTests =
    [
        testCase "R5.3 Down renews the identity, changes to it and tells so"
        <| fun () ->
            let core = core Given.renewableMe
            let next = Given.newer Given.renewableMe
            let effects = declaredDown core
            Expect.equal core.Identity next "the new identity"

            let rejoined =
                SwimEvent.own
                    SwimEventKind.Rejoined
                    (MemberRecord.alive Given.renewableMe 0us)
                    (MemberRecord.alive next 0us)
                    ChangeCause.IdentityChange

            Expect.equal (Seen.wholeEvents effects) [ rejoined ] "told, and nothing else"

            Expect.equal
                (Seen.backlog core |> List.map fst)
                [ MemberRecord.down Given.renewableMe 0us ]
                "the previous one is Down (R6.2)"

            for packet in Seen.packets effects do
                Expect.equal packet.Header.Source next "and the new one gossips it"

        testCase "R5.3 a packet that ends our last peer and us tells Idle of the old identity, then Rejoined"
        <| fun () ->
            let me, next = Given.renewableMe, Given.newer Given.renewableMe
            let core = Given.coreWith Given.simple me
            core.Step(Given.restore [ Given.alive 2 ]) |> ignore
            let effects = core.Step(Given.apply [ Given.down 2; MemberRecord.down me 0us ])

            Expect.equal
                (Seen.events effects)
                [
                    SwimEventKind.MemberDown, Given.peer 2
                    SwimEventKind.Idle, me
                    SwimEventKind.Rejoined, next
                ]
                "in this order"

        testCase "R5.3 a renewed identity begins with incarnation 0"
        <| fun () ->
            let core = coreAt Given.renewableMe 6us
            declaredDown core |> ignore
            Expect.equal core.State.Incarnation 0us "zero"

        testCase "R5.3 Suspect at the highest incarnation is as good as Down"
        <| fun () ->
            let core = core Given.renewableMe
            core.Step(Given.apply [ MemberRecord.suspect Given.renewableMe highest ]) |> ignore
            Expect.equal core.Identity (Given.newer Given.renewableMe) "renewed"

            let fixedOne = Given.knowingAlive [ 2 ]
            fixedOne.Step(Given.apply [ MemberRecord.suspect Given.me highest ]) |> ignore
            Expect.equal fixedOne.State.Connection ConnectionState.Defunct "or Defunct"

        testCase "R5.3 Defunct if there is no other identity"
        <| fun () -> expectDefunct (coreWhoseRenewalIs (fun _ -> ValueNone))

        testCase "R5.3 Defunct if the other identity is the same one"
        <| fun () -> expectDefunct (coreWhoseRenewalIs ValueSome)

        testCase "R5.3 Defunct if the other identity does not win"
        <| fun () ->
            let renew identity = ValueSome { identity with Generation = 0 }
            expectDefunct (coreWhoseRenewalIs renew)

        testCase "R5.3 twice in one batch renews once for each identity that was meant"
        <| fun () ->
            let core = core Given.renewableMe
            let down = MemberRecord.down Given.renewableMe 0us
            core.Step(Given.apply [ down; down ]) |> ignore
            Expect.equal core.Identity (Given.newer Given.renewableMe) "once"

            let next = core.Identity

            core.Step(Given.apply [ MemberRecord.down next 0us; MemberRecord.down (Given.newer next) 0us ])
            |> ignore

            Expect.equal core.Identity (Given.newer (Given.newer next)) "twice"
    ]

/// A core whose next identity was claimed by another member: it holds that one Down.
let private claimed () =
    let core = core Given.renewableMe

    core.Step(Given.apply [ MemberRecord.alive (Given.newer Given.renewableMe) 0us ])
    |> ignore

    core

let private claimedTests =
    [
        testCase "R5.3 an identity that others claimed becomes ours all the same"
        <| fun () ->
            let core = claimed ()
            declaredDown core |> ignore
            Expect.equal core.Identity (Given.newer Given.renewableMe) "renewed"
            Expect.equal (core.RecordAt 1) None "and no other"

        testCase "R5.3 an older identity of ours may be heard of in the same batch"
        <| fun () ->
            let core = claimed ()
            let oldest = { Given.renewableMe with Generation = 0 }

            core.Step(Given.apply [ MemberRecord.down Given.renewableMe 0us; MemberRecord.alive oldest 0us ])
            |> ignore

            Expect.equal core.Identity (Given.newer Given.renewableMe) "renewed"
            Expect.equal (core.RecordAt 1) (Some(MemberRecord.down oldest 0us)) "by R3.4"

        testCase "R5.3 a change of identity may follow in the same step"
        <| fun () ->
            // The TurnUndead is obeyed once the broadcast handler has answered, or something else comes.
            let core = claimed ()

            core.Step(
                PacketReceived(
                    Given.packet
                        (Given.peer 2)
                        0us
                        Given.renewableMe
                        Message.turnUndead
                        []
                        [ Given.payload 3 ]
                )
            )
            |> ignore

            core.Step(ChangeIdentity(Given.peer 9)) |> ignore
            Expect.equal core.Identity (Given.peer 9) "where the caller sent it"

            Expect.equal
                (Seen.backlog core
                 |> List.map fst
                 |> List.filter (fun record -> record.Identity.Address = 1))
                [ MemberRecord.down (Given.newer Given.renewableMe) 0us ]
                "and the identity in between is Down"

        testCase "R5.3 even back to the identity that was given up in that step"
        <| fun () ->
            let core = coreAt Given.renewableMe 4us

            core.Step(
                PacketReceived(
                    Given.packet
                        (Given.peer 2)
                        0us
                        Given.renewableMe
                        Message.turnUndead
                        []
                        [ Given.payload 3 ]
                )
            )
            |> ignore

            core.Step(ChangeIdentity Given.renewableMe) |> ignore
            Expect.equal core.Identity Given.renewableMe "where the caller sent it"
            Expect.equal core.State.Incarnation 0us "begun anew (R6.2)"
    ]

let tests =
    testList "R5 Updates about ourselves" (refutationTests @ rejoinTests @ claimedTests)
