namespace Swim.Core.Tests

open System
open Swim
open Swim.Core

/// The scenario of an amendment of R12: a few members, and what happens to them.
[<NoEquality; NoComparison>]
type Scenario =
    {
        /// The number after R12.
        Number: int
        /// What its file is called after.
        Name: string
        /// What would go wrong without the amendment.
        Without: string
        /// What the reader should look for.
        LookFor: string
        Rules: Rules<TestId>
        RandomSeed: uint64
        /// Lets it happen.
        Play: Transcript -> unit
        /// Expects that the amendment decided the outcome.
        Holds: Transcript -> unit
    }

    member scenario.Rule = $"R12.{scenario.Number}"

    /// The file below `spec/amendments` that has the transcript.
    member scenario.File = $"R12.{scenario.Number:D2}-{scenario.Name}.txt"

[<RequireQualifiedAccess>]
module Scenario =

    let private seconds (value: float) = TimeSpan.FromSeconds value

    /// No periodic tasks, and probes so seldom that a scenario has few of them. No two timers of a member are due
    /// at the same moment.
    let config =
        { Given.notifying with
            ProbePeriod = seconds 4.0
            ProbeRtt = seconds 1.0
            SuspectToDownAfter = seconds 3.0
            RemoveDownAfter = seconds 60.0
            MaxTransmissions = 3
        }

    /// As `config`, but no probe comes up within half a minute.
    let withoutProbes = { config with ProbePeriod = seconds 30.0 }

    let suspectToDownAfter value (config: SwimConfig) = { config with SuspectToDownAfter = seconds value }
    let removeDownAfter value (config: SwimConfig) = { config with RemoveDownAfter = seconds value }

    /// Plays it; its transcript.
    let play (scenario: Scenario) : Transcript =
        let transcript = Transcript(scenario.Rules, scenario.RandomSeed)
        scenario.Play transcript
        transcript
