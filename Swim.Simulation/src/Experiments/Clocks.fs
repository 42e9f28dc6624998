namespace Swim.Simulation

open System
open Swim.Core

/// Members that begin at the same moment would probe in step for ever. Real ones do not: they start when
/// they start.
[<RequireQualifiedAccess>]
module Clocks =

    /// How many probe periods `outOfStep` takes.
    [<Literal>]
    let Periods = 10

    /// Lets the clock of each member run up to a quarter slower or faster for ten periods, so that
    /// afterwards their periods begin at any time.
    let outOfStep
        (nodes: int)
        (config: Config)
        (random: byref<Generator>)
        : (TimeSpan * ScenarioAction) list =
        let until = TimeSpan.FromTicks(config.ProbePeriod.Ticks * int64 Periods)
        let mutable actions = []

        for node in 1..nodes do
            let rate = 800_000 + Generator.below &random 450_001

            actions <-
                (TimeSpan.Zero, ScenarioAction.Drift(node, rate))
                :: (until, ScenarioAction.Drift(node, 1_000_000))
                :: actions

        actions

    /// Anything from nothing up to `most`, but not that.
    let within (most: TimeSpan) (random: byref<Generator>) : TimeSpan =
        TimeSpan.FromTicks(int64 (Generator.next &random % uint64 most.Ticks))
