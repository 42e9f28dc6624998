namespace Swim.Simulation

open System.Collections.Generic

/// How an experiment is run.
[<NoComparison; NoEquality>]
type ExperimentOptions =
    {
        /// Which part of all runs is made, in parts per million. Drawn from the random seed; a larger part
        /// includes every smaller one.
        PartsPerMillion: int
        /// How many runs of each kind there are; if none, the number that the experiment sets.
        Runs: int option
        /// The source of all randomness.
        RandomSeed: uint64
        /// The number of threads. It does not change the tables.
        Threads: int
        /// A file to which each finished run is appended as a line. Runs that the file already has are not
        /// made again.
        Record: string option
        /// Called with the number of finished runs and the number of all runs, by one thread at a time.
        Progress: int -> int -> unit
    }

[<RequireQualifiedAccess>]
module CaseRunner =

    /// The whole experiment with random seed 1, on one thread, without a file.
    let options: ExperimentOptions =
        {
            PartsPerMillion = 1_000_000
            Runs = None
            RandomSeed = 1UL
            Threads = 1
            Record = None
            Progress = fun _ _ -> ()
        }

    /// Runs the chosen part of some cases: each case and its outcome, in the order of the cases.
    let cases (options: ExperimentOptions) (all: Case[]) : (Case * Outcome)[] =
        let chosen = Case.part options.PartsPerMillion all

        let known =
            match options.Record with
            | Some path -> OutcomeFile.read path
            | None -> Dictionary()

        let isKnown (case: Case) = known.ContainsKey(struct (case.Key, case.RandomSeed))
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
                |> Array.map (fun case -> fun () -> case.Run case.RandomSeed)
                |> Measure.inParallel options.Threads finish

            for case, outcome in Array.zip missing made do
                known[struct (case.Key, case.RandomSeed)] <- outcome
        finally
            writer |> Option.iter _.Dispose()

        chosen |> Array.map (fun case -> case, known[struct (case.Key, case.RandomSeed)])
