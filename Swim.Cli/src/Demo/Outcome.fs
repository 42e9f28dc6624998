namespace Swim.Cli

open System

/// What the demo measures, in the order in which it happens.
type Measure =
    | AllJoined
    | KilledDetectedFirst
    | KilledDetectedAll
    | KilledRejoined
    | LeftSeenAll
    | LeftRejoined
    | CutOffDetectedAll
    | HealedBackAll
    | HealedGenerationOld
    | HealedGenerationNew
    | HealedAllAgree

/// How much it was.
type Quantity =
    | Duration of TimeSpan
    | Generation of uint64

/// What became of a run of the demo. What was not reached is missing from what was measured.
type DemoOutcome =
    {
        Nodes: int
        Measured: Map<Measure, Quantity>
        Total: TimeSpan
        /// What did not happen in time, and which node still believed what.
        Failure: string list
    }

    /// Whether all of it happened.
    member this.Ok = List.isEmpty this.Failure

/// The names of what is measured.
[<RequireQualifiedAccess>]
module Measure =

    /// All measures, in order.
    let all =
        [
            AllJoined
            KilledDetectedFirst
            KilledDetectedAll
            KilledRejoined
            LeftSeenAll
            LeftRejoined
            CutOffDetectedAll
            HealedBackAll
            HealedGenerationOld
            HealedGenerationNew
            HealedAllAgree
        ]

    /// The name in JSON, unit included.
    let key measure : string =
        match measure with
        | AllJoined -> "joined_all_ms"
        | KilledDetectedFirst -> "killed_detected_first_ms"
        | KilledDetectedAll -> "killed_detected_all_ms"
        | KilledRejoined -> "killed_rejoined_all_ms"
        | LeftSeenAll -> "left_seen_all_ms"
        | LeftRejoined -> "left_rejoined_all_ms"
        | CutOffDetectedAll -> "cut_off_detected_all_ms"
        | HealedBackAll -> "healed_back_all_ms"
        | HealedGenerationOld -> "healed_generation_old"
        | HealedGenerationNew -> "healed_generation_new"
        | HealedAllAgree -> "healed_all_agree_ms"

    /// The name in words.
    let label measure : string =
        match measure with
        | AllJoined -> "all joined"
        | KilledDetectedFirst -> "killed: first detection"
        | KilledDetectedAll -> "killed: detected by all others"
        | KilledRejoined -> "killed: restarted and back at all others"
        | LeftSeenAll -> "left: seen by all others"
        | LeftRejoined -> "left: restarted and back at all others"
        | CutOffDetectedAll -> "cut off: declared down by all others"
        | HealedBackAll -> "healed: back at all others, identity renewed"
        | HealedGenerationOld -> "healed: generation before"
        | HealedGenerationNew -> "healed: generation after"
        | HealedAllAgree -> "healed: every node sees all others again"
