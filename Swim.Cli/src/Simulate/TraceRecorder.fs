namespace Swim.Cli

open System
open System.Collections.Generic
open System.IO
open Swim
open Swim.Core
open Swim.Simulation

/// Takes steps under rules whose answers are heard: a recording has them.
[<Sealed>]
type private HeardStepper(answers: BroadcastAnswers<NodeIdentity>) =
    inherit Stepper<NodeIdentity>()

    // Members share their rules until one goes on with others.
    let heard = Dictionary<Rules<NodeIdentity>, Rules<NodeIdentity>>(HashIdentity.Reference)

    let listenTo rules =
        match heard.TryGetValue rules with
        | true, known -> known
        | _ ->
            let known = answers.ListenTo rules
            heard[rules] <- known
            known

    override _.Invoke(rules, state, event) =
        answers.Clear()
        Protocol.step (listenTo rules) state event

/// Records one run of a simulation, so that `swim replay` can take every step again. What cannot be written
/// is told once the run is over: what the disk does must not change the run.
[<Sealed>]
type SimulateTrace(path: string) =

    let answers = BroadcastAnswers<NodeIdentity>()
    let stepper = HeardStepper answers
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
                // A state that was just made has drawn nothing yet: it has the seed that it was made from.
                let state = node.State
                let seed = state.Random.Seed
                let config = node.Rules.Config

                guard (fun () ->
                    writer.MemberStarted(node.Number, microseconds time, state.Identity, seed, config))

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

            member _.Acted(time, deed) = also |> Option.iter _.Acted(time, deed)
        }

    /// The same run, recorded.
    member _.Attach(options: RunOptions<NodeIdentity>) : RunOptions<NodeIdentity> =
        { options with Stepper = stepper; Observer = Some(record options.Observer) }

    /// Ends the recording; fails if it could not be written.
    member _.Close() : unit =
        guard writer.Dispose

        match error with
        | Some error -> Fail.runtime $"the trace could not be written to {path}: {error.Message}"
        | None -> ()
