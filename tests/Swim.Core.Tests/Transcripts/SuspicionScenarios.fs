/// R12.9, R12.10, R12.11 and R12.14: probes, suspicions and refutations.
module Swim.Core.Tests.SuspicionScenarios

open System
open Expecto
open Swim
open Swim.Core

let private a = Given.renewablePeer 1
let private b = Given.renewablePeer 2
let private c = Given.renewablePeer 3
let private d = Given.renewablePeer 4
let private alive one = MemberRecord.alive one 0us

let private lastIncarnation =
    let b2 = Given.newer b
    let suspect incarnation = Given.apply [ MemberRecord.suspect b incarnation ]

    {
        Number = 9
        Name = "last-incarnation"
        Without =
            "A member at the highest incarnation, 65,535, gave up its identity at any suspicion, even at one \
            that it had refuted long ago."
        LookFor =
            "At 1.010 b refutes with its last incarnation, and its gossip is lost. At 1.510 the same \
            suspicion arrives again: b keeps its identity and gossips once more. Only the suspicion of \
            65535, at 2.010, makes it renew."
        Rules = Scenario.withoutProbes |> Scenario.suspectToDownAfter 5.0 |> Given.rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ alive b ])
                transcript.Start(b, [ alive a ])
                transcript.Until 0.5
                transcript.Say "b has refuted many suspicions."
                transcript.Do(b, Given.restore [ MemberRecord.suspect b 65533us ])
                transcript.Until 1.0
                transcript.Lose("what b sends", fun packet -> packet.Header.Source = b)
                transcript.Do(a, suspect 65534us)
                transcript.Do(a, GossipNow)
                transcript.Until 1.5
                transcript.LoseNothing()
                transcript.Do(a, GossipNow)
                transcript.Until 2.0
                transcript.Do(a, suspect 65535us)
                transcript.Do(a, GossipNow)
                transcript.Until 2.5
        Holds =
            fun transcript ->
                let heard incarnation (step: TranscriptStep) =
                    step.Packet
                    |> Option.exists (fun packet ->
                        List.contains (MemberRecord.suspect b incarnation) (Seen.updates packet))

                let told = transcript.Steps |> List.filter (fun step -> step.Member = b && heard 65534us step)

                Expect.equal told.Length 2 "b hears of the same suspicion twice"
                Expect.equal (Seen.events told[0].Effects) [ SwimEventKind.SelfRefuted, b ] "it refutes"
                Expect.equal (Seen.messages told[1].Effects) [ a, Message.gossip ] "then it only gossips"
                Expect.equal told[1].Effects.Length 1 "and nothing else"
                let last = transcript.Only(b, "heard of the last suspicion", heard 65535us)
                Expect.contains (Seen.events last.Effects) (SwimEventKind.Rejoined, b2) "it renews"
                transcript.Cluster.ExpectAgreement "at the end"
    }

let private staleAnswer =
    {
        Number = 10
        Name = "stale-answer"
        Without =
            "A ForwardedAck counted whatever it said about its origin. And an 8-bit probe number repeats \
            every 256 periods, so an old answer could fit a new probe. b is dead, and a takes an answer of \
            d for one of b."
        LookFor =
            "a probes b, which has crashed, and asks c and d to ping it. At 6.000 neither the Ack with \
            another number nor the ForwardedAck about d answers the probe: at 8.000 b is Suspect, with the \
            cause Probe."
        Rules = Given.rules Scenario.config
        RandomSeed = 3UL
        Play =
            fun transcript ->
                let stale source message = PacketReceived(Given.packet source 0us a message [] [])

                transcript.Say "b has crashed. c and d have just started and know no member yet."
                transcript.Start(a, [ alive b; alive c; alive d ])
                transcript.Start(c, [])
                transcript.Start(d, [])
                transcript.Until 6.0
                transcript.Say "Two old answers arrive. In 8 bits, 257 would be the number of this probe."
                transcript.Do(a, stale b (Message.ack 257u))
                transcript.Do(a, stale c (Message.forwardedAck d 1u))
                transcript.Until 8.005
        Holds =
            fun transcript ->
                let first =
                    transcript.Only(
                        a,
                        "sent Ping(1)",
                        fun step ->
                            List.exists (fun (_, sent) -> sent = Message.ping 1u) (Seen.messages step.Effects)
                    )

                Expect.contains (Seen.messages first.Effects) (b, Message.ping 1u) "a probes b"
                let asked = transcript.Only(c, "received PingReq", _.Received(MessageKind.PingReq))
                Expect.equal asked.Packet.Value.Header.ProbeNumber 1u "c is a helper of that probe"

                let forwarded =
                    transcript.Only(a, "received ForwardedAck", _.Received(MessageKind.ForwardedAck))

                Expect.equal forwarded.Packet.Value.Header.Named d "its answer is about d"

                let suspected =
                    transcript.Only(
                        a,
                        "suspected b",
                        fun step ->
                            List.contains (SwimEventKind.MemberSuspected, b) (Seen.events step.Effects)
                    )

                Expect.equal
                    (Seen.wholeEvents suspected.Effects).Head.Cause
                    ChangeCause.Probe
                    "the probe failed"
    }

let private accuserCrashes =
    {
        Number = 11
        Name = "accuser-crashes"
        Without =
            "Only the member whose probe failed had a timer. a suspects b, disseminates that, and crashes. b \
            is down too, yet stays Suspect everywhere until some other probe of it fails."
        LookFor =
            "At 8.000 a suspects b and tells c in its ping. c takes the suspicion over at 8.010 and \
            schedules a timer of its own. a crashes. At 11.010 the timer of c fires, and b is Down."
        Rules = Given.rules Scenario.config
        RandomSeed = 6UL
        Play =
            fun transcript ->
                transcript.Say "b has crashed."
                transcript.Start(a, [ alive b; alive c ])
                transcript.Until 0.3
                transcript.Start(c, [ alive a; alive b ])
                transcript.Until 8.1
                transcript.Cluster.Crash a.Address
                transcript.Until 11.5
        Holds =
            fun transcript ->
                let tells (step: TranscriptStep) =
                    step.Packet
                    |> Option.exists (fun packet ->
                        List.contains (MemberRecord.suspect b 0us) (Seen.updates packet))

                let told = transcript.Only(c, "was told of the suspicion", tells)
                let timers = Seen.schedules told.Effects |> List.map fst
                Expect.exists timers _.IsChangeSuspectToDown "c sets a timer of its own"

                let probed =
                    Seen.messages (
                        transcript.Steps
                        |> List.filter (fun step -> step.Member = c)
                        |> List.collect _.Effects
                    )

                let expiry =
                    transcript.Only(
                        c,
                        "let a suspicion expire",
                        fun step -> step.Timer |> Option.exists _.IsChangeSuspectToDown
                    )

                Expect.equal (Seen.events expiry.Effects).Head (SwimEventKind.MemberDown, b) "b is Down"

                // Otherwise a failed probe of c could have raised the suspicion as well.
                Expect.isFalse (List.contains (b, Message.ping 1u) probed) "the first probe of c is of a"
    }

let private suspectHearsFirst =
    let e = Given.renewablePeer 5

    // A packet of 128 bytes has room for two records.
    let rules =
        Rules.create
            { Scenario.config with
                ProbePeriod = TimeSpan.FromSeconds 2.0
                ProbeRtt = TimeSpan.FromSeconds 0.5
                MaxPacketSize = 128
            }
            TestId.operations
            (TestId.sizesWith (fun _ -> 20) (fun _ -> 50))

    {
        Number = 14
        Name = "suspect-hears-first"
        Without =
            "A suspected member can refute only what it hears. With a full backlog its own suspicion may not \
            fit in the pings that it gets, and it is declared Down without ever hearing of it."
        LookFor =
            "A packet has room for two records. The suspicion of b waits no more in the backlog of a, where \
            three other updates wait. The Ping at 2.000 carries Suspect(b, 0) first all the same. b refutes \
            in its answer, and the timer at 3.000 has no effects."
        Rules = rules
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ MemberRecord.suspect b 0us ])
                transcript.Do(a, Given.apply [ for one in [ c; d; e ] -> MemberRecord.down one 0us ])
                transcript.Until 0.7
                transcript.Start(b, [ alive a ])
                transcript.Until 3.1
        Holds =
            fun transcript ->
                let isPing (packet: Packet<TestId>) =
                    packet.Header.Source = a && packet.Header.Kind = MessageKind.Ping

                let ping = transcript.Cluster.Sent |> List.find isPing |> Seen.updates
                Expect.equal ping.Head (MemberRecord.suspect b 0us) "the suspicion goes first"
                Expect.equal ping.Length 2 "the packet is full"

                Expect.equal (transcript.Cluster[1].RecordAt 2) (Some(MemberRecord.alive b 1us)) "b refuted"

                let expiry =
                    transcript.Only(
                        a,
                        "let a suspicion expire",
                        fun step -> step.Timer |> Option.exists _.IsChangeSuspectToDown
                    )

                Expect.isEmpty expiry.Effects "in time"
    }

let all = [ lastIncarnation; staleAnswer; accuserCrashes; suspectHearsFirst ]
