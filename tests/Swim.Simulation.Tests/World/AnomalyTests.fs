/// Members that crash, restart, are paused or frozen, or have a wrong clock.
module Swim.Simulation.Tests.AnomalyTests

open System
open Expecto
open Swim
open Swim.Core
open Swim.Simulation

let private periods (watch: RunWatch) node from until =
    watch.Of node
    |> List.filter (fun seen -> Seen.isPeriod seen && Seen.isWithin from until seen)

let private stillness =
    testList
        "pause and freeze"
        [
            testCase "a paused member neither sends nor receives, but its timers keep running"
            <| fun () ->
                let scenario =
                    Given.joined 3 4000.0 [ 1000.0, ScenarioAction.Pause(1, Given.milliseconds 1500.0) ]

                let watch, _ = Given.watched scenario 1UL
                let during = Seen.isWithin 1000.0 2500.0
                let its = watch.Of 1 |> List.filter during
                Expect.isEmpty (its |> List.filter Seen.isPacket) "receives nothing"
                Expect.isGreaterThan (periods watch 1 1000.0 2500.0).Length 5 "continues to probe"

                let arrived =
                    watch.Steps
                    |> List.filter (fun seen -> Seen.isFrom 1 seen && Seen.isWithin 1000.5 2500.0 seen)

                Expect.isEmpty arrived "no packet of it arrives"

            testCase "packets held back during a pause are sent and received all at once when it ends"
            <| fun () ->
                let scenario =
                    Given.joined 3 4000.0 [ 1000.0, ScenarioAction.Pause(1, Given.milliseconds 1500.0) ]

                let watch, _ = Given.watched scenario 1UL

                let received = watch.Of 1 |> List.filter (fun seen -> seen.At = 2500.0 && Seen.isPacket seen)

                let arrived =
                    watch.Steps
                    |> List.filter (fun seen -> Seen.isFrom 1 seen && Seen.isWithin 2500.0 2501.0 seen)

                Expect.isGreaterThan received.Length 5 "receives at that very moment"
                Expect.isGreaterThan arrived.Length 5 "and its packets arrive within the time of a packet"

            testCase "a frozen member takes no step, and when it thaws takes all that were due"
            <| fun () ->
                let scenario =
                    Given.joined
                        3
                        4000.0
                        [
                            1000.0, ScenarioAction.Freeze(1, Given.milliseconds 1500.0)
                            1200.0, ScenarioAction.Gossip 1
                            1300.0, ScenarioAction.Put(1, 1, 20)
                        ]

                let watch, _ = Given.watched scenario 1UL
                let its = watch.Of 1
                Expect.isEmpty (its |> List.filter (Seen.isWithin 1000.1 2500.0)) "not one step"
                let thawed = its |> List.filter (fun seen -> seen.At = 2500.0)
                Expect.isGreaterThan (thawed |> List.filter Seen.isPacket).Length 5 "receives"
                Expect.isNonEmpty (thawed |> List.filter Seen.isTimer) "its timers fire"

                Expect.exists thawed _.Event.IsGossipNow "and its caller continues"

                Expect.exists thawed _.Event.IsBroadcastAccepted "in order"
                let firstTimer = thawed |> List.findIndex Seen.isTimer
                let lastPacket = thawed |> List.findIndexBack Seen.isPacket
                Expect.isGreaterThan firstTimer lastPacket "packets come before timers, as in the host"

            testCase "a member is healthy again when the last of its anomalies is over"
            <| fun () ->
                let scenario =
                    Given.joined
                        3
                        3000.0
                        [
                            1000.0, ScenarioAction.Pause(1, Given.milliseconds 1500.0)
                            1200.0, ScenarioAction.Freeze(1, Given.milliseconds 200.0)
                        ]

                let _, during = Given.watched { scenario with Length = Given.milliseconds 2000.0 } 1UL
                Expect.equal during.Nodes[0].HealthySince Int64.MaxValue "not yet"
                let _, after = Given.watched scenario 1UL
                Expect.equal after.Nodes[0].HealthySince (Given.milliseconds 2500.0).Ticks "since then"
        ]

let private clocks =
    testList
        "clocks"
        [
            for percent in [ 50; 100; 200 ] do
                testCase
                    $"a member whose clock runs at {percent} %% of the true rate ends {percent / 2} periods in 10 s"
                <| fun () ->
                    let scenario = Given.joined 3 10_100.0 [ 0.0, ScenarioAction.Drift(1, percent * 10_000) ]
                    let watch, _ = Given.watched scenario 1UL
                    // A period is 200 ms. The first timer is set before the clock goes wrong.
                    Expect.floatClose
                        { absolute = 1.5; relative = 0.0 }
                        (float (periods watch 1 0.0 10_100.0).Length)
                        (50.0 * float percent / 100.0)
                        "of its own time"

                    Expect.equal (periods watch 2 0.0 10_100.0).Length 50 "others are not touched"

            testCase "slow timers are late by different amounts, up to the configured lateness"
            <| fun () ->
                let most = Given.milliseconds 40.0

                let watch, _ =
                    Given.watched (Given.joined 3 20_000.0 [ 0.0, ScenarioAction.SlowTimers(1, most) ]) 1UL

                let waits =
                    periods watch 1 0.0 20_000.0
                    |> List.map _.At
                    |> List.pairwise
                    |> List.tail
                    |> List.map (fun (one, next) -> next - one)

                Expect.all waits (fun wait -> wait >= 200.0 && wait <= 240.0) "from 0 to 40 ms late"
                Expect.isGreaterThan (List.max waits - List.min waits) 20.0 "not all as late"
        ]

let private lives =
    testList
        "crash and restart"
        [
            testCase "a crashed member takes no step, and the others detect the crash"
            <| fun () ->
                let watch, world =
                    Given.watched (Given.joined 3 5000.0 [ 1000.0, ScenarioAction.Crash 1 ]) 1UL

                Expect.isEmpty (watch.Of 1 |> List.filter (Seen.isWithin 1000.0 5000.0)) "nothing"

                for node in [ 1; 2 ] do
                    Expect.equal world.Nodes[node].State.Members.ActiveCount 1 "only the other is active"

            testCase "a member that restarts has a newer identity, and no timers of its former process"
            <| fun () ->
                let watch, world =
                    Given.watched (Given.joined 3 5000.0 [ 1010.0, ScenarioAction.Restart 1 ]) 1UL

                let node = world.Nodes[0]
                Expect.equal node.State.Identity (IdentityScheme.node.Identity 1 2) "the next generation"
                Expect.equal node.State.Members.ActiveCount 2 "takes part again"
                // The period began anew: it is not in step with the former one, which ended at 1000 ms.
                let first = periods watch 1 1010.0 5000.0 |> List.head
                Expect.isGreaterThan first.At 1210.0 "a full period after"

            testCase "a member can restart under the identity that it had"
            <| fun () ->
                let _, world =
                    Given.watched (Given.joined 3 5000.0 [ 1000.0, ScenarioAction.RestartSame 1 ]) 1UL

                Expect.equal (IdentityScheme.node.NodeOf world.Nodes[0].State.Identity) 1 "its address"
                Expect.equal world.Nodes[0].Life 2 "its second life"
                Expect.equal world.Nodes[0].State.Members.ActiveCount 2 "takes part again"

            testCase "a member that restarts while paused can be reached at once"
            <| fun () ->
                let scenario =
                    Given.joined
                        3
                        2000.0
                        [
                            500.0, ScenarioAction.Pause(1, Given.milliseconds 60_000.0)
                            1000.0, ScenarioAction.Restart 1
                        ]

                let watch, _ = Given.watched scenario 1UL

                Expect.isNonEmpty
                    (watch.Of 1
                     |> List.filter (fun seen -> Seen.isPacket seen && Seen.isWithin 1000.0 2000.0 seen))
                    "receives"

            testCase "a member that is alone asks its seeds with growing delays"
            <| fun () ->
                let scenario =
                    { Given.joined 2 20_000.0 [ 0.0, ScenarioAction.Split [ [ 1 ]; [ 2 ] ] ] with
                        Config = { SwimConfig.Local 2 with PeriodicAnnounceToDown = Nullable() }
                    }

                let watch, _ = Given.watched scenario 1UL

                let asked =
                    watch.Of 1
                    |> List.filter _.Event.IsAnnounceTo
                    |> List.map (fun seen -> floor (seen.At / 1000.0))

                // Idle after about a second; then 0.5, 1, 2, 4 and 8 s later.
                Expect.hasLength asked 6 "with growing delays"
        ]

let private helpers =
    testList
        "one bad link"
        [
            for nodes in 3..9 do
                testCase
                    $"in a cluster of {nodes} no member is suspected if only one pair cannot reach each other"
                <| fun () ->
                    for randomSeed in 1UL .. 5UL do
                        let scenario =
                            { Given.joined
                                  nodes
                                  10_000.0
                                  [
                                      0.0, ScenarioAction.Cut([ 1 ], [ 2 ])
                                      0.0, ScenarioAction.Cut([ 2 ], [ 1 ])
                                  ] with
                                Config = { SwimConfig.Local nodes with IndirectProbes = 7 }
                            }

                        let watch, _ = Given.watched scenario randomSeed

                        Expect.isEmpty
                            (watch.Steps |> List.filter Seen.suspects)
                            $"random seed {randomSeed}: no member is suspected"
        ]

let tests = testList "Anomalies" [ stillness; clocks; lives; helpers ]
