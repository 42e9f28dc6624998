namespace Swim.Cli.Replay

open System
open System.Collections.Generic
open System.IO
open Swim
open Swim.Cli
open Swim.Core
open Swim.Recording

/// A member of a recording.
type ReplayedMember =
    {
        Number: int
        /// Its first identity, and its last.
        First: NodeIdentity
        Last: NodeIdentity
        /// How often it started.
        Starts: int
        Steps: int64
    }

/// One entry of a recording, and the outcome of its replay.
[<NoEquality; NoComparison>]
type ReplayedEntry =
    {
        Entry: RecordingEntry<NodeIdentity>
        /// The identity of the member right after the entry; none if the member had not started.
        Identity: NodeIdentity option
        /// The replayed step, if the entry is one.
        Step: ReplayedStep<NodeIdentity> option
        /// The invariants that the step breaks.
        Broken: string list
    }

/// Replays a recording entry by entry and checks every step, up to its end or up to the entry with the number `last`.
[<Sealed>]
type CheckedReplay(path: string, last: int64 option) =

    let source =
        try
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite ||| FileShare.Delete)
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException ->
            Fail.usage $"there is no file {path}; type swim replay with a recording that exists"
        | :? UnauthorizedAccessException
        | :? IOException as error ->
            Fail.usage
                $"{path} cannot be read ({error.Message.TrimEnd '.'}); type swim replay with a recording that exists"

    let name = Path.GetFileName path |> Option.ofObj |> Option.defaultValue path

    let reader = new RecordingReader<NodeIdentity>(source, NodeIdentityCodec.Instance, name)

    let identities = IdentityOperations<NodeIdentity>.Instance
    let replay = RecordingReplay<NodeIdentity>(identities, NodeIdentityCodec.Instance)
    let histories = Dictionary<int, History<NodeIdentity>>()
    let members = SortedDictionary<int, ReplayedMember>()
    let differences = List<string>()
    let broken = List<string>()
    let mutable fault: string option = None
    let mutable steps = 0L
    let mutable from = -1L
    let mutable until = 0L
    let mutable isContinuation = false

    let appears (number: int) (identity: NodeIdentity) (starts: int) =
        histories[number] <- History identities

        members[number] <-
            match members.TryGetValue number with
            | true, known -> { known with Last = identity; Starts = known.Starts + starts }
            | _ ->
                {
                    Number = number
                    First = identity
                    Last = identity
                    Starts = starts
                    Steps = 0L
                }

    let check (entry: RecordingEntry<NodeIdentity>) rules before event after effects =
        let history = histories[entry.Member]

        let names =
            Checks.broken
                {
                    Rules = rules
                    Before = before
                    Event = event
                    After = after
                    Effects = effects
                    History = history
                }

        for invariant in names do
            broken.Add $"entry {entry.Number}, member {entry.Member}: {invariant}"

        names

    let checkStep (step: ReplayedStep<NodeIdentity>) =
        let entry = step.Entry
        histories[entry.Member].Observe(entry.Event, step.Effects)
        steps <- steps + 1L
        let known = members[entry.Member]
        members[entry.Member] <- { known with Last = step.After.Identity; Steps = known.Steps + 1L }
        step.Difference |> Option.ofObj |> Option.iter differences.Add
        check entry step.Rules step.Before entry.Event step.After step.Effects

    /// A checkpoint is checked like the state after a step that changed nothing.
    let checkState (entry: RecordingEntry<NodeIdentity>) =
        let state = replay.StateOf entry.Member
        histories[entry.Member].Resume state
        check entry (replay.RulesOf entry.Member) state GossipNow state Effects.Empty

    let apply (entry: RecordingEntry<NodeIdentity>) =
        let step = replay.Apply entry |> Option.ofObj

        let names =
            match entry, step with
            | :? MemberStarted<NodeIdentity> as started, _ ->
                appears started.Member started.Identity 1
                []
            | :? MemberCheckpoint<NodeIdentity> as checkpoint, _ ->
                appears checkpoint.Member checkpoint.Identity 0
                isContinuation <- isContinuation || entry.Number = 1L
                checkState entry
            | _, Some step -> checkStep step
            | _ -> []

        let identity =
            match members.TryGetValue entry.Member with
            | true, known -> Some known.Last
            | _ -> None

        { Entry = entry; Identity = identity; Step = step; Broken = names }

    member _.Name = name

    /// The header of the recording, if it can be read.
    member _.Header = Option.ofObj reader.Header

    /// Replays the next entry; none at the end of the recording, or of its undamaged part.
    member _.Next() : ReplayedEntry option =
        let mutable entry = null

        let isOver = last |> Option.exists (fun last -> reader.GoodEntries >= last)

        if not isOver && fault.IsNone && reader.TryRead &entry then
            match entry with
            | null -> None
            | entry ->
                if from < 0L then
                    from <- entry.Microseconds

                until <- entry.Microseconds

                try
                    Some(apply entry)
                with :? RecordingException as error ->
                    fault <- Some $"{name} is inconsistent at entry {entry.Number}: {error.Message}"
                    None
        else
            None

    /// The state of a member after its last entry so far.
    member _.StateOf(number: int) : State<NodeIdentity> = replay.StateOf number

    /// Whether it begins with a checkpoint: it continues an earlier part.
    member _.IsContinuation = isContinuation

    /// The file with the earlier part, if it is where a node puts it.
    member _.EarlierPart: string option =
        let path = path + ".1"
        if isContinuation && File.Exists path then Some path else None

    /// Why the replay stopped before the end of the recording, if it did.
    member _.Damage: string option =
        match fault with
        | Some _ -> fault
        | None -> reader.Damage |> Option.ofObj |> Option.map _.Message

    /// How many entries were undamaged.
    member _.Entries = reader.GoodEntries

    member _.Steps = steps

    /// All members so far, ordered by number.
    member _.Members = members.Values :> seq<ReplayedMember>

    /// The time from the first entry to the last.
    member _.Span = TimeSpan.FromMicroseconds(float (until - max 0L from))

    /// How steps differ from the recorded ones, in lines.
    member _.Differences = differences :> IReadOnlyList<string>

    /// The invariants that steps broke, in lines.
    member _.Broken = broken :> IReadOnlyList<string>

    /// The part of the file that was read, from 0 to 1.
    member _.Part = float source.Position / float (max 1L source.Length)

    /// Whether every step so far is as recorded, no invariant is broken and the file is undamaged.
    member replay.IsGood = differences.Count = 0 && broken.Count = 0 && replay.Damage.IsNone

    interface IDisposable with
        member _.Dispose() = reader.Dispose()
