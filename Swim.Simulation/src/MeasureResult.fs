namespace Swim.Simulation

open System

/// Why a member could not be reached.
[<RequireQualifiedAccess>]
type OutageKind =
    /// Its process ended.
    | Crashed
    /// It was paused or frozen (the anomalies of the Lifeguard paper).
    | Anomaly

/// One time that a member could not be reached, and who noticed it. Members that never had an anomaly are
/// healthy.
type Outage =
    {
        /// Whose, from 1.
        Node: int
        Kind: OutageKind
        /// When it began, since the run began.
        At: TimeSpan
        /// How many members were to notice it: those that were live and held it for active when it began.
        /// For an anomaly only the healthy ones.
        Awaited: int
        /// How long after the beginning each of them told of it (`MemberDown`), soonest first.
        Noticed: TimeSpan[]
        /// How many of them ended or left instead.
        Excused: int
        /// How many of them learned of its successor instead (`Rename`).
        Renamed: int
    }

    /// How many were left to notice it in the end.
    member outage.Witnesses: int = outage.Awaited - outage.Excused - outage.Renamed

    /// How long until the first of them told of it.
    member outage.First: TimeSpan voption =
        if outage.Noticed.Length = 0 then ValueNone else ValueSome outage.Noticed[0]

    /// How long until the last of them told of it; none if some never did.
    member outage.Full: TimeSpan voption =
        if outage.Noticed.Length = 0 || outage.Noticed.Length + outage.Excused < outage.Awaited then
            ValueNone
        else
            ValueSome(Array.last outage.Noticed)

/// How often `MemberDown` came about a member that ran, had not left, and had that very identity. Each
/// member that tells of it counts.
type FalsePositives =
    {
        /// About how many identities.
        Identities: int64
        Total: int64
        /// Of these, about members that never had an anomaly: the FP of the Lifeguard paper.
        AboutHealthy: int64
        /// Of these, at members that never had one either: its FP-.
        AtHealthy: int64
        /// How often a member that never had an anomaly was told that it is Down, and gave up its identity
        /// for a newer one (`Rejoin`).
        HealthyRejoins: int64
    }

/// What was sent in some time.
type Traffic =
    {
        Messages: int64
        Bytes: int64
        /// How long members ran, all taken together.
        MemberTime: TimeSpan
    }

    member private traffic.PerMemberPerSecond(count: int64) =
        if traffic.MemberTime <= TimeSpan.Zero then
            0.0
        else
            float count / (float traffic.MemberTime.Ticks / float TimeSpan.TicksPerSecond)

    /// Packets that a member sends in a second.
    member traffic.MessageRate: float = traffic.PerMemberPerSecond traffic.Messages

    /// Bytes that a member sends in a second, without the headers of UDP and IP.
    member traffic.ByteRate: float = traffic.PerMemberPerSecond traffic.Bytes

/// What was sent from `At` on, for the length of one bucket.
type TrafficBucket = { At: TimeSpan; Traffic: Traffic }

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
        /// What was sent all the time, in equal parts.
        Buckets: TrafficBucket[]
    }
