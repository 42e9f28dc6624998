/// R12.7, R12.8 and R12.13: Down members, and what arrives late.
module Swim.Core.Tests.ForgettingScenarios

open Expecto
open Swim
open Swim.Core

let private delayedPacket =
    let a, b = Given.renewablePeer 1, Given.renewablePeer 2
    let b2 = Given.newer b

    {
        Number = 7
        Name = "delayed-packet"
        Without =
            "b is Down, and later a forgets it. One delayed packet of b arrives. To a it is an update about \
            an unknown address: b is Alive again, and a disseminates that."
        LookFor =
            "b sends a packet at 1.000 that takes 16 s, and crashes. a forgets b at 16.000, which leaves a \
            tombstone. The packet arrives at 17.000: a does not insert b, and answers TurnUndead. A newer \
            identity is let in: b(2) announces at 18.000 and is Alive."
        Rules = Scenario.config |> Scenario.removeDownAfter 5.0 |> Given.rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ MemberRecord.alive b 0us ])
                transcript.Until 0.7
                transcript.Start(b, [ MemberRecord.alive a 0us ])
                transcript.Until 1.0
                transcript.Delayed(16.0, fun () -> transcript.Do(b, GossipNow))
                transcript.Until 1.5
                transcript.Cluster.Crash b.Address
                transcript.Until 16.5
                Expect.isEmpty (Seen.records transcript.Cluster[1]) "a has forgotten b"
                transcript.Say "a has forgotten b. Now the delayed packet arrives."
                transcript.Until 18.0
                Expect.isEmpty (Seen.records transcript.Cluster[1]) "b stays out"
                transcript.Cluster.Restart b.Address
                transcript.Do(b2, AnnounceTo a)
                transcript.Until 18.5
        Holds =
            fun transcript ->
                let late = transcript.Only(a, "received Gossip", _.Received(MessageKind.Gossip))
                Expect.isEmpty (Seen.events late.Effects) "the delayed packet changes nothing"
                Expect.equal (Seen.messages late.Effects) [ b, Message.turnUndead ] "its sender is told"

                Expect.equal
                    (Seen.records transcript.Cluster[1])
                    [ MemberRecord.alive b2 0us ]
                    "b(2) is let in"

                transcript.Cluster.ExpectAgreement "at the end"
    }

let private anyOrder =
    let a, b, c = Given.renewablePeer 1, Given.renewablePeer 2, Given.renewablePeer 3

    {
        Number = 8
        Name = "any-order"
        Without =
            "Down kept whatever incarnation arrived first. Two members that saw the same updates in \
            different order held Down(c, 0) and Down(c, 1), and neither record ever superseded the other."
        LookFor =
            "The suspicion of a expires at 3.000, and a hears of the refutation Alive(c, 1) only then. b \
            hears of it first, and at 2.000 of Down(c, 1). Both records are Down(c), without an \
            incarnation. The Ping and the Ack that carry Down(c), at 5.210 and 5.220, change nothing."
        Rules =
            { Scenario.config with
                ProbePeriod = System.TimeSpan.FromSeconds 5.2
                NotifyDownMembers = false
            }
            |> Given.rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                let suspect incarnation = Given.restore [ MemberRecord.suspect c incarnation ]
                let refutation = Given.restore [ MemberRecord.alive c 1us ]

                transcript.Say
                    "c has crashed before. Others tell a and b the same about it, in different order."

                transcript.Start(a, [ MemberRecord.alive b 0us; MemberRecord.suspect c 0us ])
                transcript.Until 0.3
                transcript.Start(b, [ MemberRecord.alive a 0us; MemberRecord.suspect c 0us ])
                transcript.Until 1.0
                transcript.Do(b, refutation)
                transcript.Until 1.5
                transcript.Do(b, suspect 1us)
                transcript.Until 2.0
                transcript.Say "A member that does not have the amendment tells b of its judgement."
                let verdict = MemberRecord.down c 1us
                transcript.Do(b, Given.apply [ verdict ])
                transcript.Until 3.2
                transcript.Do(a, refutation)
                transcript.Do(a, suspect 1us)
                transcript.Until 5.4
        Holds =
            fun transcript ->
                let downAt one =
                    transcript.Only(
                        one,
                        "declared c Down",
                        fun step -> List.contains (SwimEventKind.MemberDown, c) (Seen.events step.Effects)
                    )

                let recordBefore one = (Seen.wholeEvents (downAt one).Effects).Head.Before
                Expect.equal (recordBefore a) (MemberRecord.suspect c 0us) "a judges incarnation 0"
                Expect.equal (recordBefore b) (MemberRecord.suspect c 1us) "b judges incarnation 1"

                for address in [ 1; 2 ] do
                    let record = transcript.Cluster[address].RecordAt(3).Value

                    Expect.equal record (MemberRecord.down c 0us) "equal"

                let told = transcript.Only(b, "received Ping", _.Received(MessageKind.Ping))
                Expect.contains (Seen.updates told.Packet.Value) (MemberRecord.down c 0us) "a tells b"
                Expect.isEmpty (Seen.events told.Effects) "which changes nothing"
    }

let private oldTimer =
    let a, b, c = Given.peer 1, Given.peer 2, Given.peer 3

    {
        Number = 13
        Name = "old-timer"
        Without =
            "a suspects b with incarnation 0. By gossip b is Down, is forgotten, and comes back as Alive \
            with incarnation 0. Then the old timer of a fires, and b is Down although no member suspects \
            it."
        LookFor =
            "The timer of the suspicion is set at 0.500. b leaves and is forgotten. A delayed packet cannot \
            bring b back at 3.200 (R12.7). Its own Announce does, at 4.010, as b cannot renew its identity. \
            The old timer fires at 12.500, with the current token, for Alive(b, 0), and has no effects \
            (R12.1)."
        Rules =
            Scenario.withoutProbes
            |> Scenario.suspectToDownAfter 12.0
            |> Scenario.removeDownAfter 2.0
            |> Given.rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Say "The members cannot renew their identities. c keeps a Active while b is Down."
                let alive = fun one -> MemberRecord.alive one 0us
                transcript.Start(a, [ alive b; alive c ])
                transcript.Start(b, [ alive a ])
                transcript.Start(c, [ alive a ])
                transcript.Until 0.5
                transcript.Do(a, Given.restore [ MemberRecord.suspect b 0us ])
                transcript.Until 0.9
                transcript.Delayed(2.3, fun () -> transcript.Do(b, GossipNow))
                transcript.Until 1.0
                transcript.Do(b, LeaveCluster)
                transcript.Until 4.0
                transcript.Do(b, ReuseDownIdentity)
                transcript.Do(b, AnnounceTo a)
                transcript.Until 12.4
                transcript.Say "The timer of the suspicion of 0.500:"
                transcript.Until 13.0
        Holds =
            fun transcript ->
                let isExpiry (step: TranscriptStep) = step.Timer |> Option.exists _.IsChangeSuspectToDown

                let expiry = transcript.Only(a, "let a suspicion expire", isExpiry)
                Expect.isEmpty expiry.Effects "the old timer has no effects"
                let token = transcript.Cluster[1].State.Token

                Expect.equal
                    expiry.Timer.Value
                    (ChangeSuspectToDown(b, 0us, 0, token))
                    "with the current token"

                Expect.equal
                    (transcript.Cluster[1].RecordAt 2)
                    (Some(MemberRecord.alive b 0us))
                    "b is back with the same incarnation"
    }

let all = [ delayedPacket; anyOrder; oldTimer ]
