namespace Swim.Conformance

open Swim
open Swim.Core

/// What came of a step, in the words of the model, and what the model leaves to a timer or a token.
type Outcome =
    {
        State: ModelState
        Out: Set<ModelPacket>
        Notes: ModelNote list
        /// Whether the timers of a life were made void (R4.5).
        NewToken: bool
        /// Whether the next probe period was asked for, with a token that counts.
        Probes: bool
        /// Whether a timer announces to Down members (R12.3).
        AnnouncesToDown: bool
        /// How many tombstones got a timer (R12.7).
        TombstoneTimers: int
        Reports: SwimError list
    }

/// Comparing outcomes.
[<RequireQualifiedAccess>]
module Outcome =

    let private different name expected actual =
        if expected = actual then
            []
        else
            [ $"{name}: the model says {expected}, the core {actual}" ]

    let private differentMaps name (expected: Map<int, 'T>) (actual: Map<int, 'T>) =
        let at address map =
            match Map.tryFind address map with
            | Some value -> string value
            | None -> "nothing"

        Seq.append expected.Keys actual.Keys
        |> Seq.distinct
        |> Seq.sort
        |> Seq.collect (fun address ->
            different $"{name}[{address}]" (at address expected) (at address actual))
        |> List.ofSeq

    let private differentSets name (write: 'T -> string) (expected: Set<'T>) (actual: Set<'T>) =
        [
            for missing in expected - actual -> $"{name}: the core lacks {write missing}"
            for extra in actual - expected -> $"{name}: the core has {write extra} too"
        ]

    let private writeRecords (records: ModelRecords) =
        let each = records |> Map.toSeq |> Seq.map (fun (address, record) -> $"{address}: {record}")
        String.concat ", " each

    let private writePacket (packet: ModelPacket) =
        let from = $"{packet.Kind} from {packet.Source} with {packet.SourceIncarnation}"
        $"{from} to {packet.Destination} [{writeRecords packet.Updates}]"

    let private differentStates (expected: ModelState) (actual: ModelState) =
        different "id" expected.Id actual.Id
        @ different "inc" expected.Inc actual.Inc
        @ different "conn" expected.Conn actual.Conn
        @ different "left" expected.Left actual.Left
        @ different "await" expected.Await actual.Await
        @ differentMaps "mem" expected.Mem actual.Mem
        @ differentMaps "tomb" expected.Tomb actual.Tomb
        @ differentMaps "up" expected.Up actual.Up
        @ differentSets "susp" string expected.Susp actual.Susp
        @ differentSets "rem" string expected.Rem actual.Rem

    /// Every field in which the two differ; none if they are the same.
    let differences (expected: Outcome) (actual: Outcome) : string list =
        differentStates expected.State actual.State
        @ differentSets "out" writePacket expected.Out actual.Out
        @ different "notes" expected.Notes actual.Notes
        @ different "new token" expected.NewToken actual.NewToken
        @ different "probe timer" expected.Probes actual.Probes
        @ different "announces to Down" expected.AnnouncesToDown actual.AnnouncesToDown
        @ different "tombstone timers" expected.TombstoneTimers actual.TombstoneTimers
        @ different "reports" expected.Reports actual.Reports
