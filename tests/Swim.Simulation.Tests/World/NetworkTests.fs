/// The faults of links, counted over many packets, have their probabilities; and splits, cuts and healing.
module Swim.Simulation.Tests.NetworkTests

open System
open Expecto
open Swim
open Swim.Core
open Swim.Simulation

[<Literal>]
let private Packets = 200_000

let private milliseconds (count: float) = TimeSpan.FromMilliseconds count

let private fates (quality: Quality) : Fate[] =
    let network = Network.Create(quality, 1UL)
    Array.init Packets (fun _ -> network.Send(1, 2))

let private isLost (fate: Fate) = fate.Copies = 0

let private share (what: Fate -> bool) (fates: Fate[]) =
    float (fates |> Array.filter what |> Array.length) / float fates.Length

let private near (expected: float) (actual: float) what =
    Expect.floatClose
        { absolute = 0.01; relative = 0.0 }
        actual
        expected
        $"{what}: {actual:F4} instead of {expected:F4}"

let private inMilliseconds (ticks: int64) = float ticks / float TimeSpan.TicksPerMillisecond

// How many packets in a row are lost.
let private losses (fates: Fate[]) : int list =
    let add (runs: int list) (fate: Fate) =
        match runs with
        | current :: rest when isLost fate -> current + 1 :: rest
        | current :: _ when current > 0 -> 0 :: runs
        | _ -> runs

    fates |> Array.fold add [ 0 ] |> List.filter (fun length -> length > 0)

let private connected (network: Network) =
    [
        for from in 1..4 do
            for towards in 1..4 do
                if from <> towards && network.Connects(from, towards) then
                    from, towards
    ]

let private everyLink =
    [
        for from in 1..4 do
            for towards in 1..4 do
                if from <> towards then
                    from, towards
    ]

let private chance =
    testList
        "chance"
        [
            testCase "a perfect link loses, doubles and damages nothing"
            <| fun () ->
                let fates = fates Quality.perfect
                Expect.all fates (fun fate -> fate.Copies = 1 && not fate.IsDamaged) "each arrives once"

                Expect.all
                    fates
                    (fun fate -> fate.First >= 1_000L && fate.First <= 5_000L)
                    "within 100 to 500 microseconds"

            testCase "loss, duplication and corruption have their configured probabilities"
            <| fun () ->
                let quality =
                    { Quality.perfect with
                        Loss = 100_000
                        Duplication = 200_000
                        Corruption = 50_000
                    }

                let fates = fates quality
                let arrived = fates |> Array.filter (isLost >> not)
                near 0.10 (share isLost fates) "lost"
                near 0.20 (share (fun fate -> fate.Copies = 2) arrived) "twice"
                near 0.05 (share _.IsDamaged arrived) "damaged"

            testCase "the network counts the packets that it lost, duplicated and damaged"
            <| fun () ->
                let quality =
                    { Quality.perfect with
                        Loss = 100_000
                        Duplication = 200_000
                        Corruption = 50_000
                    }

                let network = Network.Create(quality, 1UL)
                let fates = Array.init Packets (fun _ -> network.Send(1, 2))
                let count what = fates |> Array.filter what |> Array.length |> int64
                Expect.equal network.Faults.Lost (count isLost) "lost"
                Expect.equal network.Faults.Duplicated (count (fun fate -> fate.Copies = 2)) "twice"
                Expect.equal network.Faults.Damaged (count _.IsDamaged) "damaged"

            testCase "bursts of loss have their configured frequency, length and loss"
            <| fun () ->
                // Bad for 4 packets on average after 36 good ones, and 4 of 5 are lost then.
                let burst = { Begin = 27_778; End = 250_000; Loss = 800_000 }
                let fates = fates { Quality.perfect with Burst = Some burst }
                near 0.08 (share isLost fates) "lost"

                // Loss that strikes each packet alone would come 1.09 in a row.
                let average = losses fates |> List.averageBy float
                Expect.isGreaterThan average 2.0 "in a row"

            testCase "a burst of loss affects its own link only"
            <| fun () ->
                let burst = { Begin = 1_000_000; End = 0; Loss = 1_000_000 }
                let network = Network.Create(Quality.perfect, 1UL)
                network.SetLink(1, 2, { Quality.perfect with Burst = Some burst })
                Expect.isTrue (isLost (network.Send(1, 2))) "lost on this one"
                Expect.isFalse (isLost (network.Send(2, 1))) "and not on the way back"

            testCase "reordering delays the configured share of packets, by the configured delay at most"
            <| fun () ->
                let quality =
                    { Quality.perfect with
                        Latency = Fixed(milliseconds 1.0)
                        Reordering = 300_000
                        ReorderingDelay = milliseconds 10.0
                    }

                let delays = fates quality |> Array.map (fun fate -> inMilliseconds fate.First)

                near
                    0.30
                    (float (delays |> Array.filter (fun delay -> delay > 1.0) |> Array.length) / float Packets)
                    "late"

                Expect.isLessThanOrEqual (Array.max delays) 11.0 "at most"

            testCase "a long-tailed latency has its median and its 99th percentile"
            <| fun () ->
                let latency = LongTail(milliseconds 10.0, milliseconds 50.0, milliseconds 900.0)

                let delays =
                    fates { Quality.perfect with Latency = latency }
                    |> Array.map (fun fate -> inMilliseconds fate.First)

                let shareBelow limit =
                    float (delays |> Array.filter (fun delay -> delay <= limit) |> Array.length)
                    / float Packets

                near 0.50 (shareBelow 10.0) "up to the median"
                near 0.99 (shareBelow 50.0) "up to the 99th percentile"
                Expect.isGreaterThan (Array.max delays) 500.0 "the tail is long"
                Expect.isLessThanOrEqual (Array.max delays) 900.0 "but not longer"
        ]

let private links =
    testList
        "links"
        [
            testCase "a split keeps the links within its groups, and members in no group form one more"
            <| fun () ->
                let network = Network.Create(Quality.perfect, 1UL)
                network.Split [ [ 1; 2 ]; [ 3 ] ]
                Expect.equal (connected network) [ 1, 2; 2, 1 ] "3 and 4 are alone"
                network.Split [ [ 1; 2 ] ]
                Expect.equal (connected network) [ 1, 2; 2, 1; 3, 4; 4, 3 ] "3 and 4 are the rest"

            testCase "a cut affects one direction only"
            <| fun () ->
                let network = Network.Create(Quality.perfect, 1UL)
                network.Cut([ 1; 2 ], [ 3 ])

                Expect.equal
                    (connected network)
                    (everyLink |> List.filter (fun link -> link <> (1, 3) && link <> (2, 3)))
                    "all but those"

                Expect.isTrue (isLost (network.Send(1, 3))) "lost"
                Expect.isFalse (isLost (network.Send(3, 1))) "not lost"

            testCase "healing ends splits, cuts and special links"
            <| fun () ->
                let network = Network.Create(Quality.perfect, 1UL)
                network.Split [ [ 1 ]; [ 2 ] ]
                network.Cut([ 1 ], [ 2 ])
                network.SetLink(1, 2, { Quality.perfect with Loss = 1_000_000 })
                network.Heal()
                Expect.equal (connected network) everyLink "all"
                Expect.isFalse (isLost (network.Send(1, 2))) "as the others"

            testCase "no packet crosses a split of a running cluster, and packets do once it is healed"
            <| fun () ->
                let scenario =
                    Given.joined
                        4
                        4000.0
                        [ 1000.0, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4 ] ]; 2000.0, ScenarioAction.Heal ]

                let watch, _ = Given.watched scenario 1UL

                let crossing from until =
                    watch.Steps
                    |> List.filter (fun seen ->
                        Seen.isWithin from until seen
                        && [ 1; 2 ] |> List.exists (fun node -> seen.Node > 2 && Seen.isFrom node seen))

                Expect.isNonEmpty (crossing 0.0 1000.0) "before"
                // Packets that were sent before the split still arrive.
                Expect.isEmpty (crossing 1000.5 2000.0) "while it is split"
                Expect.isNonEmpty (crossing 2000.0 4000.0) "after"
        ]

let private damage =
    testList
        "damage"
        [
            testCase "damage always changes a packet"
            <| fun () ->
                let network = Network.Create(Quality.perfect, 1UL)

                // The frame alone has seven bytes.
                for length in 7..300 do
                    let bytes = Array.init length byte
                    let left = network.Damage(bytes.AsSpan())

                    Expect.isTrue
                        (left < length || bytes <> Array.init length byte)
                        $"{length} bytes are not what they were"

            testCase "a damaged packet is refused and counted, and causes no step"
            <| fun () ->
                let quality = { Quality.perfect with Corruption = 1_000_000 }
                let watch, world = Given.watched { Given.joined 3 3000.0 [] with Quality = quality } 1UL
                Expect.isEmpty (watch.Steps |> List.filter Seen.isPacket) "no packet is received"
                Expect.isGreaterThan world.Delivered 50L "though many arrived"
                Expect.equal (world.Nodes |> Array.sumBy _.Refused) world.Delivered "all were refused"
                Expect.isGreaterThanOrEqual world.Network.Faults.Damaged world.Delivered "and damaged"

            testCase "if some packets are damaged, each of them is refused and each other is received"
            <| fun () ->
                let quality = { Quality.perfect with Corruption = 300_000 }
                let watch, world = Given.watched { Given.joined 3 3000.0 [] with Quality = quality } 1UL
                let received = watch.Steps |> List.filter Seen.isPacket |> List.length |> int64
                let refused = world.Nodes |> Array.sumBy _.Refused
                Expect.equal (received + refused) world.Delivered "each is one or the other"
                // Some have not arrived yet.
                Expect.isGreaterThan refused (world.Network.Faults.Damaged - 10L) "all damaged ones"
        ]

let tests = testList "Network" [ chance; links; damage ]
