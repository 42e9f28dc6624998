namespace Swim.Simulation

/// A named experiment.
[<NoComparison; NoEquality>]
type Experiment =
    {
        Name: string
        /// What it shows, in a line.
        About: string
        /// How many runs of each kind it has of itself.
        Runs: int
        /// Every run that it has.
        Cases: uint64 -> int -> Case[]
        /// What came of some of its runs.
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

    /// All that there are.
    let all: Experiment list = [ swimPaper; lifeguard ]

    /// The one of that name.
    let tryFind (name: string) : Experiment option = all |> List.tryFind (fun one -> one.Name = name)

    /// Makes an experiment, or a part of it. The same options give the same tables on every machine,
    /// whatever the number of threads.
    let run (options: ExperimentOptions) (experiment: Experiment) : Table list =
        let runs = defaultArg options.Runs experiment.Runs
        experiment.Cases options.Seed runs |> CaseRunner.cases options |> experiment.Tables
