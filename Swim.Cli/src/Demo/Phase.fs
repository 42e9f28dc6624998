namespace Swim.Cli.Demo

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// A phase did not reach its goal in time: the goal, and what each node believed instead.
exception PhaseFailed of reasons: string list

/// A condition that is to become true at each of several nodes.
type Phase =
    {
        /// The condition in words, for the report of a failure.
        Goal: string
        Observers: Place list
        /// Whether the condition is true for an observer.
        Holds: Place -> bool
        /// What an observer believes instead, in words.
        Missing: Place -> string
    }

/// When a phase reached its goal.
type PhaseTiming =
    {
        /// From its cause to the first observer for which the goal was true.
        First: TimeSpan
        /// From its cause to the time when the goal was true for all observers.
        All: TimeSpan
        /// The same point as a time of the cluster.
        Reached: TimeSpan
    }

/// Waits for phases.
[<RequireQualifiedAccess>]
module Phase =

    /// Far longer than any phase takes on a slow machine.
    let private deadline = TimeSpan.FromSeconds 15.0

    let private fail phase =
        let late = phase.Observers |> List.filter (fun observer -> not (phase.Holds observer))

        PhaseFailed(
            $"not within {deadline.TotalSeconds:F0} s: {phase.Goal}; by now:"
            :: List.map phase.Missing late
        )
        |> raise

    /// Reads the events of the cluster until the goal is true for all observers, and passes each event to `show`.
    let awaitAsync
        (cluster: Cluster)
        (show: ObservedEvent -> unit)
        (cancellation: CancellationToken)
        (cause: TimeSpan)
        (phase: Phase)
        : Task<PhaseTiming> =
        task {
            use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
            stop.CancelAfter deadline

            let agreeing = HashSet(List.filter phase.Holds phase.Observers, HashIdentity.Reference)
            let mutable first = None
            // If the goal is true for all observers already, it was reached at this time at the latest.
            let mutable last = cluster.Elapsed

            try
                while agreeing.Count < phase.Observers.Length do
                    let! observed = cluster.NextAsync stop.Token
                    let observer = observed.Observer
                    show observed

                    if List.contains observer phase.Observers then
                        if not (phase.Holds observer) then
                            agreeing.Remove observer |> ignore
                        elif agreeing.Add observer then
                            first <- Some(Option.defaultValue observed.At first)
                            last <- observed.At
            with :? OperationCanceledException when not cancellation.IsCancellationRequested ->
                fail phase

            return
                {
                    First = Option.defaultValue last first - cause
                    All = last - cause
                    Reached = last
                }
        }
