namespace Swim.Core.Tests

open System
open System.Collections.Generic
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

/// A few cores, a network that passes their packets on, and a clock that jumps to whatever comes next.
/// Everything that is random comes from the random seed.
[<Sealed>]
type Cluster(rules: Rules<TestId>, randomSeed: uint64, ?context: string) =

    let context = defaultArg context ""

    let dice = Dice(randomSeed)
    let cores = Dictionary<int, CheckedMember>()
    let runs = Dictionary<int, int>()
    let lastIdentities = Dictionary<int, TestId>()
    let topics = Dictionary<int, Dictionary<string, int>>()
    let queue = PriorityQueue<ScheduledEvent, struct (TimeSpan * int64)>()
    let sent = ResizeArray<Packet<TestId>>()
    let mutable now = TimeSpan.Zero
    let mutable order = 0L

    let enqueue scheduled (after: TimeSpan) =
        order <- order + 1L
        queue.Enqueue(scheduled, struct (now + after, order))

    /// How long packets travel, in milliseconds; unequal delays reorder them.
    member val Delay = struct (1, 20) with get, set
    /// Packets lost, in percent.
    member val Loss = 0 with get, set
    /// Packets that arrive twice, in percent.
    member val Duplication = 0 with get, set
    /// Packets that never arrive, chosen by the test.
    member val Blocks: Packet<TestId> -> bool = (fun _ -> false) with get, set

    member _.Now = now
    member _.Seed = randomSeed

    /// All packets that were sent so far, lost ones included.
    member _.Sent: Packet<TestId> list = List.ofSeq sent

    /// The addresses where a member runs.
    member _.Running: int list = cores.Keys |> Seq.sort |> List.ofSeq

    member _.Item
        with get (address: int): CheckedMember = cores[address]

    member private cluster.Post(packet: Packet<TestId>) =
        sent.Add packet

        if not (cluster.Blocks packet) && not (dice.Chance cluster.Loss) then
            let struct (shortest, longest) = cluster.Delay

            for _ in 1 .. (if dice.Chance cluster.Duplication then 2 else 1) do
                let delay = dice.Between(shortest, longest)
                enqueue (Arrival packet) (TimeSpan.FromMilliseconds(float delay))

    /// The broadcast handler of the member: news is kept and passed on, the rest is stale.
    member private cluster.Offer(address: int, payload: Payload) =
        let text = Encoding.UTF8.GetString payload.Span
        let parts = text.Split ':'
        let topic, version = parts[0], int parts[1]

        match topics[address].TryGetValue topic with
        | true, known when known >= version -> ()
        | _ ->
            topics[address][topic] <- version

            cluster.Do(address, BroadcastAccepted(TopicKey(topic, version), payload)) |> ignore

    /// Lets a member take one step, and does what it wants done.
    member cluster.Do(address: int, event: Event<TestId>) : Effect<TestId> list =
        let effects = cores[address].Step event

        for effect in effects do
            match effect with
            | Send packet -> cluster.Post packet
            | Schedule(timer, after) -> enqueue (Firing(address, runs[address], timer)) after
            | OfferBroadcast(_, payload) -> cluster.Offer(address, payload)
            | Notify _
            | Report _ -> ()

        if not (List.isEmpty (Seen.offers effects)) then
            effects @ cluster.Do(address, BroadcastsHandled)
        else
            effects

    /// Starts a member that knows no other, also at an address where one ran before.
    member _.Start(identity: TestId) =
        let run = runs.GetValueOrDefault(identity.Address, 0) + 1
        runs[identity.Address] <- run
        topics[identity.Address] <- Dictionary()
        let coreSeed = randomSeed * 1000UL + uint64 (identity.Address * 100 + run)

        let described =
            $"run {run} of {identity} in the cluster of random seed {randomSeed}\n{context}"

        cores[identity.Address] <- CheckedMember(rules, identity, coreSeed, described)

    /// Ends a member without a word.
    member _.Crash(address: int) =
        lastIdentities[address] <- cores[address].Identity
        cores.Remove address |> ignore

    /// Starts a member that crashed, as a newer identity than all that it had (R12.12).
    member cluster.Restart(address: int) =
        let last = lastIdentities[address]

        cluster.Start { last with Generation = last.Generation + 1 }

    /// The identity that a member has, or had when it crashed.
    member _.LastIdentity(address: int) : TestId =
        match cores.TryGetValue address with
        | true, core -> core.Identity
        | _ -> lastIdentities[address]

    /// Publishes a custom broadcast of one version of a topic.
    member cluster.Publish(address: int, topic: string, version: int) =
        cluster.Offer(address, ReadOnlyMemory(Encoding.UTF8.GetBytes $"{topic}:{version}"))

    /// The version of a topic that a member has, 0 if none.
    member _.VersionAt(address: int, topic: string) : int = topics[address].GetValueOrDefault(topic, 0)

    /// Continues to the next arrival or timer; false if nothing is left.
    member cluster.Next() : bool =
        let mutable scheduled = Unchecked.defaultof<ScheduledEvent>
        let mutable at = Unchecked.defaultof<struct (TimeSpan * int64)>

        if queue.TryDequeue(&scheduled, &at) then
            let struct (time, _) = at
            now <- time

            match scheduled with
            | Arrival packet ->
                let address = packet.Header.Destination.Address

                if cores.ContainsKey address then
                    cluster.Do(address, PacketReceived packet) |> ignore
            | Firing(address, run, timer) ->
                if cores.ContainsKey address && runs[address] = run then
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
        |> List.filter (fun address -> cores[address].State.Connection <> ConnectionState.Defunct)

    /// Who a member sees, itself included.
    member private _.View(address: int) : Set<TestId> =
        let others = State.activeMembers cores[address].State |> Seq.map _.Identity
        Set.add cores[address].Identity (Set.ofSeq others)

    /// Whether those that see each other see the same: each island of members is of one mind.
    member cluster.AgreesInIslands: bool =
        let current = Set.ofList [ for address in cluster.TakingPart -> cores[address].Identity ]

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
                    let core = cores[address]
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
