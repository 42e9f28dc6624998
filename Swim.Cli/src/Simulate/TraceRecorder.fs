namespace Swim.Cli.Simulate

open System
open System.Collections.Generic
open System.IO
open Swim
open Swim.Cli
open Swim.Simulation
open Swim.Recording

/// Records one run of a simulation, so that `swim replay` can replay every step. An error of the disk is reported
/// once the run is over: it must not change the run.
[<Sealed>]
type TraceRecorder(path: string) =

    let recorders = Dictionary<int, StepRecorder<NodeIdentity>>()
    let mutable error: exn option = None

    let fail (failed: exn) =
        if error.IsNone then
            error <- Some failed

    let sink =
        try
            new BufferedStream(RecordingWriter<NodeIdentity>.CreateFile path, 1 <<< 20)
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            Fail.runtime $"the trace cannot be written to {path}: {error.Message}"

    let writer =
        new RecordingWriter<NodeIdentity>(sink, NodeIdentityCodec.Instance, RecordingOptions())

    let start (node: Node<NodeIdentity>) =
        let recorder =
            StepRecorder<NodeIdentity>(
                writer,
                node.Number,
                (fun () -> node.Now / TimeSpan.TicksPerMicrosecond),
                fail
            )

        // A new state has drawn nothing yet, so its generator still has the random seed that it started from.
        recorder.Start(node.State.Identity, node.State.Random.Seed, node.Rules.Config)
        recorders[node.Number] <- recorder
        node.Driver.Observe recorder

    let record (also: IRunObserver<NodeIdentity> option) =
        { new IRunObserver<NodeIdentity> with
            member _.Started(time, node) =
                start node
                also |> Option.iter _.Started(time, node)

            member _.Stopped(time, node) =
                recorders[node.Number].Stop()
                also |> Option.iter _.Stopped(time, node)

            member _.Stepped(time, node, before, event, effects) =
                also |> Option.iter _.Stepped(time, node, before, event, effects)

            member _.Configured(time, node) = also |> Option.iter _.Configured(time, node)
            member _.Acted(time, action) = also |> Option.iter _.Acted(time, action)
        }

    /// The options for the same run, recorded.
    member _.Attach(options: RunOptions<NodeIdentity>) : RunOptions<NodeIdentity> =
        { options with Observer = Some(record options.Observer) }

    /// Ends the recording; fails with exit code 1 if it could not be written.
    member _.Close() : unit =
        try
            writer.Dispose()
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? RecordingException as failed -> fail failed

        match error with
        | Some error -> Fail.runtime $"the trace could not be written to {path}: {error.Message}"
        | None -> ()
