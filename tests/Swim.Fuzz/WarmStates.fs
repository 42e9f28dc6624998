namespace Swim.Fuzz

open System
open Swim
open Swim.Core

/// The states that the step target begins from.
[<RequireQualifiedAccess>]
module internal WarmStates =

    let private rulesOf config (accepts: NodeIdentity -> bool) : Rules<NodeIdentity> =
        { Rules.create
              config
              IdentityOperations<NodeIdentity>.Instance
              (PacketCodec<NodeIdentity> NodeIdentityCodec.Instance) with
            AcceptsBroadcasts = accepts
        }

    let private usual = SwimConfig.Lan 10

    let private warmWith config name life =
        WarmState.create (rulesOf config (fun _ -> true)) FuzzIdentity.us name life

    let private warm name life = warmWith usual name life

    let private take (warmUp: WarmUp) event = warmUp.Take event

    let private segment (records: MemberRecord<NodeIdentity> list) = ArraySegment(Array.ofList records)

    /// The member learns of records that need no dissemination.
    let private know records (warmUp: WarmUp) = take warmUp (ApplyMany(segment records, false))

    let private hear records (warmUp: WarmUp) = take warmUp (ApplyMany(segment records, true))

    let private fire timer (warmUp: WarmUp) = take warmUp (TimerFired timer)

    let private receiveAt
        destination
        source
        (message: Message<NodeIdentity>)
        records
        (payloads: Payload list)
        (warmUp: WarmUp)
        =
        let header =
            {
                Source = source
                SourceIncarnation = 0us
                Destination = destination
                Kind = message.Kind
                Named = message.Named
                ProbeNumber = message.ProbeNumber
                Health = 0uy
            }

        take
            warmUp
            (PacketReceived
                {
                    Header = header
                    Updates = segment records
                    Broadcasts = ArraySegment(Array.ofList payloads)
                })

    let private receive source message records payloads (warmUp: WarmUp) =
        receiveAt warmUp.State.Identity source message records payloads warmUp

    let private alive number = MemberRecord.alive (FuzzIdentity.peer number) (uint16 (number % 3))
    let private suspect number = MemberRecord.suspect (FuzzIdentity.peer number) (uint16 (number % 3))
    let private down number = MemberRecord.down (FuzzIdentity.peer number) 0us
    let private five = List.map alive [ 2..6 ]

    let private ping (warmUp: WarmUp) = fire (ProbeRandomMember warmUp.State.Token) warmUp

    let private askHelpers (warmUp: WarmUp) =
        let target = warmUp.State.Probe.Target.Value.Identity
        fire (SendIndirectProbe(target, warmUp.State.Token)) warmUp

    let private broadcast (topic: int) length (warmUp: WarmUp) =
        take warmUp (BroadcastAccepted(Topic(byte topic), ReadOnlyMemory(Array.create length (byte topic))))

    let private busy (warmUp: WarmUp) =
        hear (five @ [ suspect 7; down 8; down 9 ]) warmUp

        for topic, length in [ 1, 1; 2, 10; 3, 100; 4, 700; 5, 1300 ] do
            broadcast topic length warmUp

    /// As `usual` with everything at its least.
    let private smallest =
        { usual with
            MaxPacketSize = 128
            MaxTransmissions = 1
            IndirectProbes = 1
            NotifyDownMembers = false
            PeriodicAnnounce = Nullable()
            PeriodicAnnounceToDown = Nullable()
            PeriodicGossip = Nullable()
        }

    /// As `usual`, and a Down can be refuted (R13).
    let private refutable = { usual with DownIsFinal = false }

    /// As `refutable`, with all of R14 and R15.
    let private careful =
        { refutable with
            TransmissionMultiplier = 4
            SuspicionMultiplier = 4
            SuspicionConfirmations = 3
            MaxSuspicionFactor = 6
            MaxLocalHealth = 7
            AccountableAccusers = true
            AskDownEarly = true
        }

    /// A probe that only a helper answers, or the target itself; it is not concluded yet.
    let private answeredProbe isDirect (warmUp: WarmUp) =
        ping warmUp
        askHelpers warmUp
        let probe = warmUp.State.Probe
        let target = probe.Target.Value.Identity

        if isDirect then
            receive target (Message.ack probe.Number) [] [] warmUp
        else
            receive probe.Helpers.Head (Message.forwardedAck target probe.Number) [] [] warmUp

    /// Five links over which only helpers answered three times; the last probe is not concluded yet.
    let private impairing (warmUp: WarmUp) =
        know five warmUp

        for _ in 1..15 do
            answeredProbe false warmUp

    let private odd (identity: NodeIdentity) = identity.AddressBits % UInt128.op_Implicit 2uy = UInt128.One

    let private states =
        lazy
            [|
                warm "idle" ignore

                warm "five active members" (know five)

                warm "a ping is pending" (fun warmUp ->
                    know five warmUp
                    ping warmUp)

                warm "helpers were asked" (fun warmUp ->
                    know five warmUp
                    ping warmUp
                    askHelpers warmUp)

                warm "suspects, one of them probed" (fun warmUp ->
                    know [ suspect 2; suspect 3; suspect 4 ] warmUp
                    ping warmUp)

                warm "active and Down members" (fun warmUp ->
                    know (List.map alive [ 2; 3 ] @ List.map down [ 4; 5; 6 ]) warmUp)

                warm "idle with Down members" (know [ down 2; down 3 ])

                warm "tombstones" (fun warmUp ->
                    know [ alive 2; alive 3; down 4; down 5 ] warmUp
                    fire (RemoveDown(FuzzIdentity.peer 4, 0us)) warmUp
                    fire (RemoveDown(FuzzIdentity.peer 5, 0us)) warmUp)

                warm "left" (fun warmUp ->
                    know five warmUp
                    take warmUp LeaveCluster)

                // A generation that cannot grow cannot be renewed.
                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife UInt64.MaxValue FuzzIdentity.us)
                    "defunct"
                    (fun warmUp ->
                        know five warmUp
                        receive (FuzzIdentity.peer 2) Message.turnUndead [] [] warmUp)

                // Told that it is Down, it took the identity that it has now.
                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife 999UL FuzzIdentity.us)
                    "awaiting active"
                    (fun warmUp ->
                        know five warmUp
                        receive (FuzzIdentity.peer 2) Message.turnUndead [] [] warmUp)

                warm "updates and broadcasts wait" busy

                warm "an answer waits for the broadcast handler" (fun warmUp ->
                    know five warmUp

                    receive
                        (FuzzIdentity.peer 2)
                        (Message.ping 77u)
                        []
                        [ ReadOnlyMemory [| 2uy; 1uy |]; ReadOnlyMemory [| 3uy |] ]
                        warmUp)

                warm "the highest incarnation" (fun warmUp ->
                    know five warmUp

                    receive
                        (FuzzIdentity.peer 3)
                        Message.gossip
                        [ MemberRecord.suspect FuzzIdentity.us 65534us ]
                        []
                        warmUp)

                WarmState.create (rulesOf smallest odd) FuzzIdentity.us "the smallest packets" (fun warmUp ->
                    hear (five @ [ suspect 7; down 8 ]) warmUp
                    broadcast 1 1 warmUp
                    broadcast 2 80 warmUp)

                warmWith
                    { usual with MaxPacketSize = 65507; MaxTransmissions = 255 }
                    "the largest packets"
                    busy

                warm "two hundred active members" (fun warmUp ->
                    know [ for number in 2..201 -> alive number ] warmUp
                    ping warmUp)

                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife UInt64.MaxValue FuzzIdentity.us)
                    "no renewal is left"
                    (fun warmUp ->
                        hear five warmUp
                        ping warmUp)

                warmWith refutable "Downs that can be refuted" (fun warmUp ->
                    hear (five @ [ suspect 7; down 8; MemberRecord.left (FuzzIdentity.peer 9) ]) warmUp
                    fire (RemoveDown(FuzzIdentity.peer 8, 0us)) warmUp)

                WarmState.create
                    (rulesOf refutable (fun _ -> true))
                    (FuzzIdentity.inLife 0UL FuzzIdentity.us)
                    "an address that others claim"
                    (fun warmUp ->
                        know five warmUp

                        for life in [ 1UL; 3UL; 5UL ] do
                            let rival = FuzzIdentity.inLife life FuzzIdentity.us
                            let reason = MemberRecord.alive rival 0us
                            receive (FuzzIdentity.peer 2) Message.turnUndead [ reason ] [] warmUp

                        // The identity that it had before all others.
                        let former = FuzzIdentity.inLife 0UL FuzzIdentity.us
                        receiveAt former (FuzzIdentity.peer 3) (Message.ping 3u) [] [] warmUp)

                warmWith careful "suspicions that others confirm" (fun warmUp ->
                    know five warmUp
                    let accuse by = MemberRecord.accused (FuzzIdentity.peer 2) 2us (FuzzIdentity.peer by)
                    hear [ accuse 3; accuse 4; down 8 ] warmUp
                    receive (FuzzIdentity.peer 3) (Message.pingReq (FuzzIdentity.peer 4) 9u) [] [] warmUp)

                warmWith careful "a link that is impaired next" impairing

                warmWith careful "a link that is restored next" (fun warmUp ->
                    impairing warmUp
                    take warmUp (HealthObserved false)
                    answeredProbe true warmUp)
            |]

    /// All of them. Inputs name a state by its position: new ones go to the end.
    let all () : WarmState[] = states.Value

    /// The one that an input asks for with its first byte.
    let select (selector: byte) : WarmState = all()[int selector % all().Length]
