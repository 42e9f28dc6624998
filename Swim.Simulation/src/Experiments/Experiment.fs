namespace Swim.Simulation

/// A named experiment.
[<NoComparison; NoEquality>]
type Experiment =
    {
        Name: string
        /// What it shows, in a line.
        About: string
        /// How many runs of each kind it has unless the caller says otherwise.
        Runs: int
        /// All runs, given the random seed and the number of runs of each kind.
        Cases: uint64 -> int -> Case[]
        /// The tables of the outcomes of some or all runs.
        Tables: (Case * Outcome)[] -> Table list
    }

/// The papers, reproduced.
[<RequireQualifiedAccess>]
module Experiment =

    let private swimPaper =
        {
            Name = "swim-paper"
            About = "SWIM (DSN 2002), section 5: detection, load, dissemination and suspicion by group size"
            Runs = 500
            Cases = SwimPaper.cases
            Tables = SwimPaper.tables
        }

    let private lifeguard =
        {
            Name = "lifeguard"
            About = "Lifeguard (DSN 2018), section 5: false positives while members are slow"
            Runs = Lifeguard.Repetitions
            Cases = Lifeguard.cases
            Tables = Lifeguard.tables
        }

    /// All experiments.
    let all: Experiment list = [ swimPaper; lifeguard ]

    /// The experiment of that name, if any.
    let tryFind (name: string) : Experiment option = all |> List.tryFind (fun one -> one.Name = name)

    /// Runs an experiment, or a part of it. The same options give the same tables on every machine, with any
    /// number of threads.
    let run (options: ExperimentOptions) (experiment: Experiment) : Table list =
        let runs = defaultArg options.Runs experiment.Runs
        experiment.Cases options.RandomSeed runs |> CaseRunner.cases options |> experiment.Tables
