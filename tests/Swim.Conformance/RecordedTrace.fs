/// What live nodes recorded, as traces: each recording is replayed through the core, which has to give the same
/// effects again, and what it did is written in the words of the model.
module Swim.Conformance.RecordedTrace

open System
open System.IO
open Swim
open Swim.Recording

/// The extension of recordings.
let extension = ".swimrec"

let private entriesOf (path: string) =
    use reader = RecordingReader<NodeIdentity>.Open(path, NodeIdentityCodec.Instance)
    let entries = List.ofSeq (reader.ReadAll())

    // The recording of a killed process may end in the middle of an entry.
    match reader.Damage with
    | null -> ()
    | damage when damage.Message.EndsWith("cut off", StringComparison.Ordinal) -> ()
    | damage -> failwith damage.Message

    entries

/// Generations are the time in microseconds: the model gets what is beyond the first of them.
let private firstGeneration (recordings: RecordingEntry<NodeIdentity> list list) =
    recordings
    |> Seq.concat
    |> Seq.choose (function
        | :? MemberStarted<NodeIdentity> as started -> Some started.Identity.Generation
        | _ -> None)
    |> Seq.min

let private nameFrom (first: uint64) (identity: NodeIdentity) : ModelId =
    {
        Address = identity.Port
        Generation =
            if identity.Generation = 0UL then
                0
            else
                Checked.int (identity.Generation - first + 1UL)
    }

/// Writes the trace of one recording; how many lines it has.
let private write (first: uint64) (entries: RecordingEntry<NodeIdentity> list) (output: Stream) : int =
    let replay =
        RecordingReplay<NodeIdentity>(IdentityOperations<NodeIdentity>.Instance, NodeIdentityCodec.Instance)

    let writer = TraceWriter<NodeIdentity>(output, nameFrom first)

    for entry in entries do
        let step = replay.Apply entry

        match entry, step with
        | :? MemberCheckpoint<NodeIdentity>, _ ->
            failwith "a recording that begins with a checkpoint has no beginning that the model could follow"
        | :? MemberStarted<NodeIdentity>, _ -> writer.Started(replay.StateOf entry.Member, true)
        | _, null -> ()
        | _, step ->
            match step.Difference with
            | null -> ()
            | difference -> failwith difference

            writer.Stepped(step.Rules, step.Before, step.Entry.Event, step.Effects, step.After)

    writer.Lines

/// Writes a trace for each recording in a folder. The members of one folder are of one cluster.
let writeAll (recordings: string) (folder: string) : unit =
    Directory.CreateDirectory folder |> ignore

    let files = Directory.GetFiles(recordings, "*" + extension) |> Seq.sort |> List.ofSeq

    if files.IsEmpty then
        failwith $"there is no recording (*{extension}) in {recordings}"

    let entries = List.map entriesOf files
    let first = firstGeneration entries

    for file, entries in List.zip files entries do
        let name = FileInfo(file).Name.Replace(extension, ".trace.jsonl")
        use output = File.Create(Path.Combine(folder, name))
        printfn "%s: %d lines" name (write first entries output)
