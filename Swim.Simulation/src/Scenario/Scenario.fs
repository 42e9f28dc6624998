namespace Swim.Simulation

open System
open Swim

/// How the members of a scenario begin.
type Beginning =
    /// All start at once and join through the first two.
    | Joining
    /// The first two start at once, each other member at a random time within that long, and they join
    /// through the first two, as real members do. Members that start at once would probe and detect in step.
    | JoiningWithin of TimeSpan
    /// All members know all members.
    | Joined

/// What happens to a cluster. A value: it can be written, printed, read back and made smaller. Together
/// with a random seed it determines a run.
type Scenario =
    {
        /// How many members there are.
        Nodes: int
        /// The parameters of all members.
        Config: SwimConfig
        Beginning: Beginning
        /// The network at the start.
        Quality: Quality
        /// The actions, each with its time since the start. In the order of time.
        Actions: (TimeSpan * ScenarioAction) list
        /// How long actions and faults last. Afterwards all faults end, and the cluster has time to settle.
        Length: TimeSpan
    }

[<RequireQualifiedAccess>]
module Scenario =

    /// A scenario without actions: members join and run.
    let quiet (nodes: int) (config: SwimConfig) (length: TimeSpan) : Scenario =
        {
            Nodes = nodes
            Config = config
            Beginning = Joining
            Quality = Quality.perfect
            Actions = []
            Length = length
        }

    /// The same scenario with these actions.
    let withActions (actions: (TimeSpan * ScenarioAction) list) (scenario: Scenario) : Scenario =
        { scenario with Actions = List.sortBy fst actions }

    /// What is wrong with a scenario, in words; empty if it can be run.
    let faults (scenario: Scenario) : string list =
        let isMember node = node >= 1 && node <= scenario.Nodes

        [
            if scenario.Nodes < 1 || scenario.Nodes > 65_000 then
                "nodes must be from 1 to 65000"
            if scenario.Length <= TimeSpan.Zero || scenario.Length > TimeSpan.FromDays 30.0 then
                "the length must be more than zero and at most 30 days"
            for fault in scenario.Config.Faults() do
                $"{fault.Field} {fault.Bound}"
            match scenario.Beginning with
            | JoiningWithin most when most < TimeSpan.Zero || most > scenario.Length ->
                $"members must start within the scenario's {scenario.Length}"
            | _ -> ()
            for time, action in scenario.Actions do
                if time < TimeSpan.Zero || time > scenario.Length then
                    $"{action} is not within the scenario's {scenario.Length}"

                for node in ScenarioAction.nodesOf action do
                    if not (isMember node) then
                        $"{action} names member {node}, but members are 1 to {scenario.Nodes}"
        ]
