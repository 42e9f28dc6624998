namespace Swim.Cli.Simulate

open System
open System.Collections.Generic
open System.IO
open Swim
open Swim.Cli
open Swim.Core
open Swim.Simulation

/// Takes steps under rules that collect the answers of broadcast handlers, because a recording contains them.
[<Sealed>]
type private AnswerCollectingStepper(answers: BroadcastAnswers<NodeIdentity>) =
    inherit Stepper<NodeIdentity>()

    // Members share their rules until one of them is configured anew.
    let collecting = Dictionary<Rules<NodeIdentity>, Rules<NodeIdentity>>(HashIdentity.Reference)

    let listenTo rules =
        match collecting.TryGetValue rules with
        | true, known -> known
        | _ ->
            let known = answers.ListenTo rules
            collecting[rules] <- known
            known

    override _.Invoke(rules, state, event) =
        answers.Clear()
        Protocol.step (listenTo rules) state event

/// Records one run of a simulation, so that `swim replay` can replay every step. An error of the disk is reported
/// once the run is over: it must not change the run.
[<Sealed>]
type TraceRecorder(path: string) =

    let answers = BroadcastAnswers<NodeIdentity>()
    let stepper = AnswerCollectingStepper answers
    let mutable error: exn option = None

    let guard (write: unit -> unit) =
        if error.IsNone then
            try
                write ()
            with
            | :? IOException
            | :? UnauthorizedAccessException
            | :? RecordingException as failed -> error <- Some failed

    let sink =
        try
            new BufferedStream(RecordingWriter<NodeIdentity>.CreateFile path, 1 <<< 20)
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            Fail.runtime $"the trace cannot be written to {path}: {error.Message}"

    let writer =
        new RecordingWriter<NodeIdentity>(sink, NodeIdentityCodec.Instance, RecordingOptions())

    let microseconds (time: int64) = time / TimeSpan.TicksPerMicrosecond

    let record (also: IRunObserver<NodeIdentity> option) =
        { new IRunObserver<NodeIdentity> with
            member _.Started(time, node) =
                // A new state has drawn nothing yet, so its generator still has the random seed that it started from.
                let state = node.State
                let randomSeed = state.Random.Seed
                let config = node.Rules.Config

                guard (fun () ->
                    writer.MemberStarted(node.Number, microseconds time, state.Identity, randomSeed, config))

                also |> Option.iter _.Started(time, node)

            member _.Stopped(time, node) =
                guard (fun () -> writer.MemberStopped(node.Number, microseconds time))
                also |> Option.iter _.Stopped(time, node)

            member _.Stepped(time, node, before, event, effects) =
                let after = node.State
                let now = microseconds time
                guard (fun () -> writer.Stepped(node.Number, now, before, event, answers, after, effects))
                also |> Option.iter _.Stepped(time, node, before, event, effects)

            member _.Configured(time, node) =
                guard (fun () -> writer.ConfigChanged(node.Number, microseconds time, node.Rules.Config))
                also |> Option.iter _.Configured(time, node)

            member _.Acted(time, action) = also |> Option.iter _.Acted(time, action)
        }

    /// The options for the same run, recorded.
    member _.Attach(options: RunOptions<NodeIdentity>) : RunOptions<NodeIdentity> =
        { options with Stepper = stepper; Observer = Some(record options.Observer) }

    /// Ends the recording; fails with exit code 1 if it could not be written.
    member _.Close() : unit =
        guard writer.Dispose

        match error with
        | Some error -> Fail.runtime $"the trace could not be written to {path}: {error.Message}"
        | None -> ()
