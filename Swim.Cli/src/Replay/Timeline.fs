namespace Swim.Cli.Replay

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open Swim
open Swim.Core
open Swim.Recording

/// Replayed entries, as lines and as JSON.
[<RequireQualifiedAccess>]
module Timeline =

    let private time (entry: RecordingEntry<NodeIdentity>) =
        let seconds = decimal entry.Microseconds / 1_000_000m
        seconds.ToString("0.000000", CultureInfo.InvariantCulture)

    /// What the entry says, in a few words.
    let private what (entry: RecordingEntry<NodeIdentity>) =
        match entry with
        | :? MemberStarted<NodeIdentity> as started ->
            $"started as {started.Identity} with random seed {started.RandomSeed}"
        | :? MemberCheckpoint<NodeIdentity> as checkpoint ->
            $"continues from a checkpoint as {checkpoint.Identity}, which knows {checkpoint.KnownMembers} others"
        | :? StepTaken<NodeIdentity> as taken -> StepText.event taken.Event
        | :? ConfigChanged<NodeIdentity> -> "continues with another configuration"
        | :? MemberStopped<NodeIdentity> -> "stopped"
        | other -> string other

    let private effects (replayed: ReplayedEntry) =
        match replayed.Step with
        | Some step -> step.Effects |> Seq.map StepText.effect |> List.ofSeq
        | None -> []

    let private changes (replayed: ReplayedEntry) =
        match replayed.Step with
        | Some step -> ViewText.changes step.Before step.After
        | None -> []

    let private difference (replayed: ReplayedEntry) =
        replayed.Step |> Option.bind (fun step -> Option.ofObj step.Difference)

    /// An entry in lines: time and input, then the effects, and what changed in the view of the member.
    let lines (replayed: ReplayedEntry) : string list =
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

    /// The view of the member after an entry, in lines.
    let view (replayed: ReplayedEntry) : string list =
        match replayed.Step with
        | Some step -> ViewText.lines step.After |> List.map (fun line -> $"    | {line}")
        | None -> []

    /// An entry as one JSON object in one line.
    let json (replayed: ReplayedEntry) : string =
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
