namespace Swim.Simulation

open System
open System.Collections.Generic
open Swim
open Swim.Core

/// Measures one run while it happens.
[<Sealed>]
type MeasureObserver<'Id when 'Id: equality and 'Id :> IIdentity<'Id>>
    (
        scheme: IdentityScheme<'Id>,
        scenario: Scenario,
        windowFrom: TimeSpan,
        windowTo: TimeSpan,
        bucket: TimeSpan
    ) =

    let count = scenario.Nodes
    let pairs = int64 count * int64 (count - 1)
    let nodes: Node<'Id>[] = Array.zeroCreate (count + 1)
    let identities = IdentityOperations<'Id>.Instance
    let lastTick = scenario.Length.Ticks

    // The scenario says which members have an anomaly at some time.
    let isHealthy =
        let healthy = Array.create (count + 1) true

        for _, action in scenario.Actions do
            match action with
            | ScenarioAction.Pause(node, _)
            | ScenarioAction.Freeze(node, _) -> healthy[node] <- false
            | _ -> ()

        healthy

    let outages = List<struct (OpenOutage<'Id> * int)>()
    let current: OpenOutage<'Id>[] = Array.zeroCreate (count + 1)
    let falselyDown = HashSet<'Id>()
    let mutable total = 0L
    let mutable aboutHealthy = 0L
    let mutable atHealthy = 0L
    let mutable healthyRejoins = 0L

    let mutable running = 0
    let mutable complete = 0
    let mutable joinTime = ValueNone
    let mutable known = 0L
    let mutable mostlyJoinTime = ValueNone

    let mutable memberTicks = 0L
    let mutable countedUntil = 0L
    let buckets = List<TrafficBucket>()
    let bucketCounter = TrafficCounter()
    let windowCounter = TrafficCounter()
    let mutable bucketEnd = bucket.Ticks
    let mutable windowEdge = windowFrom.Ticks
    let mutable windowTraffic = { Messages = 0L; Bytes = 0L; MemberTime = TimeSpan.Zero }

    let countMembersUntil time =
        memberTicks <- memberTicks + int64 running * (time - countedUntil)
        countedUntil <- time

    let readTraffic (counter: TrafficCounter) time =
        countMembersUntil time
        let mutable messages = 0L
        let mutable bytes = 0L

        for node in nodes do
            if not (isNull (box node)) then
                messages <- messages + node.Sent
                bytes <- bytes + node.SentBytes

        counter.Read(messages, bytes, memberTicks)

    let closeBucket () =
        let traffic = readTraffic bucketCounter bucketEnd
        buckets.Add { At = TimeSpan.FromTicks(bucketEnd) - bucket; Traffic = traffic }
        bucketEnd <- bucketEnd + bucket.Ticks

    let passWindowEdge () =
        let traffic = readTraffic windowCounter windowEdge

        if windowEdge = windowTo.Ticks then
            windowTraffic <- traffic
            windowEdge <- Int64.MaxValue
        else
            windowEdge <- windowTo.Ticks

    // Closes the buckets and windows that ended before this time, before what happens at it is counted.
    let passTime time =
        while time >= bucketEnd || time >= windowEdge do
            if bucketEnd <= windowEdge then closeBucket () else passWindowEdge ()

    let isComplete (state: State<'Id>) = state.Members.ActiveCount >= count - 1

    let holdsForActive (node: Node<'Id>) (identity: 'Id) =
        match MemberTable.tryFind identities identity node.State.Members with
        | ValueSome known -> MemberRecord.isActive known && identities.SameIdentity(known.Identity, identity)
        | ValueNone -> false

    let openOutage kind time (node: Node<'Id>) =
        let identity = node.State.Identity
        let awaited = Array.zeroCreate<bool>(count + 1)
        let mutable awaitedCount = 0

        for other in nodes do
            if
                not (isNull (box other))
                && other.Number <> node.Number
                && other.IsRunning
                && not other.HasLeft
                && (kind = OutageKind.Crashed || isHealthy[other.Number])
                && holdsForActive other identity
            then
                awaited[other.Number] <- true
                awaitedCount <- awaitedCount + 1

        let outage = OpenOutage(kind, node.Number, identity, time, awaited)
        current[node.Number] <- outage
        outages.Add(struct (outage, awaitedCount))

    let excuse (outage: OpenOutage<'Id>) number =
        if outage.Awaited[number] then
            outage.Awaited[number] <- false
            outage.Excused <- outage.Excused + 1

    let excuseFromAll number =
        for outage in current do
            if not (isNull outage) then
                excuse outage number

    let outageOf (identity: 'Id) =
        let number = scheme.NodeOf identity

        if number < 1 || number > count then
            null
        else
            let outage = current[number]

            if not (isNull outage) && identities.SameIdentity(outage.Identity, identity) then
                outage
            else
                null

    let memberDown time (reporter: Node<'Id>) (identity: 'Id) =
        let outage = outageOf identity
        let mutable isCrash = false

        if not (isNull outage) then
            isCrash <- outage.Kind = OutageKind.Crashed

            if outage.Awaited[reporter.Number] then
                outage.Awaited[reporter.Number] <- false
                outage.Notice time

        let number = scheme.NodeOf identity

        if not isCrash && number >= 1 && number <= count then
            let subject = nodes[number]

            if
                subject.IsRunning
                && not subject.HasLeft
                && number <> reporter.Number
                && identities.SameIdentity(subject.State.Identity, identity)
            then
                falselyDown.Add identity |> ignore
                total <- total + 1L

                if isHealthy[number] then
                    aboutHealthy <- aboutHealthy + 1L

                    if isHealthy[reporter.Number] then
                        atHealthy <- atHealthy + 1L

    let renamed (node: Node<'Id>) (before: 'Id) =
        let outage = outageOf before

        if not (isNull outage) && outage.Awaited[node.Number] then
            outage.Awaited[node.Number] <- false
            outage.Renamed <- outage.Renamed + 1

    let occurred time (node: Node<'Id>) (event: SwimEvent<'Id>) =
        if
            event.IsAboutMember
            && event.HasBefore
            && event.HasAfter
            && event.Before.Identity <> event.After.Identity
        then
            renamed node event.Before.Identity

        match event.Kind with
        | SwimEventKind.MemberDown -> memberDown time node event.Identity
        | SwimEventKind.Rejoined ->
            if isHealthy[node.Number] then
                healthyRejoins <- healthyRejoins + 1L
        | _ -> ()

    let started time (node: Node<'Id>) =
        nodes[node.Number] <- node
        countMembersUntil time
        running <- running + 1

        known <- known + int64 node.State.Members.ActiveCount

        if isComplete node.State then
            complete <- complete + 1

    let stopped time (node: Node<'Id>) =
        countMembersUntil time
        running <- running - 1
        known <- known - int64 node.State.Members.ActiveCount

        if isComplete node.State then
            complete <- complete - 1

        excuseFromAll node.Number
        openOutage OutageKind.Crashed time node

    let stepped time (node: Node<'Id>) (before: State<'Id>) (effects: Effects<'Id>) =
        for index in 0 .. effects.Count - 1 do
            match effects[index] with
            | Notify event -> occurred time node event
            | _ -> ()

        let change = node.State.Members.ActiveCount - before.Members.ActiveCount

        if change <> 0 then
            known <- known + int64 change

            match isComplete before, isComplete node.State with
            | false, true -> complete <- complete + 1
            | true, false -> complete <- complete - 1
            | _ -> ()

            if joinTime.IsNone && complete = count then
                joinTime <- ValueSome(TimeSpan.FromTicks time)

            if mostlyJoinTime.IsNone && known * 1000L >= pairs * 999L then
                mostlyJoinTime <- ValueSome(TimeSpan.FromTicks time)

    let acted time (action: ScenarioAction) =
        match action with
        | ScenarioAction.Pause(number, _)
        | ScenarioAction.Freeze(number, _) ->
            let node = nodes[number]

            if node.IsRunning && time >= node.PausedUntil && time >= node.FrozenUntil then
                openOutage OutageKind.Anomaly time node
        | ScenarioAction.Leave number -> excuseFromAll number
        | _ -> ()

    /// The measurements, once the run is over.
    member _.Result(run: RunResult) : MeasureResult =
        passTime lastTick

        {
            Run = run
            Outages = [| for struct (outage, awaited) in outages -> outage.Close awaited |]
            FalsePositives =
                {
                    Identities = int64 falselyDown.Count
                    Total = total
                    AboutHealthy = aboutHealthy
                    AtHealthy = atHealthy
                    HealthyRejoins = healthyRejoins
                }
            JoinTime = joinTime
            MostlyJoinTime = mostlyJoinTime
            Traffic = windowTraffic
            Buckets = buckets.ToArray()
        }

    interface IRunObserver<'Id> with
        member _.Started(time, node) =
            passTime (min time lastTick)

            if time < lastTick then
                started time node

        member _.Stopped(time, node) =
            passTime (min time lastTick)

            if time < lastTick then
                stopped time node

        member _.Stepped(time, node, before, _, effects) =
            passTime (min time lastTick)

            if time < lastTick then
                stepped time node before effects

        member _.Configured(_, _) = ()

        member _.Acted(time, action) =
            if time < lastTick then
                acted time action
