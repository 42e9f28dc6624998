module Swim.Simulation.Tests.ScenarioTextTests

open System
open Expecto
open Swim
open Swim.Core
open Swim.Simulation

/// Draws any scenario that can be run, with every kind of action and values that are awkward to print.
type private ScenarioDraw() =

    [<DefaultValue(false)>]
    val mutable private random: RandomGenerator

    static member Of(randomSeed: uint64) =
        let draw = ScenarioDraw()
        draw.random <- RandomGenerator.create randomSeed
        draw

    member draw.From(least: int, most: int) = least + RandomGenerator.below &draw.random (most - least + 1)

    member draw.Flip() = draw.From(0, 1) = 0
    member draw.OneOf(choices: 'T list) = choices[draw.From(0, choices.Length - 1)]

    /// Whole units, and single ticks of 100 ns.
    member draw.Duration() =
        let unit = draw.OneOf [ 1L; 10L; 10_000L; TimeSpan.TicksPerSecond; TimeSpan.TicksPerMinute ]

        TimeSpan.FromTicks(int64 (draw.From(0, 999)) * unit)

    member draw.Positive() = draw.Duration() + TimeSpan.FromTicks 1L
    member draw.Probability() = draw.OneOf [ 0; 1; 50_000; draw.From(0, 1_000_000) ]

    member draw.Latency() =
        let durations = List.sort [ draw.Duration(); draw.Duration(); draw.Duration() ]

        match draw.From(0, 2) with
        | 0 -> Fixed durations[0]
        | 1 -> Uniform(durations[0], durations[1])
        | _ -> LongTail(durations[0], durations[1], durations[2])

    member draw.Burst() : Burst =
        {
            Begin = draw.Probability()
            End = draw.Probability()
            Loss = draw.Probability()
        }

    member draw.Quality() =
        if draw.From(0, 4) = 0 then
            Quality.perfect
        else
            {
                Latency = draw.Latency()
                Loss = draw.Probability()
                Burst = if draw.Flip() then Some(draw.Burst()) else None
                Duplication = draw.Probability()
                Reordering = draw.Probability()
                ReorderingDelay = draw.Duration()
                Corruption = draw.Probability()
            }

    member draw.Periodic() =
        if draw.Flip() then
            Nullable()
        else
            Nullable { Frequency = draw.Positive(); Members = draw.From(1, 255) }

    /// A preset as it is, or with some of its parameters changed.
    member draw.Config nodes =
        let preset =
            draw.OneOf
                [
                    SwimConfig.Lan nodes
                    SwimConfig.Wan nodes
                    SwimConfig.Simple()
                    SwimConfig.Local nodes
                ]

        if draw.Flip() then
            preset
        else
            let roundTrip = draw.Positive()

            { preset with
                ProbeRtt = roundTrip
                ProbePeriod = roundTrip + draw.Positive()
                IndirectProbes = draw.From(1, 255)
                MaxTransmissions = draw.From(1, 255)
                SuspectToDownAfter = draw.Positive()
                RemoveDownAfter = draw.OneOf [ preset.RemoveDownAfter; draw.Positive() ]
                MaxPacketSize = draw.From(128, 65_507)
                NotifyDownMembers = draw.Flip()
                PeriodicAnnounce = draw.Periodic()
                PeriodicAnnounceToDown = draw.Periodic()
                PeriodicGossip = draw.Periodic()
            }

    member draw.Nodes nodes =
        [
            for node in 1..nodes do
                if draw.Flip() then
                    node
        ]

    member draw.ScenarioAction nodes =
        let node = draw.From(1, nodes)
        let other = draw.From(1, nodes)

        match draw.From(0, 20) with
        | 0 -> ScenarioAction.Crash node
        | 1 -> ScenarioAction.Restart node
        | 2 -> ScenarioAction.RestartSame node
        | 3 -> ScenarioAction.Pause(node, draw.Duration())
        | 4 -> ScenarioAction.Freeze(node, draw.Duration())
        | 5 -> ScenarioAction.Drift(node, draw.From(900_000, 1_100_000))
        | 6 -> ScenarioAction.SlowTimers(node, draw.Duration())
        | 7 -> ScenarioAction.Leave node
        | 8 -> ScenarioAction.ChangeIdentity node
        | 9 -> ScenarioAction.Reuse node
        | 10 -> ScenarioAction.SetTransmissions(node, draw.From(1, 255))
        | 11 -> ScenarioAction.SetPacketSize(node, draw.From(128, 65_507))
        | 12 -> ScenarioAction.Put(node, draw.From(-9, 9), draw.From(0, 65_507))
        | 13 -> ScenarioAction.Announce(node, other)
        | 14 -> ScenarioAction.Gossip node
        | 15 -> ScenarioAction.Broadcast node
        | 16 -> ScenarioAction.Split [ for _ in 1 .. draw.From(0, 3) -> draw.Nodes nodes ]
        | 17 -> ScenarioAction.Cut(draw.Nodes nodes, draw.Nodes nodes)
        | 18 -> ScenarioAction.Heal
        | 19 -> ScenarioAction.Network(draw.Quality())
        | _ -> ScenarioAction.Link(node, other, draw.Quality())

    member draw.Scenario() =
        let nodes = draw.OneOf [ 1; 2; 5; 9; 40 ]
        let length = draw.Positive()
        let time () = TimeSpan.FromTicks(draw.Duration().Ticks % (length.Ticks + 1L))

        {
            Nodes = nodes
            Config = draw.Config nodes
            Beginning = draw.OneOf [ Joining; Joined; JoiningWithin length ]
            Quality = draw.Quality()
            Actions = []
            Length = length
        }
        |> Scenario.withActions [ for _ in 1 .. draw.From(0, 12) -> time (), draw.ScenarioAction nodes ]

let private randomSeeds =
    match Environment.GetEnvironmentVariable "SWIM_SEED" |> Option.ofObj with
    | Some randomSeed -> [ UInt64.Parse randomSeed ]
    | None -> [ 1UL .. 3_000UL ]

let private replay randomSeed =
    $"SWIM_SEED={randomSeed} dotnet run --project tests/Swim.Simulation.Tests -- --filter-test-list \"scenario text\""

let private readOrFail text =
    match ScenarioText.read text with
    | Ok scenario -> scenario
    | Error fault -> failtest $"{fault}"

let private seconds (value: float) = TimeSpan.FromSeconds value
let private actionsOf lines = (readOrFail $"nodes 9\nlength 60s\n{lines}").Actions

let tests =
    testList
        "scenario text"
        [
            testCase "a printed scenario reads back as the same scenario"
            <| fun () ->
                for randomSeed in randomSeeds do
                    let scenario = ScenarioDraw.Of(randomSeed).Scenario()
                    let text = ScenarioText.print scenario
                    Expect.isEmpty (Scenario.faults scenario) $"it can be run; {replay randomSeed}"

                    match ScenarioText.read text with
                    | Ok read -> Expect.equal read scenario $"{replay randomSeed}\n{text}"
                    | Error fault -> failtest $"{fault}\n{replay randomSeed}\n{text}"

            testCase "every kind of scenario action reads back, and so does its example"
            <| fun () ->
                let drawn =
                    [
                        for randomSeed in randomSeeds do
                            for _, action in (ScenarioDraw.Of(randomSeed).Scenario()).Actions do
                                ActionText.print action |> ScenarioText.words |> List.head
                    ]

                if randomSeeds.Length > 1 then
                    Expect.equal (set drawn) (set (List.map fst ActionText.examples)) "all of them were tried"

                for word, example in ActionText.examples do
                    match actionsOf $"at 1s {example}" with
                    | [ time, action ] ->
                        Expect.equal time (seconds 1.0) "the time"
                        let printed = ActionText.print action
                        Expect.equal (List.head (ScenarioText.words printed)) word example
                        Expect.equal (actionsOf $"at 1s {printed}") [ time, action ] printed
                    | actions -> failtest $"{example} was read as {actions}"

            testCase "a scenario written by hand is read with all its values"
            <| fun () ->
                let read =
                    readOrFail
                        """
                        # A comment, and an empty line.

                        length 1.5min
                        nodes 5        # behind a line too
                        config local probe-period = 250ms periodic-gossip=off
                        begin joining within 0.5s
                        network latency 1ms .. 5ms  loss 5% burst 1% / 20% / 90% reorder 2%/50ms corrupt 0.1%
                        at 20s restart 3, 4
                        at 10s crash 3
                        at 10s split 1,2|3..5
                        at 0.5s cut 1->2, 3
                        """

                Expect.equal
                    read
                    {
                        Nodes = 5
                        Config =
                            { SwimConfig.Local 5 with
                                ProbePeriod = TimeSpan.FromMilliseconds 250.0
                                PeriodicGossip = Nullable()
                            }
                        Beginning = JoiningWithin(seconds 0.5)
                        Quality =
                            {
                                Latency = Uniform(seconds 0.001, seconds 0.005)
                                Loss = 50_000
                                Burst = Some { Begin = 10_000; End = 200_000; Loss = 900_000 }
                                Duplication = 0
                                Reordering = 20_000
                                ReorderingDelay = seconds 0.05
                                Corruption = 1_000
                            }
                        Actions =
                            [
                                seconds 0.5, ScenarioAction.Cut([ 1 ], [ 2; 3 ])
                                seconds 10.0, ScenarioAction.Crash 3
                                seconds 10.0, ScenarioAction.Split [ [ 1; 2 ]; [ 3; 4; 5 ] ]
                                seconds 20.0, ScenarioAction.Restart 3
                                seconds 20.0, ScenarioAction.Restart 4
                            ]
                        Length = seconds 90.0
                    }
                    "all of it"

            testCase "settings that a scenario's text leaves out have defaults"
            <| fun () ->
                Expect.equal
                    (readOrFail "nodes 20\nlength 60s")
                    (Scenario.quiet 20 (SwimConfig.Lan 20) (seconds 60.0))
                    "lan for that many members that join over a perfect network"

            testCase "a scenario is printed with short values and ranges, in the order of time"
            <| fun () ->
                let text =
                    "nodes 12\n\
                     config wan probe-rtt=1s periodic-announce=off\n\
                     begin joining\n\
                     network latency 20ms/80ms/400ms loss 0.5%\n\
                     length 10min\n\
                     at 0.5us put 12 key 3 size 100\n\
                     at 90s split 1..6 | 7,8,10,11,12\n\
                     at 2500ms heal\n"

                let ordered =
                    text.Replace(
                        "at 90s split 1..6 | 7,8,10,11,12\nat 2500ms heal\n",
                        "at 2500ms heal\nat 90s split 1..6 | 7,8,10,11,12\n"
                    )

                Expect.equal (readOrFail text |> ScenarioText.print) ordered "in the order of time"
        ]
