namespace Swim.Simulation

open System

/// Something that must not happen, and did.
type Failure =
    {
        /// The invariant or the property of a run that is broken.
        Property: string
        /// When, since the run began.
        At: TimeSpan
        /// Whose step broke it, or about whose view it is; 0 if it is about the cluster.
        Node: int
        Detail: string
    }

    override failure.ToString() =
        let who = if failure.Node = 0 then "" else $" at member {failure.Node}"
        $"{failure.Property}{who} after {failure.At.TotalSeconds:F3} s: {failure.Detail}"
