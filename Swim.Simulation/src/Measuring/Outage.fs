namespace Swim.Simulation

open System
open System.Collections.Generic

/// Why a member could not be reached.
[<RequireQualifiedAccess>]
type OutageKind =
    /// Its process ended.
    | Crashed
    /// It was paused or frozen (the anomalies of the Lifeguard paper).
    | Anomaly

/// One time that a member could not be reached, and which members detected it. Members that never had an
/// anomaly are healthy.
type Outage =
    {
        /// The number of the member that could not be reached, from 1.
        Node: int
        Kind: OutageKind
        /// When it began, since the run began.
        At: TimeSpan
        /// How many members were to detect it: those that were live and held the member for active when it
        /// began. For an anomaly only the healthy ones.
        Awaited: int
        /// How long after the beginning each of them notified `MemberDown`, soonest first.
        Noticed: TimeSpan[]
        /// How many of them crashed or left instead.
        Excused: int
        /// How many of them learned of the member's successor instead (`Rename`).
        Renamed: int
    }

    /// How many members were left to detect it in the end.
    member outage.Witnesses: int = outage.Awaited - outage.Excused - outage.Renamed

    /// How long until the first of them detected it.
    member outage.First: TimeSpan voption =
        if outage.Noticed.Length = 0 then ValueNone else ValueSome outage.Noticed[0]

    /// How long until the last of them detected it; none if some never did.
    member outage.Full: TimeSpan voption =
        if outage.Noticed.Length = 0 || outage.Noticed.Length + outage.Excused < outage.Awaited then
            ValueNone
        else
            ValueSome(Array.last outage.Noticed)

/// An outage that members may still detect. Each member has at most one.
[<Sealed; AllowNullLiteral>]
type internal OpenOutage<'Id>(kind: OutageKind, node: int, identity: 'Id, at: int64, awaited: bool[]) =
    let noticed = List<TimeSpan>()

    member val Excused = 0 with get, set
    member val Renamed = 0 with get, set
    member _.Identity = identity
    member _.Kind = kind

    /// Which members are still to detect it, by member number.
    member _.Awaited = awaited

    /// A member detected it at this time, in ticks since the run began.
    member _.Notice(time: int64) = noticed.Add(TimeSpan.FromTicks(time - at))

    member outage.Close(awaitedAtFirst: int) : Outage =
        {
            Node = node
            Kind = kind
            At = TimeSpan.FromTicks at
            Awaited = awaitedAtFirst
            Noticed = noticed.ToArray()
            Excused = outage.Excused
            Renamed = outage.Renamed
        }
