namespace Swim.Cli.Replay

open System
open System.Globalization
open System.IO
open Swim
open Swim.Cli
open Swim.Core
open Swim.Recording

/// Writes a replay as a case for the suite: the recorded inputs, with the effects that this version of the core
/// computes. A later change of the core that changes any of these steps fails the case.
[<Sealed>]
type RecordedCase(path: string) =

    let mutable writer: RecordingWriter<NodeIdentity> option = None
    let mutable entries = 0L

    let fail (error: exn) : 'T = Fail.runtime $"the case cannot be written to {path}: {error.Message}"

    let guard (write: unit -> unit) =
        try
            write ()
        with
        | :? IOException
        | :? UnauthorizedAccessException as error -> fail error

    let writerFor (replay: CheckedReplay) =
        match writer with
        | Some writer -> writer
        | None ->
            let startedAt = replay.Header |> Option.map _.StartedAt |> Option.defaultValue 0L

            let sink = new BufferedStream(RecordingWriter<NodeIdentity>.CreateFile path, 1 <<< 20)

            let made =
                new RecordingWriter<NodeIdentity>(
                    sink,
                    NodeIdentityCodec.Instance,
                    RecordingOptions(StartedAt = startedAt)
                )

            writer <- Some made
            made

    /// The event with a new key: the replay has consumed the recorded answers of the old one.
    let withFreshKey (event: Event<NodeIdentity>) =
        match event with
        | BroadcastAccepted((:? RecordedKey as key), payload) ->
            BroadcastAccepted(RecordedKey key.Answers, payload)
        | other -> other

    /// Adds an entry that was just replayed.
    member _.Write(replay: CheckedReplay, replayed: ReplayedEntry) : unit =
        guard (fun () ->
            let writer = writerFor replay
            let entry = replayed.Entry
            let number = entry.Member
            let time = entry.Microseconds
            entries <- entries + 1L

            match entry, replayed.Step with
            | :? MemberStarted<NodeIdentity> as started, _ ->
                writer.MemberStarted(number, time, started.Identity, started.RandomSeed, started.Config)
            | :? MemberCheckpoint<NodeIdentity> as checkpoint, _ ->
                writer.Checkpoint(number, time, checkpoint.Config, replay.StateOf number)
            | :? ConfigChanged<NodeIdentity> as changed, _ ->
                writer.ConfigChanged(number, time, changed.Config)
            | :? MemberStopped<NodeIdentity>, _ -> writer.MemberStopped(number, time)
            | _, Some step ->
                let event = withFreshKey step.Entry.Event
                writer.Stepped(number, time, step.Before, event, step.Answers, step.After, step.Effects)
            | other, None -> Fail.runtime $"a case cannot contain {other}")

    /// Ends the file.
    member _.Close() : unit = guard (fun () -> writer |> Option.iter _.Dispose())

    /// What was written, in one line.
    member _.Summary =
        let count = entries.ToString("N0", CultureInfo.InvariantCulture)

        if writer.IsNone then
            "nothing can be replayed, so no case was written"
        else
            $"wrote {count} entries to {path}; the suite replays all of spec/vectors/recordings"
