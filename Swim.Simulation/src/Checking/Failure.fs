namespace Swim.Simulation

open System

/// A check that failed in a run.
type Failure =
    {
        /// The name of the broken invariant, step check or promise of the verdict.
        Property: string
        /// Since the run began.
        At: TimeSpan
        /// The member whose step or view is wrong; 0 if it is about the cluster.
        Node: int
        Detail: string
    }

    override failure.ToString() =
        let place = if failure.Node = 0 then "" else $" at member {failure.Node}"
        $"{failure.Property}{place} after {failure.At.TotalSeconds:F3} s: {failure.Detail}"
