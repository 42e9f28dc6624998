namespace Swim.Simulation.Tests

open System
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

/// A scenario and the random seeds that it is run with.
type Trial =
    {
        Identities: Identities
        Scenario: Scenario
        RandomSeed: uint64
        /// How many random seeds are tried, from `RandomSeed` on. A smaller scenario draws other numbers, so
        /// that it seldom fails with one seed alone.
        Tries: int
    }

/// Random scenarios for clusters of two to nine.
[<RequireQualifiedAccess>]
module AnyScenario =

    let private length: Gen<TimeSpan> =
        Draw.upTo 1 40 |> Gen.map (fun halves -> TimeSpan.FromMilliseconds(500.0 * float halves))

    // Actions, each with its time in thousandths of the scenario's length.
    let private actions: Gen<(int * ScenarioAction) list> =
        Gen.list (Range.linear 0 16) (Gen.zip (Draw.between 0 1000) AnyAction.any)

    let private timed (length: TimeSpan) nodes (actions: (int * ScenarioAction) list) =
        let at thousandths =
            TimeSpan.FromMilliseconds(Math.Floor(length.TotalMilliseconds * float thousandths / 1000.0))

        actions
        |> List.choose (fun (time, action) ->
            AnyAction.fit nodes action |> Option.map (fun action -> at time, action))

    let private scenario: Gen<Scenario> =
        gen {
            let! nodes = Draw.upTo 2 AnyAction.MostNodes
            and! actions = actions
            and! length = length
            and! beginning = Draw.between 0 2
            and! quality = Draw.mostly (Gen.constant Quality.perfect) 50 AnyQuality.any
            and! config = AnyConfig.any 10

            return
                {
                    Nodes = nodes
                    Config = config
                    Beginning =
                        match beginning with
                        | 0 -> Joined
                        | 1 -> Joining
                        | _ -> JoiningWithin(length / 2.0)
                    Quality = quality
                    Actions = []
                    Length = length
                }
                |> Scenario.withActions (timed length nodes actions)
        }

    // Smaller trials are run with several random seeds.
    let private withTries (Tree.Node(trial, smaller): Tree<Trial>) : Tree<Trial> =
        let tries = Tree.map (fun trial -> { trial with Tries = 6 })
        Tree.Node({ trial with Tries = 1 }, Seq.map tries smaller)

    /// Any trial.
    let any: Gen<Trial> =
        gen {
            let! scenario = scenario
            and! identities = Draw.mostly (Gen.constant Renewing) 30 (Gen.constant Mixed)
            and! randomSeed = Gen.integral (Range.constant 1 1_000_000) |> Gen.noShrink

            return
                {
                    Identities = identities
                    Scenario = scenario
                    RandomSeed = uint64 randomSeed
                    Tries = 1
                }
        }
        |> Gen.mapTree withTries

    /// A trial as text: a comment with the random seed, and the scenario.
    let print (trial: Trial) : string =
        $"# identities: {trial.Identities}; random seed {trial.RandomSeed}\n{ScenarioText.print trial.Scenario}"
