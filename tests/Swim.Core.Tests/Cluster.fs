namespace Swim.Core.Tests

open System
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Text
open Expecto
open Swim
open Swim.Core

/// What the virtual clock brings.
type private ScheduledEvent =
    | Arrival of Packet<TestId>
    /// A timer of one run of the member at an address; a restart is another run.
    | Firing of address: int * run: int * Timer<TestId>

/// The key of a custom broadcast in a cluster: a topic and a version, the newer of which wins.
[<Sealed>]
type TopicKey(topic: string, version: int) =
    inherit BroadcastKey()
    member _.Topic = topic
    member _.Version = version

    override _.Invalidates other =
        match other with
        | :? TopicKey as other -> other.Topic = topic && other.Version <= version
        | _ -> false

/// What happens in a cluster, for a test that follows it.
[<NoEquality; NoComparison>]
type ClusterEvent =
    | Started of TestId
    | Crashed of TestId
    /// A member took a step; the identity is that before the step.
    | Stepped of TestId * Event<TestId> * Effects<TestId>
    /// A packet was sent; it arrives after each of these delays. None: it is lost.
    | Posted of Packet<TestId> * delays: TimeSpan list
    /// A packet arrived where no member runs.
    | Undelivered of Packet<TestId>

/// One run of a member: the driver takes its steps by the core.
type private RunningMember =
    {
        Run: int
        Core: CheckedMember
        Driver: MemberDriver<TestId>
        /// The versions of the topics that it has.
        Topics: Dictionary<string, int>
    }

/// A few members, each with a driver, a network that passes their packets on, and a clock that jumps to whatever
/// comes next. Everything that is random comes from the random seed.
[<Sealed>]
type Cluster(rules: Rules<TestId>, randomSeed: uint64, ?context: string) =

    let context = defaultArg context ""

    let dice = Dice(randomSeed)
    let members = Dictionary<int, RunningMember>()
    let runs = Dictionary<int, int>()
    let lastIdentities = Dictionary<int, TestId>()
    let queue = PriorityQueue<ScheduledEvent, struct (TimeSpan * int64)>()
    let sent = ResizeArray<Packet<TestId>>()
    let taken = ResizeArray<Effect<TestId>>()
    let mutable now = TimeSpan.Zero
    let mutable order = 0L

    let enqueue scheduled (after: TimeSpan) =
        order <- order + 1L
        queue.Enqueue(scheduled, struct (now + after, order))

    /// The broadcast handler of a member: a newer version is fresh, the rest is stale.
    let answer (topics: Dictionary<string, int>) (payload: Payload) : OfferAnswer =
        let text = Encoding.UTF8.GetString payload.Span
        let parts = text.Split ':'
        let topic, version = parts[0], int parts[1]

        match topics.TryGetValue topic with
        | true, known when known >= version -> Stale
        | _ ->
            topics[topic] <- version
            Fresh(TopicKey(topic, version), payload)

    /// How long packets travel, in milliseconds; unequal delays reorder them.
    member val Delay = struct (1, 20) with get, set
    /// Packets lost, in percent.
    member val Loss = 0 with get, set
    /// Packets that arrive twice, in percent.
    member val Duplication = 0 with get, set
    /// Packets that never arrive, chosen by the test.
    member val Blocks: Packet<TestId> -> bool = (fun _ -> false) with get, set
    /// Is told of all that happens, as it happens: of a step before its packets are sent.
    member val Follow: ClusterEvent -> unit = ignore with get, set

    member _.Now = now
    member _.Seed = randomSeed

    /// All packets that were sent so far, lost ones included.
    member _.Sent: Packet<TestId> list = List.ofSeq sent

    /// The addresses where a member runs.
    member _.Running: int list = members.Keys |> Seq.sort |> List.ofSeq

    member _.Item
        with get (address: int): CheckedMember = members[address].Core

    member private cluster.Post(packet: Packet<TestId>) =
        sent.Add packet

        let delays =
            if cluster.Blocks packet || dice.Chance cluster.Loss then
                []
            else
                let struct (shortest, longest) = cluster.Delay
                let copies = if dice.Chance cluster.Duplication then 2 else 1
                List.init copies (fun _ -> TimeSpan.FromMilliseconds(float (dice.Between(shortest, longest))))

        for delay in delays do
            enqueue (Arrival packet) delay

        cluster.Follow(Posted(packet, delays))

    /// Carries out the effects of one run of a member.
    member private cluster.HandlerOf(address: int, run: int, topics: Dictionary<string, int>) =
        { new IEffectHandler<TestId> with
            member _.Send packet =
                cluster.Post packet
                SwimError.None

            member _.Schedule(timer, after) = enqueue (Firing(address, run, timer)) after
            member _.Notify _ = ()
            member _.Offer(_, payload) = answer topics payload

            // The handler does not fail: it is a check that failed, in the step that accepts the item.
            member _.OfferFailed failure = ExceptionDispatchInfo.Throw failure
        }

    /// Sees every step that a driver takes.
    member private cluster.Observer =
        { new IStepObserver<TestId> with
            member _.Observe rules = rules
            member _.Stepping() = ()

            member _.Stepped(before, event, _, effects) =
                taken.AddRange effects
                cluster.Follow(Stepped(before.Identity, event, effects))

            member _.RolledBack() = ()
            member _.ConfigChanged _ = ()
        }

    /// Gives an event to the driver of a member; the effects of all steps that it took, in order.
    member _.Do(address: int, event: Event<TestId>) : Effect<TestId> list =
        taken.Clear()
        members[address].Driver.Handle &event |> ignore
        List.ofSeq taken

    /// Starts a member that knows no other, also at an address where one ran before.
    member cluster.Start(identity: TestId) =
        let run = runs.GetValueOrDefault(identity.Address, 0) + 1
        runs[identity.Address] <- run
        let coreSeed = randomSeed * 1000UL + uint64 (identity.Address * 100 + run)

        let described =
            $"run {run} of {identity} in the cluster of random seed {randomSeed}\n{context}"

        let core = CheckedMember(rules, identity, coreSeed, described)
        let topics = Dictionary()
        let handler = cluster.HandlerOf(identity.Address, run, topics)
        let driver = MemberDriver(rules, core.State, CheckedRunner core, handler)
        driver.Observe cluster.Observer
        members[identity.Address] <- { Run = run; Core = core; Driver = driver; Topics = topics }
        cluster.Follow(Started identity)

    /// Ends a member without a word.
    member cluster.Crash(address: int) =
        lastIdentities[address] <- members[address].Core.Identity
        members.Remove address |> ignore
        cluster.Follow(Crashed lastIdentities[address])

    /// Starts a member that crashed, as a newer identity than all that it had (R12.12).
    member cluster.Restart(address: int) =
        let last = lastIdentities[address]

        cluster.Start { last with Generation = last.Generation + 1 }

    /// The identity that a member has, or had when it crashed.
    member _.LastIdentity(address: int) : TestId =
        match members.TryGetValue address with
        | true, one -> one.Core.Identity
        | _ -> lastIdentities[address]

    /// Publishes a custom broadcast of one version of a topic.
    member cluster.Publish(address: int, topic: string, version: int) =
        match
            answer members[address].Topics (ReadOnlyMemory(Encoding.UTF8.GetBytes $"{topic}:{version}"))
        with
        | Fresh(key, payload) -> cluster.Do(address, BroadcastAccepted(key, payload)) |> ignore
        | Stale
        | Invalid -> ()

    /// The version of a topic that a member has, 0 if none.
    member _.VersionAt(address: int, topic: string) : int =
        members[address].Topics.GetValueOrDefault(topic, 0)

    /// Continues to the next arrival or timer; false if nothing is left.
    member cluster.Next() : bool =
        let mutable scheduled = Unchecked.defaultof<ScheduledEvent>
        let mutable at = Unchecked.defaultof<struct (TimeSpan * int64)>

        if queue.TryDequeue(&scheduled, &at) then
            let struct (time, _) = at
            now <- time

            match scheduled with
            | Arrival packet ->
                if members.ContainsKey packet.Header.Destination.Address then
                    cluster.Do(packet.Header.Destination.Address, PacketReceived packet) |> ignore
                else
                    cluster.Follow(Undelivered packet)
            | Firing(address, run, timer) ->
                if members.ContainsKey address && members[address].Run = run then
                    cluster.Do(address, TimerFired timer) |> ignore

            true
        else
            false

    /// Lets time pass.
    member cluster.Run(duration: TimeSpan) =
        let until = now + duration

        let isDue () =
            match queue.TryPeek() with
            | true, _, struct (time, _) -> time <= until
            | _ -> false

        while isDue () && cluster.Next() do
            ()

        now <- until

    member cluster.RunSeconds(seconds: float) = cluster.Run(TimeSpan.FromSeconds seconds)

    /// Lets each member announce itself to the first, and time pass until all know all.
    member cluster.Join(identities: TestId list) =
        for identity in identities do
            cluster.Start identity

        for identity in List.tail identities do
            cluster.Do(identity.Address, AnnounceTo identities.Head) |> ignore

        cluster.RunSeconds 10.0
        cluster.ExpectAgreement "after joining"

    /// Those that take part: they run, and are not Defunct.
    member cluster.TakingPart: int list =
        cluster.Running
        |> List.filter (fun address -> members[address].Core.State.Connection <> ConnectionState.Defunct)

    /// Who a member sees, itself included.
    member private _.View(address: int) : Set<TestId> =
        let others = State.activeMembers members[address].Core.State |> Seq.map _.Identity
        Set.add members[address].Core.Identity (Set.ofSeq others)

    /// Whether those that see each other see the same: each island of members is of one mind.
    member cluster.AgreesInIslands: bool =
        let current =
            Set.ofList [ for address in cluster.TakingPart -> members[address].Core.Identity ]

        cluster.TakingPart
        |> List.forall (fun address ->
            let view = cluster.View address

            Set.isSubset view current
            && view |> Set.forall (fun seen -> cluster.View seen.Address = view))

    /// Whether, moreover, there is one island: each of those that take part sees all the others.
    member cluster.Agrees: bool =
        cluster.AgreesInIslands
        && cluster.TakingPart
           |> List.forall (fun address -> (cluster.View address).Count = cluster.TakingPart.Length)

    member private cluster.Disagree(moment: string) =
        let views =
            [
                for address in cluster.Running do
                    let core = members[address].Core
                    let records = Seen.records core |> List.map (fun one -> $"{one.Identity} {one.Status}")
                    $"{core.Identity} {core.State.Connection}: %A{records}"
            ]

        let views = String.concat "\n" views
        failtestf "No agreement %s, random seed %d, at %O\n%s\n%s" moment randomSeed now views context

    member cluster.ExpectAgreement(moment: string) =
        if not cluster.Agrees then
            cluster.Disagree moment

    member cluster.ExpectAgreementInIslands(moment: string) =
        if not cluster.AgreesInIslands then
            cluster.Disagree moment
