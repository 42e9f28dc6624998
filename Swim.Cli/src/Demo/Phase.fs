namespace Swim.Cli

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// A phase did not come to its end in time: what it waited for, and what each node still believed.
exception PhaseFailed of reasons: string list

/// Something that is to become true at each of several nodes.
type Phase =
    {
        /// What is to happen, for when it does not.
        Goal: string
        Observers: DemoNode list
        /// Whether it is true for an observer.
        Holds: DemoNode -> bool
        /// What an observer believes in the place of that, in words.
        Missing: DemoNode -> string
    }

/// When a phase reached its goal.
type PhaseTiming =
    {
        /// From its cause to the first observer for which it was true.
        First: TimeSpan
        /// From its cause to when it was true for all.
        All: TimeSpan
        /// The same as a time of the cluster.
        Reached: TimeSpan
    }

/// Awaiting phases.
[<RequireQualifiedAccess>]
module Phase =

    /// Far more than any phase takes on a slow machine.
    let private deadline = TimeSpan.FromSeconds 15.0

    let private fail phase =
        let late = phase.Observers |> List.filter (fun observer -> not (phase.Holds observer))

        PhaseFailed(
            $"not within {deadline.TotalSeconds:F0} s: {phase.Goal}; by now:"
            :: List.map phase.Missing late
        )
        |> raise

    /// Follows the cluster until all observers agree, and gives `tell` every sighting on the way.
    let awaitAsync
        (cluster: DemoCluster)
        (tell: Sighting -> unit)
        (cancellation: CancellationToken)
        (cause: TimeSpan)
        (phase: Phase)
        : Task<PhaseTiming> =
        task {
            use stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
            stop.CancelAfter deadline

            let agreeing = HashSet(List.filter phase.Holds phase.Observers, HashIdentity.Reference)
            let mutable first = None
            // If all agree already, they do so from now on at the latest.
            let mutable last = cluster.Elapsed

            try
                while agreeing.Count < phase.Observers.Length do
                    let! sighting = cluster.NextAsync stop.Token
                    let observer = sighting.Observer
                    tell sighting

                    if List.contains observer phase.Observers then
                        if not (phase.Holds observer) then
                            agreeing.Remove observer |> ignore
                        elif agreeing.Add observer then
                            first <- Some(Option.defaultValue sighting.SeenAt first)
                            last <- sighting.SeenAt
            with :? OperationCanceledException when not cancellation.IsCancellationRequested ->
                fail phase

            return
                {
                    First = Option.defaultValue last first - cause
                    All = last - cause
                    Reached = last
                }
        }
