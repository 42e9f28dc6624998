namespace Swim.Simulation

open Swim.Core

/// Counts the steps of one member, folds them into the trace of the run, and tells the observer of the run.
[<Sealed>]
type internal NodeSteps<'Id when 'Id: equality>
    (node: Node<'Id>, timeline: Timeline<'Id>, trace: RunTrace, observer: IRunObserver<'Id>) =

    interface IStepObserver<'Id> with

        member _.Observe rules = rules
        member _.Stepping() = ()

        member _.Stepped(before, event, after, effects) =
            trace.Steps <- trace.Steps + 1L

            trace.Note(
                uint64 timeline.Now
                ^^^ (uint64 node.Number <<< 48)
                ^^^ after.Random.Seed
                ^^^ uint64 effects.Count
            )

            observer.Stepped(timeline.Now, node, before, event, effects)

        member _.RolledBack() = ()
        member _.ConfigChanged _ = observer.Configured(timeline.Now, node)
