namespace Swim.Cli

open System
open System.Globalization
open System.IO
open Swim
open Swim.Core

/// Writes what was replayed as a case for the suite: the same events, and what the core of today makes of them. A
/// change of the core that changes any step of it fails the case.
[<Sealed>]
type ReplayTest(path: string) =

    let mutable writer: RecordingWriter<NodeIdentity> option = None
    let mutable entries = 0L

    let fail (error: exn) : 'T = Fail.runtime $"the test cannot be written to {path}: {error.Message}"

    let guard (write: unit -> unit) =
        try
            write ()
        with
        | :? IOException
        | :? UnauthorizedAccessException as error -> fail error

    let writerFor (reading: ReplayReading) =
        match writer with
        | Some writer -> writer
        | None ->
            let startedAt = reading.Header |> Option.map _.StartedAt |> Option.defaultValue 0L

            let sink = new BufferedStream(RecordingWriter<NodeIdentity>.CreateFile path, 1 <<< 20)

            let made =
                new RecordingWriter<NodeIdentity>(
                    sink,
                    NodeIdentityCodec.Instance,
                    RecordingOptions(StartedAt = startedAt)
                )

            writer <- Some made
            made

    /// The event, with a key that answers from the beginning.
    let unasked (event: Event<NodeIdentity>) =
        match event with
        | BroadcastAccepted((:? RecordedKey as key), payload) ->
            BroadcastAccepted(RecordedKey key.Answers, payload)
        | other -> other

    /// Adds an entry that was just taken again.
    member _.Write(reading: ReplayReading, replayed: ReplayEntry) : unit =
        guard (fun () ->
            let writer = writerFor reading
            let entry = replayed.Entry
            let number = entry.Member
            let time = entry.Microseconds
            entries <- entries + 1L

            match entry, replayed.Step with
            | :? MemberStarted<NodeIdentity> as started, _ ->
                writer.MemberStarted(number, time, started.Identity, started.Seed, started.Config)
            | :? MemberCheckpoint<NodeIdentity> as checkpoint, _ ->
                writer.Checkpoint(number, time, checkpoint.Config, reading.StateOf number)
            | :? ConfigChanged<NodeIdentity> as changed, _ ->
                writer.ConfigChanged(number, time, changed.Config)
            | :? MemberStopped<NodeIdentity>, _ -> writer.MemberStopped(number, time)
            | _, Some step ->
                let event = unasked step.Entry.Event
                writer.Stepped(number, time, step.Before, event, step.Answers, step.After, step.Effects)
            | other, None -> Fail.runtime $"a test cannot have {other}")

    /// Ends the file.
    member _.Close() : unit = guard (fun () -> writer |> Option.iter _.Dispose())

    /// What was written, in one line.
    member _.Told =
        let count = entries.ToString("N0", CultureInfo.InvariantCulture)

        if writer.IsNone then
            "nothing can be replayed, so there is no test"
        else
            $"wrote {count} entries to {path}; the suite replays all that is in spec/vectors/recordings"
