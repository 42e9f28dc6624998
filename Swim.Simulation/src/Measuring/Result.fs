namespace Swim.Simulation

open System

/// How often a member notified `MemberDown` about a member that ran, had not left, and had that very
/// identity. Each member that notifies it counts.
type FalsePositives =
    {
        /// The number of identities concerned.
        Identities: int64
        Total: int64
        /// Of these, about members that never had an anomaly: the FP of the Lifeguard paper.
        AboutHealthy: int64
        /// Of these, at members that never had one either: its FP-.
        AtHealthy: int64
        /// How often a member that never had an anomaly learned that it was declared Down, and renewed its
        /// identity (`Rejoin`).
        HealthyRejoins: int64
    }

/// What was measured in one run, from its beginning to the end of its scenario. What happens while the
/// cluster settles afterwards is not measured.
type MeasureResult =
    {
        Run: RunResult
        /// In the order in which they began.
        Outages: Outage[]
        FalsePositives: FalsePositives
        /// When all members were first known to all, since the run began. In a large group some update
        /// reaches all but a few, and these learn of it much later.
        JoinTime: TimeSpan voption
        /// When members first knew 999 of 1,000 of all that there is to know of each other.
        MostlyJoinTime: TimeSpan voption
        /// What was sent in the window.
        Traffic: Traffic
        /// What was sent in the whole run, in equal buckets.
        Buckets: TrafficBucket[]
    }
