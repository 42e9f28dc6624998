/// What rides along on the packets of a member (R3.1, R8.6, R8.7), over any sequence of reasons to send. How
/// a single packet is filled is in BacklogTests, against a model.
module Swim.Core.Tests.BacklogProperties

open System
open System.Collections.Generic
open Expecto
open Swim
open Swim.Core

/// One thing that waits or waited: an update by its record, a broadcast by its number.
[<Struct>]
type private Item =
    | Update of record: MemberRecord<TestId>
    | Item of number: int

/// A member under watch, and how many packets carried what since it began to wait.
type private Run(budget: int, packetSize: int, fanOut: int) =

    let config =
        { Given.simple with
            MaxTransmissions = budget
            MaxPacketSize = packetSize
            IndirectProbes = fanOut
        }

    let core =
        CheckedMember({ Given.rules config with Sizes = TestId.unevenSizes }, Given.me, 42UL)

    let carried = Dictionary<Item, int>()
    let waiting = HashSet<Item>()
    let topics = Dictionary<int, int>()
    let mutable last = 0

    // None of them changes a record, so that each packet carries only what the run put into the backlog.
    do core.Step(Given.restore [ for address in 50..53 -> Given.alive address ]) |> ignore

    let numberOf (payload: Payload) = BitConverter.ToInt32(payload.Slice(0, 4).Span)

    let itemsOf (packet: Packet<TestId>) =
        [
            for record in packet.Updates do
                Update record
            for payload in packet.Broadcasts do
                Item(numberOf payload)
        ]

    let updatesLeft (state: State<TestId>) =
        [ for struct (record, left) in State.updatesBacklog state -> Update record, left ]

    let broadcastsLeft (state: State<TestId>) =
        [
            for slot in 0 .. state.Broadcasts.Count - 1 do
                let entry = state.Broadcasts.Entries[slot]
                Item(numberOf entry.Item.Payload), entry.TransmissionsLeft, entry.Size
        ]

    let sizeOf (record: MemberRecord<TestId>) = core.Rules.Sizes.MemberSize &record

    let expectAccounts () =
        let left =
            updatesLeft core.State @ [ for item, left, _ in broadcastsLeft core.State -> item, left ]

        Expect.equal (List.map fst left |> List.distinct) (List.map fst left) "nothing waits twice"

        for item, left in left do
            Expect.isTrue (waiting.Contains item) $"%A{item} was queued, and not withdrawn"
            Expect.equal left (budget - carried[item]) $"%A{item} paid for each packet, and no more"

        let left = List.map fst left |> HashSet

        for item in List.ofSeq waiting do
            if not (left.Contains item) then
                Expect.equal carried[item] budget $"%A{item} was never lost before its time"
                waiting.Remove item |> ignore

    /// A packet leaves nothing out that fits, and takes what has most transmissions left, then the larger.
    let expectFull (before: State<TestId>) (packet: Packet<TestId>) =
        let room = packetSize - Packet.size core.Rules packet
        let inside = itemsOf packet
        let updates = dict (updatesLeft before)

        for KeyValue(item, _) in updates do
            match item with
            | Update record when not (List.contains item inside) ->
                Expect.isGreaterThan (sizeOf record) room $"%A{record} does not fit"
            | _ -> ()

        let order = [ for record in packet.Updates -> updates[Update record], sizeOf record ]
        Expect.equal order (List.sortDescending order) "the order of R8.6"

        let items =
            broadcastsLeft before |> List.map (fun (item, left, size) -> item, (left, size)) |> dict

        // Without the count of the updates there would be two bytes more.
        let room = if inside.IsEmpty then room - Rules.UpdatesOverhead else room

        for KeyValue(item, (_, size)) in items do
            if not (List.contains item inside) then
                Expect.isGreaterThan (size + Rules.BroadcastOverhead) room $"%A{item} does not fit"

        let order = [ for payload in packet.Broadcasts -> items[Item(numberOf payload)] ]
        Expect.equal order (List.sortDescending order) "the order of R8.6"

    let settle (before: State<TestId>) effects =
        let packets = Seen.packets effects

        for packet in packets do
            for item in itemsOf packet do
                carried[item] <- carried[item] + 1

        match packets with
        | [ packet ] when packet.Header.Kind <> MessageKind.Broadcast -> expectFull before packet
        | _ -> ()

        expectAccounts ()

    let begins item =
        waiting.Add item |> ignore
        carried[item] <- 0

    let take (event: Event<TestId>) =
        let before = core.State
        let effects = core.Step event
        settle before effects

    /// An update about a member, each time of a new life.
    member _.Hear(address: int) =
        last <- last + 1
        let identity = { Given.peer address with Generation = 100 + last }
        let record = MemberRecord.alive identity 0us

        waiting.RemoveWhere(fun item ->
            match item with
            | Update known -> known.Identity.Address = address
            | Item _ -> false)
        |> ignore

        begins (Update record)
        take (Given.apply [ record ])
        Expect.contains (Seen.backlog core) (record, budget) "R3.1 with a fresh budget"

    /// A broadcast that takes the place of the last of its topic, from four bytes to all that a packet holds.
    member _.Broadcast(topic: int, length: int) =
        let length = length % (Protocol.maxBroadcastSize core.Rules core.State - 3)
        last <- last + 1

        match topics.TryGetValue topic with
        | true, number -> waiting.Remove(Item number) |> ignore
        | _ -> ()

        topics[topic] <- last
        begins (Item last)
        let payload = Array.append (BitConverter.GetBytes last) (Array.zeroCreate length)
        take (BroadcastAccepted(TopicKey($"{topic}", last), ReadOnlyMemory payload))

    /// How many updates and broadcasts wait.
    member _.Left = core.State.Updates.Count, core.State.Broadcasts.Count

    member _.Gossip() = take GossipNow
    member _.Spread() = take BroadcastNow
    member _.Answer() = take (Given.from (Given.peer 50) (Message.ping 1u))

let private perform (run: Run) (kind: byte, raw: byte) =
    match kind % 8uy with
    | 0uy
    | 1uy -> run.Hear(2 + int raw % 9)
    | 2uy -> run.Broadcast(int raw % 4, int raw)
    | 3uy -> run.Spread()
    | 4uy -> run.Answer()
    | _ -> run.Gossip()

let private property name (run: Run -> (byte * byte) list -> unit) =
    testPropertyWithConfig { FsCheckConfig.defaultConfig with maxTest = 100; endSize = 80 } name
    <| fun (budget: byte) (room: byte) (fanOut: byte) (operations: (byte * byte) list) ->
        run (Run(1 + int budget % 3, 48 + int room % 40, 1 + int fanOut % 3)) operations

let tests =
    testList
        "Backlog properties"
        [
            property
                "R8.6 each item rides on as many packets as it may, unless it is replaced, and no packet leaves out what fits"
                (fun run operations -> List.iter (perform run) operations)

            property "R8.6 an entry leaves the backlog after it was sent often enough" (fun run operations ->
                List.iter (perform run) operations

                // Each of at most thirteen items goes three times at most, and each packet takes one or more.
                for _ in 1..39 do
                    run.Gossip()
                    run.Spread()

                Expect.equal (run.Left) (0, 0) "nothing waits without end")
        ]
