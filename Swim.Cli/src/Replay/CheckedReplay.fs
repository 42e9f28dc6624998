namespace Swim.Cli

open System
open System.Collections.Generic
open System.IO
open Swim
open Swim.Core

/// A member of a recording.
type ReplayMember =
    {
        Number: int
        /// The first that it had, and the last.
        First: NodeIdentity
        Last: NodeIdentity
        /// How often it started.
        Starts: int
        Steps: int64
    }

/// One entry of a recording, and what came of taking it again.
[<NoEquality; NoComparison>]
type ReplayEntry =
    {
        Entry: RecordingEntry<NodeIdentity>
        /// Who the member was when it happened; none if it had not started.
        Identity: NodeIdentity option
        /// The step that was taken again, if it is one.
        Step: ReplayedStep<NodeIdentity> option
        /// The invariants that the step breaks.
        Broken: string list
    }

/// Takes a recording again, entry by entry, and checks all of it: to its end, or to the entry with that number.
[<Sealed>]
type ReplayReading(path: string, last: int64 option) =

    let source =
        try
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite ||| FileShare.Delete)
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException ->
            Fail.usage $"there is no file {path}; type swim replay with a recording that is there"
        | :? UnauthorizedAccessException
        | :? IOException as error -> Fail.usage $"{path} cannot be read: {error.Message}"

    let name = Path.GetFileName path |> Option.ofObj |> Option.defaultValue path

    let reader = new RecordingReader<NodeIdentity>(source, NodeIdentityCodec.Instance, name)

    let identities = IdentityOperations<NodeIdentity>.Instance
    let replay = RecordingReplay<NodeIdentity>(identities, NodeIdentityCodec.Instance)
    let histories = Dictionary<int, History<NodeIdentity>>()
    let members = SortedDictionary<int, ReplayMember>()
    let differences = List<string>()
    let broken = List<string>()
    let mutable fault: string option = None
    let mutable steps = 0L
    let mutable from = -1L
    let mutable until = 0L
    let mutable goesOn = false

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
            Invariant.broken
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

    /// A state on its own keeps the invariants as it would after a step that changed nothing.
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
                goesOn <- goesOn || entry.Number = 1L
                checkState entry
            | _, Some step -> checkStep step
            | _ -> []

        let identity =
            match members.TryGetValue entry.Member with
            | true, known -> Some known.Last
            | _ -> None

        { Entry = entry; Identity = identity; Step = step; Broken = names }

    member _.Name = name

    /// What the recording says of itself, if that much can be read.
    member _.Header = Option.ofObj reader.Header

    /// The next entry, taken again; none at the end, whether good or bad.
    member _.Next() : ReplayEntry option =
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
                    fault <- Some $"{name} makes no sense at entry {entry.Number}: {error.Message}"
                    None
        else
            None

    /// What a member knows after the last entry about it.
    member _.StateOf(number: int) : State<NodeIdentity> = replay.StateOf number

    /// Whether it begins with a checkpoint: it is the later part of a recording.
    member _.GoesOn = goesOn

    /// The file that holds the part before this one, if it is where a node puts it.
    member _.PartBefore: string option =
        let path = path + ".1"
        if goesOn && File.Exists path then Some path else None

    /// Why the recording ends before its end, if it does.
    member _.Damage: string option =
        match fault with
        | Some _ -> fault
        | None -> reader.Damage |> Option.ofObj |> Option.map _.Message

    /// How many entries were good.
    member _.Entries = reader.GoodEntries

    member _.Steps = steps

    /// All members so far, by number.
    member _.Members = members.Values :> seq<ReplayMember>

    /// From the first entry to the last.
    member _.Span = TimeSpan.FromMicroseconds(float (until - max 0L from))

    /// How steps differ from what was recorded, in lines.
    member _.Differences = differences :> IReadOnlyList<string>

    /// Which invariants were broken, in lines.
    member _.Broken = broken :> IReadOnlyList<string>

    /// How much of the file was read, from 0 to 1.
    member _.Part = float source.Position / float (max 1L source.Length)

    /// Whether all so far is as it should be.
    member reading.IsGood = differences.Count = 0 && broken.Count = 0 && reading.Damage.IsNone

    interface IDisposable with
        member _.Dispose() = reader.Dispose()
