namespace Swim.Simulation

open System
open Swim
open Swim.Core

/// The clocks of members in experiments. Members that begin at the same moment probe in step, which real
/// members do not.
[<RequireQualifiedAccess>]
module Clocks =

    /// How many probe periods `outOfStep` takes.
    [<Literal>]
    let Periods = 10

    /// Actions that let the clock of each member run up to a quarter slower or faster for ten periods, so
    /// that their periods begin at different moments afterwards.
    let outOfStep
        (nodes: int)
        (config: SwimConfig)
        (random: byref<RandomGenerator>)
        : (TimeSpan * ScenarioAction) list =
        let until = TimeSpan.FromTicks(config.ProbePeriod.Ticks * int64 Periods)
        let mutable actions = []

        for node in 1..nodes do
            let rate = 800_000 + RandomGenerator.below &random 450_001

            actions <-
                (TimeSpan.Zero, ScenarioAction.Drift(node, rate))
                :: (until, ScenarioAction.Drift(node, 1_000_000))
                :: actions

        actions

    /// Draws a duration from zero to `most`, without `most`.
    let within (most: TimeSpan) (random: byref<RandomGenerator>) : TimeSpan =
        TimeSpan.FromTicks(int64 (RandomGenerator.next &random % uint64 most.Ticks))
