namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// Many members on one virtual network and one virtual clock. All randomness comes from the random seed: the
/// same scenario and random seed give the same run on every machine.
///
/// The world owns the parts of a run and decides which of them an event of the timeline, or an action of the
/// scenario, is for. The parts, each of which uses those before it only: `Network` and `Timeline`;
/// `Transport` (packets), `Joining` (when to ask the seeds), `Anomalies` (paused and frozen members), `Processes`
/// (starts and crashes; it gives each member a `MemberDriver` with its `NodeEffects` and `NodeSteps`).
[<Sealed>]
type World<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        scheme: IdentityScheme<'Id>,
        scenario: Scenario,
        randomSeed: uint64,
        observer: IRunObserver<'Id>,
        runner: StepRunner<'Id>
    ) =

    let codec = PacketCodec<'Id> scheme.Codec
    let rules: Rules<'Id> = Rules.create scenario.Config IdentityOperations<'Id>.Instance codec
    let trace = RunTrace()
    let timeline = Timeline<'Id>()
    let network = Network.Create(scenario.Quality, RandomSeed.ofNetwork randomSeed)
    let transport = Transport(scheme, scenario.Nodes, codec, network, timeline, trace)
    let joining = Joining(scheme, scenario.Nodes, scenario.Config, randomSeed, timeline)
    let anomalies = Anomalies(transport, timeline)

    let processes =
        Processes(scheme, rules, randomSeed, runner, transport, joining, timeline, trace, observer)

    let nodes = Array.init scenario.Nodes (fun index -> processes.Create(index + 1))
    let actions = Array.ofList scenario.Actions
    let mutable isStopped = false

    let restart (node: Node<'Id>) (generation: int) =
        processes.Crash node
        processes.Start(node, generation)
        joining.Decide node

    /// The generation of the member's identity, which the core may have renewed by itself.
    let generationOf (node: Node<'Id>) = scheme.GenerationOf node.State.Identity

    let nextGeneration (node: Node<'Id>) = 1 + max node.Generation (generationOf node)

    let configure (node: Node<'Id>) (change: SwimConfig -> SwimConfig) =
        match node.Driver.SetConfig(change node.Rules.Config) with
        | SwimError.None -> ()
        | error -> failwith $"The configuration cannot change: {error}."

    let changeIdentity (node: Node<'Id>) =
        node.HasLeft <- false
        let next = nextGeneration node
        node.Generation <- next
        node.Handle(ChangeIdentity(scheme.Identity node.Number next))
        joining.Reconsider node

    let reuse (node: Node<'Id>) =
        node.Handle ReuseDownIdentity

        if node.State.Connection <> ConnectionState.Defunct then
            node.HasLeft <- false
            joining.Reconsider node

    let put (node: Node<'Id>) key size =
        let most = Protocol.maxBroadcastSize node.Rules node.State
        let struct (key, payload) = node.Values.Put(key, min size most)
        node.Handle(BroadcastAccepted(key, payload))

    // An action on a running member.
    let actOn (node: Node<'Id>) (action: ScenarioAction) =
        match action with
        | ScenarioAction.Crash _ -> processes.Crash node
        | ScenarioAction.Pause(_, length) -> anomalies.Pause(node, length)
        | ScenarioAction.Freeze(_, length) -> anomalies.Freeze(node, length)
        | ScenarioAction.Drift(_, rate) -> node.ClockRate <- max 1 rate
        | ScenarioAction.SlowTimers(_, most) -> node.Lateness <- most
        | ScenarioAction.Leave _ ->
            node.HasLeft <- true
            node.Handle LeaveCluster
        | ScenarioAction.ChangeIdentity _ -> changeIdentity node
        | ScenarioAction.Reuse _ -> reuse node
        | ScenarioAction.SetTransmissions(_, count) ->
            configure node (fun config -> { config with MaxTransmissions = count })
        | ScenarioAction.SetPacketSize(_, bytes) ->
            configure node (fun config -> { config with MaxPacketSize = bytes })
        | ScenarioAction.Put(_, key, size) -> put node key size
        | ScenarioAction.Announce(_, destination) -> node.Handle(AnnounceTo(scheme.Identity destination 0))
        | ScenarioAction.Gossip _ -> node.Handle GossipNow
        | ScenarioAction.Broadcast _ -> node.Handle BroadcastNow
        | _ -> ()

    let recover (node: Node<'Id>) = anomalies.Recover(node, actOn node)

    // A member that an action of the scenario started before its time has started already.
    let firstStart (node: Node<'Id>) =
        if node.Life = 0 then
            processes.Start(node, 1)
            joining.Decide node

    member _.Nodes = nodes
    member _.Network = network
    member _.Scenario = scenario

    /// Now, in ticks of 100 ns since the run began.
    member _.Now = timeline.Now

    /// How many packets arrived at a running process so far.
    member _.Delivered = trace.Delivered

    /// How many steps members took so far.
    member _.Steps = trace.Steps

    /// A hash of all that happened so far.
    member _.Trace = trace.Hash

    /// Ends the run after the current event.
    member _.Stop() = isStopped <- true

    member _.IsStopped = isStopped

    member private _.Act(action: ScenarioAction) : unit =
        observer.Acted(timeline.Now, action)

        match action with
        | ScenarioAction.Split groups -> network.Split groups
        | ScenarioAction.Cut(from, towards) -> network.Cut(from, towards)
        | ScenarioAction.Heal -> network.Heal()
        | ScenarioAction.Network quality -> network.Quality <- quality
        | ScenarioAction.Link(from, towards, quality) -> network.SetLink(from, towards, quality)
        | ScenarioAction.Restart number ->
            let node = nodes[number - 1]
            restart node (nextGeneration node)
        | ScenarioAction.RestartSame number ->
            let node = nodes[number - 1]
            restart node (generationOf node)
        | _ ->
            let node = nodes[(ScenarioAction.nodesOf action).Head - 1]

            // A frozen process makes its calls when it thaws.
            if node.IsRunning && anomalies.IsFrozen node && ScenarioAction.isCallOfProcess action then
                node.Postponed.Enqueue action
            elif node.IsRunning then
                actOn node action

    member private world.Dispatch(event: ScheduledEvent<'Id>) : unit =
        if event.Kind = ScheduledEventKind.ActionDue then
            world.Act(snd actions[event.Node])
        else
            let node = nodes[event.Node - 1]

            if event.Kind = ScheduledEventKind.PacketArrival then
                anomalies.Arrive(node, event.Bytes, event.Number)
            elif event.Kind = ScheduledEventKind.StartDue then
                firstStart node
            elif node.IsRunning && event.Life = node.Life then
                match event.Kind with
                | ScheduledEventKind.TimerDue -> anomalies.TimerDue(node, event.Timer)
                | ScheduledEventKind.JoinDue ->
                    if event.Number = node.JoinDecision then
                        joining.Decide node
                | _ -> recover node

    /// Schedules the actions of the scenario and starts the members.
    member _.Begin() : unit =
        actions
        |> Array.iteri (fun index (time, _) ->
            timeline.Schedule(time.Ticks, ScheduledEvent.create ScheduledEventKind.ActionDue index 0))

        let mutable random = RandomGenerator.create (RandomSeed.ofStarts randomSeed)

        for node in nodes do
            match scenario.Beginning with
            | JoiningWithin most when node.Number > 2 ->
                timeline.Schedule(
                    Quality.upTo most &random,
                    ScheduledEvent.create ScheduledEventKind.StartDue node.Number 0
                )
            | _ -> processes.Start(node, 1)

        match scenario.Beginning with
        | Joining
        | JoiningWithin _ ->
            for node in nodes do
                if node.IsRunning then
                    joining.Decide node
        | Joined ->
            for node in nodes do
                let others =
                    [|
                        for other in nodes do
                            if other.Number <> node.Number then
                                MemberRecord.alive (scheme.Identity other.Number 1) 0us
                    |]

                node.Handle(ApplyMany(ArraySegment others, false))

    /// Ends all faults of the network and all anomalies of members.
    member _.EndFaults() : unit =
        network.Heal()
        network.Quality <- Quality.perfect

        for node in nodes do
            anomalies.End(node, actOn node)

    /// Runs all events that are due before this time, unless the run is stopped.
    member world.RunUntil(time: TimeSpan) : unit =
        while not isStopped && timeline.HasEventBefore time.Ticks do
            world.Dispatch(timeline.TakeNext())

        if not isStopped then
            timeline.MoveTo time.Ticks
