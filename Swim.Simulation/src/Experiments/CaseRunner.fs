namespace Swim.Simulation

open System.Collections.Generic

/// How an experiment is made.
[<NoComparison; NoEquality>]
type ExperimentOptions =
    {
        /// Which part of all runs is made, in parts per million. By lot, the same for the same seed; a
        /// larger part holds every smaller one.
        PartsPerMillion: int
        /// How many runs of each kind there are, or as many as the experiment has of itself.
        Runs: int option
        /// All that is random comes from it.
        Seed: uint64
        /// On how many threads. The tables are the same on one and on many.
        Threads: int
        /// A file to which each run is added as a line when it is done. Runs that it has already are not
        /// made again.
        Record: string option
        /// Is told how many runs are done, and of how many. By one thread at a time.
        Progress: int -> int -> unit
    }

[<RequireQualifiedAccess>]
module CaseRunner =

    /// The whole experiment, seed 1, one thread, nothing written.
    let options: ExperimentOptions =
        {
            PartsPerMillion = 1_000_000
            Runs = None
            Seed = 1UL
            Threads = 1
            Record = None
            Progress = fun _ _ -> ()
        }

    /// Makes the chosen part of some cases: the case and its outcome, in the order of the cases.
    let cases (options: ExperimentOptions) (all: Case[]) : (Case * Outcome)[] =
        let chosen = Case.part options.PartsPerMillion all

        let known =
            match options.Record with
            | Some path -> OutcomeFile.read path
            | None -> Dictionary()

        let isKnown (case: Case) = known.ContainsKey(struct (case.Key, case.Seed))
        let missing = chosen |> Array.filter (isKnown >> not)
        let writer = options.Record |> Option.map OutcomeFile.append
        let mutable finished = chosen.Length - missing.Length

        let finish index outcome =
            writer |> Option.iter _.WriteLine(OutcomeFile.line missing[index] outcome)
            finished <- finished + 1
            options.Progress finished chosen.Length

        try
            options.Progress finished chosen.Length

            let made =
                missing
                |> Array.map (fun case -> fun () -> case.Run case.Seed)
                |> Measure.inParallel options.Threads finish

            for case, outcome in Array.zip missing made do
                known[struct (case.Key, case.Seed)] <- outcome
        finally
            writer |> Option.iter _.Dispose()

        chosen |> Array.map (fun case -> case, known[struct (case.Key, case.Seed)])
