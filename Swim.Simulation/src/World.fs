namespace Swim.Simulation

open System
open System.Buffers
open Swim
open Swim.Core

/// Many members on one virtual network and one virtual clock. All that is random comes from the seed, and
/// nothing else decides: the same scenario and seed give the same run on every machine.
[<Sealed>]
type World<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (kit: Kit<'Id>, scenario: Scenario, seed: uint64, observer: IRunObserver<'Id>, step: Stepper<'Id>) =
    inherit Engine<'Id>(kit, scenario, seed, observer, step)

    // What a socket holds before it drops.
    [<Literal>]
    let SocketCapacity = 4096

    let deeds = Array.ofList scenario.Deeds

    // The life of a process.

    // Asks the seeds unless one of them is a member, and then again and again. Whoever stands still asks
    // later, and whoever was declared Down asks nobody.
    member private world.AskSeeds(node: Node<'Id>) =
        let isMember seed =
            MemberTable.tryFind node.Rules.Identities (kit.Identity seed 0) node.State.Members
            |> ValueOption.exists Member.isActive

        let seeds =
            Scenario.seedsOf node.Number |> List.filter (fun seed -> seed <= world.Nodes.Length)

        node.IsAsking <- false

        let again (time: int64) =
            node.IsAsking <- true

            world.Queue.Add(
                time,
                { Happening.at Kind.JoinDue node.Number node.Life with Length = node.JoinRound }
            )

        if world.Now < node.FrozenUntil then
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

            again (world.Now + node.JoinDelay.Ticks)

    /// Starts a process at this generation.
    member private world.Start(node: Node<'Id>, generation: int) =
        node.Life <- node.Life + 1
        node.Generation <- max generation node.Generation

        node.State <-
            State.create (kit.Identity node.Number generation) (world.SeedOf(node.Number, node.Life))

        node.Rules <- world.Rules
        node.Values <- KeyValue()
        node.JoinDelay <- TimeSpan.Zero
        node.IsRunning <- true
        node.IsOut <- false
        node.ClockRate <- 1_000_000
        node.Lateness <- TimeSpan.Zero
        node.PausedUntil <- 0L
        node.FrozenUntil <- 0L
        node.HealthySince <- world.Now
        observer.Started(world.Now, node)

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
            observer.Stopped(world.Now, node)

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
            observer.Configured(world.Now, node)
        | Error error -> failwith $"the configuration cannot change: {error}"

    member private world.Rejoin(node: Node<'Id>) =
        node.JoinDelay <- TimeSpan.Zero
        node.JoinRound <- node.JoinRound + 1
        world.AskSeeds node

    member private world.ActOn(node: Node<'Id>, deed: Deed) =
        match deed with
        | Deed.Crash _ -> world.Crash node
        | Deed.Pause(_, length) ->
            node.PausedUntil <- max node.PausedUntil (world.Now + length.Ticks)
            node.HealthySince <- Int64.MaxValue
            world.Queue.Add(node.PausedUntil, Happening.at Kind.PauseOver node.Number node.Life)
        | Deed.Freeze(_, length) ->
            node.FrozenUntil <- max node.FrozenUntil (world.Now + length.Ticks)
            node.HealthySince <- Int64.MaxValue
            world.Queue.Add(node.FrozenUntil, Happening.at Kind.FreezeOver node.Number node.Life)
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
        observer.Acted(world.Now, deed)

        match deed with
        | Deed.Split groups -> world.Network.Split groups
        | Deed.Cut(from, towards) -> world.Network.Cut(from, towards)
        | Deed.Heal -> world.Network.Heal()
        | Deed.Network quality -> world.Network.Quality <- quality
        | Deed.Link(from, towards, quality) -> world.Network.SetLink(from, towards, quality)
        | Deed.Restart number ->
            let node = world.Nodes[number - 1]
            world.Crash node
            world.Start(node, 1 + max node.Generation (kit.GenerationOf node.State.Identity))
            world.AskSeeds node
        | Deed.RestartSame number ->
            let node = world.Nodes[number - 1]
            world.Crash node
            world.Start(node, kit.GenerationOf node.State.Identity)
            world.AskSeeds node
        | _ ->
            let node = world.Nodes[(Scenario.nodesOf deed).Head - 1]

            // Its caller stands still with it.
            if node.IsRunning && world.Now < node.FrozenUntil && Scenario.isCallers deed then
                node.Postponed.Enqueue deed
            elif node.IsRunning then
                world.ActOn(node, deed)

    member private world.Recover(node: Node<'Id>) =
        if
            world.Now >= node.PausedUntil
            && world.Now >= node.FrozenUntil
            && node.HealthySince > world.Now
        then
            node.HealthySince <- world.Now
            world.Release node

    // The clock.

    member private world.TimerDue(node: Node<'Id>, timer: Timer<'Id>) =
        if world.Now < node.FrozenUntil then
            node.Overdue.Enqueue timer
        else
            world.Step(node, TimerFired timer)

    member private world.Arrive(node: Node<'Id>, bytes: byte[], length: int) =
        if not node.IsRunning then
            ArrayPool<byte>.Shared.Return bytes
        elif world.Now < node.PausedUntil || world.Now < node.FrozenUntil then
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
            let node = world.Nodes[what.Node - 1]

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
        |> Array.iteri (fun index (time, _) -> world.Queue.Add(time.Ticks, Happening.at Kind.DeedDue index 0))

        let mutable random = Generator.create (seed ^^^ 0x7374617274UL)

        for node in world.Nodes do
            match scenario.Beginning with
            | JoiningWithin most when node.Number > 2 ->
                world.Queue.Add(Quality.upTo most &random, Happening.at Kind.StartDue node.Number 0)
            | _ -> world.Start(node, 1)

        match scenario.Beginning with
        | Joining
        | JoiningWithin _ ->
            for node in world.Nodes do
                if node.IsRunning then
                    world.AskSeeds node
        | Joined ->
            for node in world.Nodes do
                let others =
                    [|
                        for other in world.Nodes do
                            if other.Number <> node.Number then
                                Member.alive (kit.Identity other.Number 1) 0us
                    |]

                world.Step(node, ApplyMany(ArraySegment others, false))

    /// Ends all faults of the network, and all anomalies of members.
    member world.EndFaults() : unit =
        world.Network.Heal()
        world.Network.Quality <- Quality.perfect

        for node in world.Nodes do
            node.ClockRate <- 1_000_000
            node.Lateness <- TimeSpan.Zero
            node.PausedUntil <- min node.PausedUntil world.Now
            node.FrozenUntil <- min node.FrozenUntil world.Now
            world.Recover node

    /// Lets everything happen that is due before this time, unless the run is stopped.
    member world.RunUntil(time: TimeSpan) : unit =
        while not world.IsStopped && world.Queue.Count > 0 && world.Queue.NextTime < time.Ticks do
            world.Now <- world.Queue.NextTime
            world.Happen(world.Queue.Take())

        if not world.IsStopped then
            world.Now <- time.Ticks
