namespace Swim.Fuzz

open System
open Swim
open Swim.Core

/// A custom broadcast of the fuzzers: of two with the same topic the later takes the place of the earlier.
[<Sealed>]
type internal Topic(name: byte) =
    inherit BroadcastKey()
    member _.Name = name

    override _.Invalidates(other: BroadcastKey) =
        match other with
        | :? Topic as other -> other.Name = name
        | _ -> false

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

    let private warm name life = WarmState.create (rulesOf usual (fun _ -> true)) FuzzIdentity.us name life

    let private take (session: Session) event = session.Take event |> ignore

    let private segment (records: MemberRecord<NodeIdentity> list) = ArraySegment(Array.ofList records)

    /// The session learns of records that need no dissemination.
    let private know records (session: Session) = take session (ApplyMany(segment records, false))

    let private hear records (session: Session) = take session (ApplyMany(segment records, true))

    let private fire timer (session: Session) = take session (TimerFired timer)

    let private receive
        source
        (message: Message<NodeIdentity>)
        records
        (payloads: Payload list)
        (session: Session)
        =
        let header =
            {
                Source = source
                SourceIncarnation = 0us
                Destination = session.State.Identity
                Kind = message.Kind
                Named = message.Named
                ProbeNumber = message.ProbeNumber
            }

        take
            session
            (PacketReceived
                {
                    Header = header
                    Updates = segment records
                    Broadcasts = ArraySegment(Array.ofList payloads)
                })

    let private alive number = MemberRecord.alive (FuzzIdentity.peer number) (uint16 (number % 3))
    let private suspect number = MemberRecord.suspect (FuzzIdentity.peer number) (uint16 (number % 3))
    let private down number = MemberRecord.down (FuzzIdentity.peer number)
    let private five = List.map alive [ 2..6 ]

    let private ping (session: Session) = fire (ProbeRandomMember session.State.Token) session

    let private askHelpers (session: Session) =
        let target = session.State.Probe.Target.Value.Identity
        fire (SendIndirectProbe(target, session.State.Token)) session

    let private broadcast (topic: int) length (session: Session) =
        take session (BroadcastAccepted(Topic(byte topic), ReadOnlyMemory(Array.create length (byte topic))))

    let private busy (session: Session) =
        hear (five @ [ suspect 7; down 8; down 9 ]) session

        for topic, length in [ 1, 1; 2, 10; 3, 100; 4, 700; 5, 1300 ] do
            broadcast topic length session

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

    let private odd (identity: NodeIdentity) = identity.AddressBits % UInt128.op_Implicit 2uy = UInt128.One

    let private states =
        lazy
            [|
                warm "idle" ignore

                warm "five active members" (know five)

                warm "a ping is pending" (fun session ->
                    know five session
                    ping session)

                warm "helpers were asked" (fun session ->
                    know five session
                    ping session
                    askHelpers session)

                warm "suspects, one of them probed" (fun session ->
                    know [ suspect 2; suspect 3; suspect 4 ] session
                    ping session)

                warm "active and Down members" (fun session ->
                    know (List.map alive [ 2; 3 ] @ List.map down [ 4; 5; 6 ]) session)

                warm "idle with Down members" (know [ down 2; down 3 ])

                warm "tombstones" (fun session ->
                    know [ alive 2; alive 3; down 4; down 5 ] session
                    fire (RemoveDown(FuzzIdentity.peer 4)) session
                    fire (RemoveDown(FuzzIdentity.peer 5)) session)

                warm "left" (fun session ->
                    know five session
                    take session LeaveCluster)

                // A generation that cannot grow cannot be renewed.
                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife UInt64.MaxValue FuzzIdentity.us)
                    "defunct"
                    (fun session ->
                        know five session
                        receive (FuzzIdentity.peer 2) Message.turnUndead [] [] session)

                // Told that it is Down, it took the identity that it has now.
                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife 999UL FuzzIdentity.us)
                    "awaiting active"
                    (fun session ->
                        know five session
                        receive (FuzzIdentity.peer 2) Message.turnUndead [] [] session)

                warm "updates and broadcasts wait" busy

                warm "an answer waits for the broadcast handler" (fun session ->
                    know five session

                    receive
                        (FuzzIdentity.peer 2)
                        (Message.ping 77u)
                        []
                        [ ReadOnlyMemory [| 2uy; 1uy |]; ReadOnlyMemory [| 3uy |] ]
                        session)

                warm "the highest incarnation" (fun session ->
                    know five session

                    receive
                        (FuzzIdentity.peer 3)
                        Message.gossip
                        [ MemberRecord.suspect FuzzIdentity.us 65534us ]
                        []
                        session)

                WarmState.create (rulesOf smallest odd) FuzzIdentity.us "the smallest packets" (fun session ->
                    hear (five @ [ suspect 7; down 8 ]) session
                    broadcast 1 1 session
                    broadcast 2 80 session)

                WarmState.create
                    (rulesOf { usual with MaxPacketSize = 65507; MaxTransmissions = 255 } (fun _ -> true))
                    FuzzIdentity.us
                    "the largest packets"
                    busy

                warm "two hundred active members" (fun session ->
                    know [ for number in 2..201 -> alive number ] session
                    ping session)

                WarmState.create
                    (rulesOf usual (fun _ -> true))
                    (FuzzIdentity.inLife UInt64.MaxValue FuzzIdentity.us)
                    "no renewal is left"
                    (fun session ->
                        hear five session
                        ping session)
            |]

    /// All of them. Inputs name a state by its position: new ones go to the end.
    let all () : WarmState[] = states.Value

    /// The one that an input asks for with its first byte.
    let select (selector: byte) : WarmState = all()[int selector % all().Length]
