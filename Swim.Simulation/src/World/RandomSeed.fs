namespace Swim.Simulation

open Swim
open Swim.Core

/// The random seeds within a run: all follow from the random seed of the run.
[<RequireQualifiedAccess>]
module internal RandomSeed =

    /// The random seed of the network.
    let ofNetwork (run: uint64) : uint64 = run ^^^ 0x6E6574776F726BUL

    /// The random seed for the times at which members start.
    let ofStarts (run: uint64) : uint64 = run ^^^ 0x7374617274UL

    /// The random seed of a member in one of its lives. Those of different members are far apart, whatever
    /// the random seed of the run.
    let ofMember (run: uint64) (node: int) (life: int) : uint64 =
        let mutable random = RandomGenerator.create (run + uint64 node * 0x9E3779B97F4A7C15UL)
        let mutable drawn = RandomGenerator.next &random

        for _ in 1..life do
            drawn <- RandomGenerator.next &random

        drawn
