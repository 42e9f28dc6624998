namespace Swim.Cli.Demo

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

/// A measured value.
type Quantity =
    | Duration of TimeSpan
    | Generation of uint64

/// The outcome of a run of the demo. A measure that was not reached is missing.
type Outcome =
    {
        Nodes: int
        Measured: Map<Measure, Quantity>
        Total: TimeSpan
        /// The goal that was not reached in time, and what each node believed instead; empty after a success.
        Failure: string list
    }

    /// Whether all phases completed.
    member this.Ok = List.isEmpty this.Failure

/// The names of the measures.
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
