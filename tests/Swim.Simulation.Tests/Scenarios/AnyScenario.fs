namespace Swim.Simulation.Tests

open System
open Hedgehog
open Hedgehog.FSharp
open Swim.Simulation

/// One run, or a few.
type Trial =
    {
        Identities: Identities
        Scenario: Scenario
        Seed: uint64
        /// How many seeds are tried, from `Seed` on. A scenario that is made smaller draws other numbers, so
        /// that one seed alone would seldom fail again.
        Tries: int
    }

/// Random scenarios for clusters of two to nine.
[<RequireQualifiedAccess>]
module AnyScenario =

    let private length: Gen<TimeSpan> =
        Draw.upTo 1 40 |> Gen.map (fun halves -> TimeSpan.FromMilliseconds(500.0 * float halves))

    // When, in thousandths of the scenario's length, and what.
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

    // What is smaller than a trial is tried with more than one seed.
    let private withTries (Tree.Node(trial, smaller): Tree<Trial>) : Tree<Trial> =
        let tries = Tree.map (fun trial -> { trial with Tries = 6 })
        Tree.Node({ trial with Tries = 1 }, Seq.map tries smaller)

    /// Any trial.
    let any: Gen<Trial> =
        gen {
            let! scenario = scenario
            and! identities = Draw.mostly (Gen.constant Renewing) 30 (Gen.constant Mixed)
            and! seed = Gen.integral (Range.constant 1 1_000_000) |> Gen.noShrink

            return { Identities = identities; Scenario = scenario; Seed = uint64 seed; Tries = 1 }
        }
        |> Gen.mapTree withTries

    /// A trial as text: that of the scenario, behind what is not in it.
    let print (trial: Trial) : string =
        $"# identities: {trial.Identities}; seed {trial.Seed}\n{ScenarioText.print trial.Scenario}"
