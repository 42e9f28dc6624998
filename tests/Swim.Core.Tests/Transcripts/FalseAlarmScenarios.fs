/// R12.1 to R12.4: members that are wrongly suspected or declared Down.
module Swim.Core.Tests.FalseAlarmScenarios

open Expecto
open Swim
open Swim.Core

let private a = Given.renewablePeer 1
let private b = Given.renewablePeer 2
let private a2 = Given.newer a
let private b2 = Given.newer b

let private isExpiry (step: TranscriptStep) = step.Timer |> Option.exists _.IsChangeSuspectToDown

let private isOf (source: TestId) kind (packet: Packet<TestId>) =
    packet.Header.Source = source && packet.Header.Kind = kind

let private countOf kind (transcript: Transcript) =
    transcript.Cluster.Sent
    |> List.filter (fun packet -> packet.Header.Kind = kind)
    |> List.length

let private refutedSuspicion =
    {
        Number = 1
        Name = "refuted-suspicion"
        Without =
            "a suspects b. b refutes in time. The timer of the suspicion is still pending, as timers are \
            never cancelled. When it fires, a tells b TurnUndead, and b gives up a healthy identity."
        LookFor =
            "At 8.000 a suspects b, and at 8.020 it hears the refutation. The timer ChangeSuspectToDown(b, \
            0) fires at 11.000 and has no effects, as b is Alive(b, 1) by then."
        Rules = Given.rules Scenario.config
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ MemberRecord.alive b 0us ])
                transcript.Until 0.7
                transcript.Start(b, [ MemberRecord.alive a 0us ])

                transcript.Lose(
                    "the first ping of a",
                    fun packet -> isOf a MessageKind.Ping packet && packet.Header.ProbeNumber = 1u
                )

                transcript.Until 10.9
                transcript.Say "The timer of the suspicion that b refuted:"
                transcript.Until 11.5
        Holds =
            fun transcript ->
                let expiry = transcript.Only(a, "let a suspicion expire", isExpiry)
                Expect.isEmpty expiry.Effects "the timer has no effects"

                Expect.equal
                    (Seen.records transcript.Cluster[1])
                    [ MemberRecord.alive b 1us ]
                    "b refuted before"

                Expect.equal (countOf MessageKind.TurnUndead transcript) 0 "no TurnUndead"
                Expect.equal transcript.Cluster[2].Identity b "b keeps its identity"
    }

let private renewedAndLost =
    {
        Number = 2
        Name = "renewed-and-lost"
        Without =
            "a wrongly declares b Down. b renews its identity and gossips once, and the packet is lost. By \
            the plain rule b is Idle after its change of identity, and a is Idle because it knows no active \
            member. Neither has a pending timer, so neither ever sends again."
        LookFor =
            "At 3.010 b becomes b(2), knows a, and schedules ProbeRandomMember although its gossip is lost. \
            Its ping at 7.010 tells a of b(2). The event Active of b(2) comes at 7.030, with the first \
            packet that is addressed to b(2)."
        Rules = Given.rules Scenario.config
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Say "a suspects b, wrongly."
                transcript.Start(a, [ MemberRecord.suspect b 0us ])
                transcript.Until 1.2
                transcript.Start(b, [ MemberRecord.alive a 0us ])
                transcript.Lose("every Gossip of b(2)", isOf b2 MessageKind.Gossip)
                transcript.Until 8.5
        Holds =
            fun transcript ->
                let rejoining = transcript.Only(b, "received TurnUndead", _.Received(MessageKind.TurnUndead))

                let timers = Seen.schedules rejoining.Effects |> List.map fst
                Expect.exists timers _.IsProbeRandomMember "b(2) probes from its first step on"
                Expect.equal (countOf MessageKind.Gossip transcript) 1 "it gossips once"

                Expect.all
                    transcript.Steps
                    (fun step -> not (step.Received MessageKind.Gossip))
                    "the gossip is lost"

                let active =
                    transcript.Only(
                        b2,
                        "became Active",
                        fun step -> List.contains (SwimEventKind.Active, b2) (Seen.events step.Effects)
                    )

                Expect.equal active.Packet.Value.Header.Destination b2 "a packet to b(2) makes it Active"
                transcript.Cluster.ExpectAgreement "at the end"
    }

let private twoFalseAlarms =
    {
        Number = 3
        Name = "two-false-alarms"
        Without =
            "a and b wrongly declare each other Down, and both renew. Each holds the other Down, so both are \
            Idle. Periodic timers run only while Active by the plain rule. No packet was lost, and still \
            neither ever sends again."
        LookFor =
            "From 3.014 on both members are Idle, and the packets under way are addressed to identities that \
            were given up. The timer PeriodicAnnounceDown continues while Idle: at 8.010 b(2) announces to \
            a, and both are Active."
        Rules = Given.rules { Scenario.config with PeriodicAnnounceToDown = Given.every 5000 1 }
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Say "a and b suspect each other, wrongly."
                transcript.Start(a, [ MemberRecord.suspect b 0us ])
                transcript.Until 0.004
                transcript.Start(b, [ MemberRecord.suspect a 0us ])
                transcript.Until 3.5

                for address in [ 1; 2 ] do
                    Expect.equal
                        transcript.Cluster[address].State.Connection
                        ConnectionState.Idle
                        "neither knows an active member"

                transcript.Say "Both are Idle, and no packet is under way."
                transcript.Until 9.0
        Holds =
            fun transcript ->
                let asked =
                    transcript.Only(
                        b2,
                        "announced",
                        fun step -> not (Seen.packets step.Effects).IsEmpty && step.Timer.IsSome
                    )

                Expect.isTrue
                    asked.Timer.Value.IsPeriodicAnnounceDown
                    "by the timer that continues while Idle"

                Expect.equal (Seen.messages asked.Effects) [ a, Message.announce ] "b(2) asks a"
                Expect.equal transcript.Cluster[1].Identity a2 "a renewed"
                Expect.equal transcript.Cluster[2].Identity b2 "and so did b"
                transcript.Cluster.ExpectAgreement "at the end"
    }

let private turnUndeadStorm =
    let a, b = Given.peer 1, Given.peer 2

    {
        Number = 4
        Name = "no-storm"
        Without =
            "a and b cannot renew their identities and hold each other Down. a sends b anything. b answers \
            TurnUndead, which a answers with TurnUndead, and so on: ten thousand packets without any timer."
        LookFor =
            "At 1.020 a receives a TurnUndead of b, which is Down in its table. a obeys and becomes Defunct, \
            and does not answer. The same happens to b at 2.020. Then no packet is under way. R12.3 has the \
            exception: there the receiver of a TurnUndead takes a new identity, and answers."
        Rules = Given.rules Scenario.withoutProbes
        RandomSeed = 1UL
        Play =
            fun transcript ->
                transcript.Start(a, [ MemberRecord.down b 0us ])
                transcript.Start(b, [ MemberRecord.down a 0us ])
                transcript.Until 1.0
                transcript.Do(a, AnnounceTo b)
                transcript.Until 2.0
                transcript.Do(b, AnnounceTo a)
                transcript.Until 30.0
        Holds =
            fun transcript ->
                for one in [ a; b ] do
                    let obeyed =
                        transcript.Only(one, "received TurnUndead", _.Received(MessageKind.TurnUndead))

                    Expect.equal (Seen.events obeyed.Effects) [ SwimEventKind.Defunct, one ] "obeyed"
                    Expect.isEmpty (Seen.packets obeyed.Effects) "not answered"

                Expect.equal transcript.Cluster.Sent.Length 4 "two questions, two answers"
    }

let all = [ refutedSuspicion; renewedAndLost; twoFalseAlarms; turnUndeadStorm ]
