/// R12.5, R12.6 and R12.12: members that leave, come back, or restart.
module Swim.Core.Tests.DepartureScenarios

open Expecto
open Swim
open Swim.Core

let private carries (record: MemberRecord<TestId>) (packet: Packet<TestId>) =
    List.contains record (Seen.updates packet)

let private reusedIdentity =
    let a, b = Given.peer 1, Given.peer 2

    {
        Number = 5
        Name = "reused-identity"
        Without =
            "a leaves, and later reuses its identity. Its own Down still waits in its backlog. The first \
            ping after rejoining carries it, and every member believes it."
        LookFor =
            "The farewell at 1.000 carries Down(a), which may be sent twice more. a reuses its identity at \
            7.000. Its Ping(1) at 11.000 carries no update, and b keeps it Alive."
        Rules = Scenario.config |> Scenario.removeDownAfter 4.5 |> Given.rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Say "a and b cannot renew their identities."
                transcript.Start(a, [ MemberRecord.alive b 0us ])
                transcript.Until 0.7
                transcript.Start(b, [ MemberRecord.alive a 0us ])
                transcript.Until 1.0
                transcript.Do(a, LeaveCluster)
                transcript.Until 7.0

                Expect.equal
                    (Seen.backlog transcript.Cluster[1])
                    [ MemberRecord.down a 0us, 2 ]
                    "the Down of a waits in its backlog"

                transcript.Do(a, ReuseDownIdentity)
                transcript.Until 7.3
                transcript.Do(a, AnnounceTo b)
                transcript.Until 12.5
        Holds =
            fun transcript ->
                let farewell, later =
                    transcript.Cluster.Sent
                    |> List.filter (fun packet -> packet.Header.Source = a)
                    |> List.partition (carries (MemberRecord.down a 0us))

                Expect.equal farewell.Length 1 "only the farewell carries Down(a)"
                let isPing (packet: Packet<TestId>) = packet.Header.Kind = MessageKind.Ping
                Expect.exists later isPing "a has pinged since it is back"
                Expect.equal (Seen.records transcript.Cluster[2]) [ MemberRecord.alive a 0us ] "and is Alive"
                transcript.Cluster.ExpectAgreement "at the end"
    }

let private leavingIsFinal =
    let a, b, c = Given.renewablePeer 1, Given.renewablePeer 2, Given.renewablePeer 3

    {
        Number = 6
        Name = "leaving-is-final"
        Without =
            "a leaves. A suspicion of a arrives, and a refutes it. Or a TurnUndead arrives, and a renews. \
            The member that left is back."
        LookFor =
            "The farewell of a is lost. At 1.510 a receives a suspicion of itself, and at 4.510 a \
            TurnUndead: neither has effects. At 2.010 c asks, and a answers with Down(a) and nothing else. \
            At 2.500 the caller of a is refused."
        Rules = Given.rules Scenario.withoutProbes
        RandomSeed = 1UL
        Play =
            fun transcript ->
                let alive = fun one -> MemberRecord.alive one 0us
                transcript.Start(a, [ alive b; alive c ])
                transcript.Start(b, [ alive a; alive c ])
                transcript.Start(c, [ alive a; alive b ])
                transcript.Until 1.0
                transcript.Lose("the farewell of a", fun packet -> packet.Header.Source = a)
                transcript.Do(a, LeaveCluster)
                transcript.LoseNothing()
                transcript.Until 1.5
                transcript.Say "b suspects a, and gossips that."
                transcript.Do(b, Given.apply [ MemberRecord.suspect a 0us ])
                transcript.Do(b, GossipNow)
                transcript.Until 2.0
                transcript.Do(c, AnnounceTo a)
                transcript.Until 2.5
                transcript.Do(a, GossipNow)
                transcript.Until 3.0

                transcript.Say
                    "Others tell a that b is Down, wrongly. a still applies what it hears about others."

                transcript.Do(a, Given.apply [ MemberRecord.down b 0us ])
                transcript.Until 4.4
                transcript.Say "The suspicion of b expires, and b tells a TurnUndead."
                transcript.Until 5.0
        Holds =
            fun transcript ->
                let suspected = transcript.Only(a, "received Gossip", _.Received(MessageKind.Gossip))

                Expect.isTrue
                    (carries (MemberRecord.suspect a 0us) suspected.Packet.Value)
                    "a hears of the suspicion"

                Expect.isEmpty suspected.Effects "and does not refute"

                let declaredDown =
                    transcript.Only(a, "received TurnUndead", _.Received(MessageKind.TurnUndead))

                Expect.isEmpty declaredDown.Effects "a does not renew"

                Expect.equal
                    (transcript.Cluster[1].RecordAt 2)
                    (Some(MemberRecord.down b 0us))
                    "although it does not answer b, which is Down"

                let asked = transcript.Only(a, "received Announce", _.Received(MessageKind.Announce))
                let answer = (Seen.packets asked.Effects).Head
                Expect.equal answer.Header.Kind MessageKind.Gossip "a answers with a Gossip"
                Expect.equal (Seen.updates answer) [ MemberRecord.down a 0us ] "that holds its own Down"
                Expect.equal transcript.Cluster[1].Identity a "the same identity"
                Expect.equal transcript.Cluster.TakingPart [ 2; 3 ] "a stays away"
                transcript.Cluster.ExpectAgreement "at the end"
    }

let private restart =
    let a, b = Given.renewablePeer 1, Given.renewablePeer 2
    let b2 = Given.newer b

    {
        Number = 12
        Name = "restart"
        Without =
            "A process restarts with the identity that it had. Others know it under a higher incarnation, so \
            they ignore what it says. With an older identity it loses every conflict and is never let in."
        LookFor =
            "Before it crashes, b is Alive(b, 1) at a. It restarts as b(2), which wins over b, with \
            incarnation 0, and a lets it in at 2.010. It announces to a(0), as it does not know the \
            generation of a. At 2.500 a delayed packet of the earlier life arrives and changes nothing. At \
            3.010 b(2) is heard when it refutes."
        Rules = Given.rules Scenario.withoutProbes
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ MemberRecord.alive b 0us ])
                transcript.Start(b, [ MemberRecord.alive a 0us ])
                transcript.Until 0.5
                transcript.Say "a suspects b, wrongly, and b refutes."
                transcript.Do(a, Given.apply [ MemberRecord.suspect b 0us ])
                transcript.Do(a, GossipNow)
                transcript.Until 1.0
                transcript.Delayed(1.5, fun () -> transcript.Do(b, GossipNow))
                transcript.Until 1.1
                transcript.Cluster.Crash b.Address

                Expect.equal
                    (Seen.records transcript.Cluster[1])
                    [ MemberRecord.alive b 1us ]
                    "a knows more of b than a restarted b would"

                transcript.Until 2.0
                transcript.Cluster.Restart b.Address
                transcript.Do(b2, AnnounceTo { a with Generation = 0 })
                transcript.Until 3.0
                transcript.Say "a suspects b(2), wrongly."
                transcript.Do(a, Given.apply [ MemberRecord.suspect b2 0us ])
                transcript.Do(a, GossipNow)
                transcript.Until 3.6
        Holds =
            fun transcript ->
                let isOfEarlierLife (step: TranscriptStep) =
                    step.Packet |> Option.exists (fun packet -> packet.Header.Source = b)
                    && step.At > System.TimeSpan.FromSeconds 2.0

                let delayed = transcript.Only(a, "received a delayed packet of b", isOfEarlierLife)
                Expect.isEmpty (Seen.events delayed.Effects) "the earlier life changes nothing"

                Expect.equal
                    (Seen.records transcript.Cluster[1])
                    [ MemberRecord.alive b2 1us ]
                    "a hears what b(2) says"

                transcript.Cluster.ExpectAgreement "at the end"
    }

let all = [ reusedIdentity; leavingIsFinal; restart ]
