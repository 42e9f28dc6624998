namespace Swim.Simulation

open System
open System.Buffers
open System.Buffers.Binary
open Swim
open Swim.Core

/// What can happen next.
type private Kind =
    | Arrival = 0uy
    | TimerDue = 1uy
    | JoinDue = 2uy
    | PauseOver = 3uy
    | FreezeOver = 4uy
    | DeedDue = 5uy
    | StartDue = 6uy

[<Struct; NoEquality; NoComparison>]
type private Happening<'Id> =
    {
        Kind: Kind
        /// The member, or the number of the deed.
        Node: int
        /// Whose it is: a process that ended has no timers.
        Life: int
        Bytes: byte[]
        Length: int
        Timer: Timer<'Id>
    }

/// Many members on one virtual network and one virtual clock. All that is random comes from the seed, and
/// nothing else decides: the same scenario and seed give the same run on every machine.
[<Sealed>]
type World<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (kit: Kit<'Id>, scenario: Scenario, seed: uint64, observer: IRunObserver<'Id>, step: Stepper<'Id>) =

    // What a socket holds before it drops.
    [<Literal>]
    let SocketCapacity = 4096

    let codec = PacketCodec<'Id> kit.Codec
    let queue = EventQueue<Happening<'Id>>()
    let network = Network.Create(scenario.Quality, seed ^^^ 0x6E6574776F726BUL)
    let deeds = Array.ofList scenario.Deeds
    let mutable now = 0L
    let mutable delivered = 0L
    let mutable steps = 0L
    let mutable trace = 0xCBF29CE484222325UL
    let mutable isStopped = false

    let rules: Rules<'Id> = Rules.create scenario.Config IdentityOperations<'Id>.Instance codec

    // Seeds of members are far apart, whatever the seed of the run.
    let seedOf (node: int) (life: int) =
        let mutable random = Generator.create (seed + uint64 node * 0x9E3779B97F4A7C15UL)
        let mutable drawn = Generator.next &random

        for _ in 1..life do
            drawn <- Generator.next &random

        drawn

    let nodes =
        Array.init scenario.Nodes (fun index ->
            let number = index + 1
            Node<'Id>(number, rules, State.create (kit.Identity number 1) (seedOf number 0)))

    // A rolling hash of what happened, to compare runs by.
    let note (value: uint64) = trace <- (trace ^^^ value) * 0x100000001B3UL

    let happening kind node life =
        {
            Kind = kind
            Node = node
            Life = life
            Bytes = Unchecked.defaultof<byte[]>
            Length = 0
            Timer = Unchecked.defaultof<Timer<'Id>>
        }

    member _.Nodes = nodes
    member _.Network = network
    member _.Scenario = scenario

    /// Now, in ticks since the run began.
    member _.Now = now

    /// How many packets arrived at a running process so far.
    member _.Delivered = delivered

    /// How many steps members took so far.
    member _.Steps = steps

    /// A hash of all that happened so far.
    member _.Trace = trace

    /// Ends the run after what happens now.
    member _.Stop() = isStopped <- true

    member _.IsStopped = isStopped

    // Sending.

    member private world.Enqueue(datagram: Datagram, delay: int64) =
        queue.Add(
            now + delay,
            { happening Kind.Arrival datagram.Destination 0 with
                Bytes = datagram.Bytes
                Length = datagram.Length
            }
        )

    member private world.Transmit(from: int, datagram: Datagram) =
        let fate = network.Send(from, datagram.Destination)

        if fate.Copies = 0 then
            ArrayPool<byte>.Shared.Return datagram.Bytes
        else
            if fate.Copies = 2 then
                let copy = ArrayPool<byte>.Shared.Rent datagram.Length
                Array.Copy(datagram.Bytes, copy, datagram.Length)
                world.Enqueue({ datagram with Bytes = copy }, fate.Second)

            let length =
                if fate.IsDamaged then
                    network.Damage(datagram.Bytes.AsSpan(0, datagram.Length))
                else
                    datagram.Length

            world.Enqueue({ datagram with Length = length }, fate.First)

    member private world.Send(node: Node<'Id>, packet: Packet<'Id>) =
        let size = Packet.size node.Rules packet
        let bytes = ArrayPool<byte>.Shared.Rent size
        let mutable length = 0

        if not (codec.TryEncode(&packet, bytes.AsSpan(0, size), &length)) || length <> size then
            failwith $"the codec wrote {length} bytes of {size} for {packet.Header.Message}"

        // Behind magic and version stands a checksum of all that the packet says.
        note (uint64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(bytes, 3, 4))))
        node.Sent <- node.Sent + 1L
        node.SentBytes <- node.SentBytes + int64 length
        let destination = kit.NodeOf packet.Header.Destination
        let datagram = { Bytes = bytes; Length = length; Destination = destination }

        if destination < 1 || destination > nodes.Length then
            ArrayPool<byte>.Shared.Return bytes
        elif now < node.PausedUntil then
            node.Unsent.Enqueue datagram
        else
            world.Transmit(node.Number, datagram)

    // Stepping.

    member private world.Schedule(node: Node<'Id>, timer: Timer<'Id>, after: TimeSpan) =
        // As a decimal, for the longest timers times a million do not fit into 64 bits.
        let onItsClock =
            if node.ClockRate = 1_000_000 then
                after.Ticks
            else
                decimal after.Ticks * 1_000_000m / decimal node.ClockRate
                |> min (decimal (Int64.MaxValue / 4L))
                |> int64

        let late =
            if node.Lateness > TimeSpan.Zero then
                let mutable random = Generator.create (seedOf node.Number node.Life ^^^ uint64 steps)
                Quality.upTo node.Lateness &random
            else
                0L

        queue.Add(
            now + onItsClock + late,
            { happening Kind.TimerDue node.Number node.Life with Timer = timer }
        )

    member private world.CarryOut(node: Node<'Id>, effects: Effects<'Id>) =
        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Send packet -> world.Send(node, packet)
            | Schedule(timer, after) -> world.Schedule(node, timer, after)
            | Notify Idle ->
                // As the host does, which asks the seeds whenever it is alone (R12.3).
                node.JoinDelay <- TimeSpan.Zero
                node.JoinRound <- node.JoinRound + 1

                queue.Add(now, { happening Kind.JoinDue node.Number node.Life with Length = node.JoinRound })
            | _ -> ()

    member private world.StepOnly(node: Node<'Id>, event: Event<'Id>) : Effects<'Id> =
        let before = node.State
        let struct (after, effects) = step.Invoke(node.Rules, before, event)
        node.State <- after
        steps <- steps + 1L
        note (uint64 now ^^^ (uint64 node.Number <<< 48) ^^^ after.Random.Seed ^^^ uint64 effects.Count)
        observer.Stepped(now, node, before, event, effects)
        effects

    /// Lets a member take a step, and answers for its broadcast handler (R9.5).
    member world.Step(node: Node<'Id>, event: Event<'Id>) : unit =
        let effects = world.StepOnly(node, event)
        world.CarryOut(node, effects)

        if node.State.PendingReply.IsSome then
            for index in 0 .. effects.Count - 1 do
                match effects[index] with
                | OfferBroadcast(_, payload) ->
                    match node.Values.Receive payload with
                    | ValueSome key -> world.StepOnly(node, BroadcastAccepted(key, payload)) |> ignore
                    | ValueNone -> ()
                | _ -> ()

            world.CarryOut(node, world.StepOnly(node, BroadcastsHandled))

    member private world.Receive(node: Node<'Id>, bytes: byte[], length: int) =
        delivered <- delivered + 1L

        if length > node.Rules.Config.MaxPacketSize then
            node.Refused <- node.Refused + 1L
        else
            let mutable packet = Unchecked.defaultof<Packet<'Id>>

            if codec.Decode(ReadOnlySpan(bytes, 0, length), &packet) = SwimError.None then
                world.Step(node, PacketReceived packet)
            else
                node.Refused <- node.Refused + 1L

        ArrayPool<byte>.Shared.Return bytes

    // The life of a process.

    // Asks the seeds unless one of them is a member, and then again and again. Whoever stands still asks
    // later, and whoever was declared Down asks nobody.
    member private world.AskSeeds(node: Node<'Id>) =
        let isMember seed =
            MemberTable.tryFind node.Rules.Identities (kit.Identity seed 0) node.State.Members
            |> ValueOption.exists Member.isActive

        let seeds = Scenario.seedsOf node.Number |> List.filter (fun seed -> seed <= nodes.Length)

        let again (time: int64) =
            queue.Add(time, { happening Kind.JoinDue node.Number node.Life with Length = node.JoinRound })

        if now < node.FrozenUntil then
            again node.FrozenUntil
        elif
            not node.IsOut
            && node.State.Connection <> Connection.Defunct
            && not (List.exists isMember seeds)
        then
            for seed in seeds do
                world.Step(node, AnnounceTo(kit.Identity seed 0))

            // As the host does: at first twice a second, then ever more seldom.
            node.JoinDelay <-
                if node.JoinDelay = TimeSpan.Zero then
                    TimeSpan.FromMilliseconds 500.0
                else
                    min (TimeSpan.FromSeconds 30.0) (node.JoinDelay + node.JoinDelay)

            again (now + node.JoinDelay.Ticks)

    /// Starts a process at this generation.
    member private world.Start(node: Node<'Id>, generation: int) =
        node.Life <- node.Life + 1
        node.Generation <- max generation node.Generation
        node.State <- State.create (kit.Identity node.Number generation) (seedOf node.Number node.Life)
        node.Rules <- rules
        node.Values <- KeyValue()
        node.JoinDelay <- TimeSpan.Zero
        node.IsRunning <- true
        node.IsOut <- false
        node.ClockRate <- 1_000_000
        node.Lateness <- TimeSpan.Zero
        node.PausedUntil <- 0L
        node.FrozenUntil <- 0L
        node.HealthySince <- now
        observer.Started(now, node)

    member private world.Clear(node: Node<'Id>) =
        for datagram in Seq.append node.Arrived node.Unsent do
            ArrayPool<byte>.Shared.Return datagram.Bytes

        node.Arrived.Clear()
        node.Unsent.Clear()
        node.Overdue.Clear()
        node.Postponed.Clear()

    member private world.Crash(node: Node<'Id>) =
        if node.IsRunning then
            node.IsRunning <- false
            world.Clear node
            observer.Stopped(now, node)

    // What was held back while a member could not send or receive.
    member private world.Release(node: Node<'Id>) =
        while node.Arrived.Count > 0 do
            let datagram = node.Arrived.Dequeue()
            world.Receive(node, datagram.Bytes, datagram.Length)

        while node.Overdue.Count > 0 do
            world.Step(node, TimerFired(node.Overdue.Dequeue()))

        while node.Postponed.Count > 0 do
            world.ActOn(node, node.Postponed.Dequeue())

        while node.Unsent.Count > 0 do
            world.Transmit(node.Number, node.Unsent.Dequeue())

    member private world.Configure(node: Node<'Id>, change: Swim.Core.Config -> Swim.Core.Config) =
        match Rules.withConfig (change node.Rules.Config) node.Rules with
        | Ok changed ->
            node.Rules <- changed
            observer.Configured(now, node)
        | Error error -> failwith $"the configuration cannot change: {error}"

    member private world.Rejoin(node: Node<'Id>) =
        node.JoinDelay <- TimeSpan.Zero
        node.JoinRound <- node.JoinRound + 1
        world.AskSeeds node

    member private world.ActOn(node: Node<'Id>, deed: Deed) =
        match deed with
        | Deed.Crash _ -> world.Crash node
        | Deed.Pause(_, length) ->
            node.PausedUntil <- max node.PausedUntil (now + length.Ticks)
            node.HealthySince <- Int64.MaxValue
            queue.Add(node.PausedUntil, happening Kind.PauseOver node.Number node.Life)
        | Deed.Freeze(_, length) ->
            node.FrozenUntil <- max node.FrozenUntil (now + length.Ticks)
            node.HealthySince <- Int64.MaxValue
            queue.Add(node.FrozenUntil, happening Kind.FreezeOver node.Number node.Life)
        | Deed.Drift(_, rate) -> node.ClockRate <- max 1 rate
        | Deed.SlowTimers(_, most) -> node.Lateness <- most
        | Deed.Leave _ ->
            node.IsOut <- true
            world.Step(node, LeaveCluster)
        | Deed.ChangeIdentity _ ->
            node.IsOut <- false
            let next = 1 + max node.Generation (kit.GenerationOf node.State.Identity)
            node.Generation <- next
            world.Step(node, ChangeIdentity(kit.Identity node.Number next))
            world.Rejoin node
        | Deed.Reuse _ ->
            world.Step(node, ReuseDownIdentity)

            if node.State.Connection <> Connection.Defunct then
                node.IsOut <- false
                world.Rejoin node
        | Deed.SetTransmissions(_, count) ->
            world.Configure(node, (fun config -> { config with MaxTransmissions = count }))
        | Deed.SetPacketSize(_, bytes) ->
            world.Configure(node, (fun config -> { config with MaxPacketSize = bytes }))
        | Deed.Put(_, key, size) ->
            let most = Protocol.maxBroadcastSize node.Rules node.State
            let struct (key, payload) = node.Values.Put(key, min size most)
            world.Step(node, BroadcastAccepted(key, payload))
        | Deed.Announce(_, destination) -> world.Step(node, AnnounceTo(kit.Identity destination 0))
        | Deed.Gossip _ -> world.Step(node, GossipNow)
        | Deed.Broadcast _ -> world.Step(node, BroadcastNow)
        | _ -> ()

    /// Does something to a member or the network, now.
    member world.Act(deed: Deed) : unit =
        observer.Acted(now, deed)

        match deed with
        | Deed.Split groups -> network.Split groups
        | Deed.Cut(from, towards) -> network.Cut(from, towards)
        | Deed.Heal -> network.Heal()
        | Deed.Network quality -> network.Quality <- quality
        | Deed.Link(from, towards, quality) -> network.SetLink(from, towards, quality)
        | Deed.Restart number ->
            let node = nodes[number - 1]
            world.Crash node
            world.Start(node, 1 + max node.Generation (kit.GenerationOf node.State.Identity))
            world.AskSeeds node
        | Deed.RestartSame number ->
            let node = nodes[number - 1]
            world.Crash node
            world.Start(node, kit.GenerationOf node.State.Identity)
            world.AskSeeds node
        | _ ->
            let node = nodes[(Scenario.nodesOf deed).Head - 1]

            // Its caller stands still with it.
            if node.IsRunning && now < node.FrozenUntil && Scenario.isCallers deed then
                node.Postponed.Enqueue deed
            elif node.IsRunning then
                world.ActOn(node, deed)

    member private world.Recover(node: Node<'Id>) =
        if now >= node.PausedUntil && now >= node.FrozenUntil && node.HealthySince > now then
            node.HealthySince <- now
            world.Release node

    // The clock.

    member private world.TimerDue(node: Node<'Id>, timer: Timer<'Id>) =
        if now < node.FrozenUntil then
            node.Overdue.Enqueue timer
        else
            world.Step(node, TimerFired timer)

    member private world.Arrive(node: Node<'Id>, bytes: byte[], length: int) =
        if not node.IsRunning then
            ArrayPool<byte>.Shared.Return bytes
        elif now < node.PausedUntil || now < node.FrozenUntil then
            if node.Arrived.Count < SocketCapacity then
                node.Arrived.Enqueue { Bytes = bytes; Length = length; Destination = node.Number }
            else
                node.Dropped <- node.Dropped + 1L
                ArrayPool<byte>.Shared.Return bytes
        else
            world.Receive(node, bytes, length)

    // Unless the scenario started it before.
    member private world.FirstStart(node: Node<'Id>) =
        if node.Life = 0 then
            world.Start(node, 1)
            world.AskSeeds node

    member private world.Happen(what: Happening<'Id>) =
        if what.Kind = Kind.DeedDue then
            world.Act(snd deeds[what.Node])
        else
            let node = nodes[what.Node - 1]

            if what.Kind = Kind.Arrival then
                world.Arrive(node, what.Bytes, what.Length)
            elif what.Kind = Kind.StartDue then
                world.FirstStart node
            elif node.IsRunning && what.Life = node.Life then
                match what.Kind with
                | Kind.TimerDue -> world.TimerDue(node, what.Timer)
                | Kind.JoinDue ->
                    if what.Length = node.JoinRound then
                        world.AskSeeds node
                | _ -> world.Recover node

    /// Starts all members.
    member world.Begin() : unit =
        deeds
        |> Array.iteri (fun index (time, _) -> queue.Add(time.Ticks, happening Kind.DeedDue index 0))

        let mutable random = Generator.create (seed ^^^ 0x7374617274UL)

        for node in nodes do
            match scenario.Beginning with
            | JoiningWithin most when node.Number > 2 ->
                queue.Add(Quality.upTo most &random, happening Kind.StartDue node.Number 0)
            | _ -> world.Start(node, 1)

        match scenario.Beginning with
        | Joining
        | JoiningWithin _ ->
            for node in nodes do
                if node.IsRunning then
                    world.AskSeeds node
        | Joined ->
            for node in nodes do
                let others =
                    [|
                        for other in nodes do
                            if other.Number <> node.Number then
                                Member.alive (kit.Identity other.Number 1) 0us
                    |]

                world.Step(node, ApplyMany(ArraySegment others, false))

    /// Ends all faults of the network, and all anomalies of members.
    member world.EndFaults() : unit =
        network.Heal()
        network.Quality <- Quality.perfect

        for node in nodes do
            node.ClockRate <- 1_000_000
            node.Lateness <- TimeSpan.Zero
            node.PausedUntil <- min node.PausedUntil now
            node.FrozenUntil <- min node.FrozenUntil now
            world.Recover node

    /// Lets everything happen that is due before this time, unless the run is stopped.
    member world.RunUntil(time: TimeSpan) : unit =
        while not isStopped && queue.Count > 0 && queue.NextTime < time.Ticks do
            now <- queue.NextTime
            world.Happen(queue.Take())

        if not isStopped then
            now <- time.Ticks
