namespace Swim.Cli

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open Swim
open Swim.Core

/// How entries of a recording are shown.
[<RequireQualifiedAccess>]
module ReplayTimeline =

    let private time (entry: RecordingEntry<NodeIdentity>) =
        let seconds = decimal entry.Microseconds / 1_000_000m
        seconds.ToString("0.000000", CultureInfo.InvariantCulture)

    /// What happened, in a few words.
    let private what (entry: RecordingEntry<NodeIdentity>) =
        match entry with
        | :? MemberStarted<NodeIdentity> as started ->
            $"started as {started.Identity} with seed {started.Seed}"
        | :? MemberCheckpoint<NodeIdentity> as checkpoint ->
            $"goes on from a checkpoint as {checkpoint.Identity}, which knows {checkpoint.KnownMembers} others"
        | :? StepTaken<NodeIdentity> as taken -> ReplayWords.event taken.Event
        | :? ConfigChanged<NodeIdentity> -> "goes on with another configuration"
        | :? MemberStopped<NodeIdentity> -> "stopped"
        | other -> string other

    let private effects (replayed: ReplayEntry) =
        match replayed.Step with
        | Some step -> step.Effects |> Seq.map ReplayWords.effect |> List.ofSeq
        | None -> []

    let private changes (replayed: ReplayEntry) =
        match replayed.Step with
        | Some step -> ReplayView.changes step.Before step.After
        | None -> []

    let private difference (replayed: ReplayEntry) =
        replayed.Step |> Option.bind (fun step -> Option.ofObj step.Difference)

    /// An entry in lines: when and what, then what the member did, and what changed in its view.
    let lines (replayed: ReplayEntry) : string list =
        let entry = replayed.Entry

        [
            $"{time entry} s  member {entry.Member}, entry {entry.Number}: {what entry}"

            for effect in effects replayed do
                $"    > {effect}"

            for change in changes replayed do
                $"    * {change}"

            for difference in Option.toList (difference replayed) do
                $"    ! not as recorded: {difference}"

            for invariant in replayed.Broken do
                $"    ! breaks {invariant}"
        ]

    /// The view that the member has after an entry, in lines.
    let view (replayed: ReplayEntry) : string list =
        match replayed.Step with
        | Some step -> ReplayView.lines step.After |> List.map (fun line -> $"    | {line}")
        | None -> []

    /// An entry as one JSON object in one line.
    let json (replayed: ReplayEntry) : string =
        use buffer = new MemoryStream()

        using (new Utf8JsonWriter(buffer)) (fun writer ->
            let strings (name: string) (values: string list) =
                writer.WriteStartArray name
                values |> List.iter writer.WriteStringValue
                writer.WriteEndArray()

            writer.WriteStartObject()
            writer.WriteNumber("entry", replayed.Entry.Number)
            writer.WriteNumber("at_us", replayed.Entry.Microseconds)
            writer.WriteNumber("member", replayed.Entry.Member)
            writer.WriteString("identity", replayed.Identity |> Option.map string |> Option.toObj)
            writer.WriteString("event", what replayed.Entry)
            strings "effects" (effects replayed)
            strings "changes" (changes replayed)
            writer.WriteString("difference", Option.toObj (difference replayed))
            strings "broken" replayed.Broken
            writer.WriteEndObject())

        Encoding.UTF8.GetString(buffer.ToArray())
