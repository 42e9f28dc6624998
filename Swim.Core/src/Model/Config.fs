namespace Swim.Core

open System

/// Something that is done again and again to a few members (R8.4).
[<Struct>]
type Periodic =
    {
        /// How long from one time to the next.
        Frequency: TimeSpan
        /// How many members are chosen each time.
        Members: int
    }

/// The parameters of the protocol (R10.1). All members of a cluster should use the same.
type Config =
    {
        /// How often one member is probed.
        ProbePeriod: TimeSpan
        /// How long to wait for a direct answer before others are asked to help. Less than
        /// `ProbePeriod`; about the 99th percentile of a round trip.
        ProbeRtt: TimeSpan
        /// How many helpers an unanswered probe asks, and how many members a gossip goes to.
        IndirectProbes: int
        /// How many packets carry one update or custom broadcast at most.
        MaxTransmissions: int
        /// How long a Suspect member has to refute before it is declared Down.
        SuspectToDownAfter: TimeSpan
        /// How long a Down member is remembered; its tombstone then lasts as long again (R12.7).
        RemoveDownAfter: TimeSpan
        /// The largest packet that is sent or accepted, in bytes.
        MaxPacketSize: int
        /// Whether a member that is Down and still talks is told so.
        NotifyDownMembers: bool
        /// Asking active members for more members.
        PeriodicAnnounce: Periodic voption
        /// Asking Down members whether they are back; heals partitions.
        PeriodicAnnounceToDown: Periodic voption
        /// Sending what waits in the backlogs without waiting for a probe to carry it.
        PeriodicGossip: Periodic voption
    }

/// A field of a `Config` that is out of bounds.
[<Struct>]
type ConfigFault =
    {
        /// The name of the field.
        Field: string
        /// What the field must be.
        Bound: string
    }

/// Presets and checks of a `Config` (R10).
[<RequireQualifiedAccess>]
module Config =

    /// No duration is longer than this, so that every timer can be set.
    let longest = TimeSpan.FromDays 49.0

    let private simpleBase probePeriod probeRtt =
        {
            ProbePeriod = probePeriod
            ProbeRtt = probeRtt
            IndirectProbes = 3
            MaxTransmissions = 10
            SuspectToDownAfter = TimeSpan.FromSeconds 3.0
            RemoveDownAfter = TimeSpan.FromHours 24.0
            MaxPacketSize = 1400
            NotifyDownMembers = false
            PeriodicAnnounce = ValueNone
            PeriodicAnnounceToDown = ValueNone
            PeriodicGossip = ValueNone
        }

    /// R10.3: SWIM as in the paper, without extensions.
    let simple: Config =
        simpleBase (TimeSpan.FromMilliseconds 1500.0) (TimeSpan.FromMilliseconds 500.0)

    let private transmissionsFor (clusterSize: int) =
        4.0 * Math.Log10(float clusterSize + 1.0) |> Math.Floor |> int |> max 1 |> min 255

    let private suspicionFor (clusterSize: int) (factor: float) (probePeriod: TimeSpan) =
        // Rounded to a whole millisecond, so that no machine's logarithm makes a difference.
        let milliseconds =
            max 1.0 (Math.Log10(float clusterSize)) * factor * probePeriod.TotalMilliseconds

        TimeSpan.FromMilliseconds(Math.Round milliseconds)

    let private every (frequency: TimeSpan) members = ValueSome { Frequency = frequency; Members = members }

    let private extended clusterSize factor probePeriod probeRtt =
        { simpleBase probePeriod probeRtt with
            MaxTransmissions = transmissionsFor clusterSize
            SuspectToDownAfter = suspicionFor clusterSize factor probePeriod
            NotifyDownMembers = true
        }

    /// R10.3: for members on one local network. `clusterSize` is the expected number of members; below
    /// 1 it counts as 1.
    let lan (clusterSize: int) : Config =
        { extended (max 1 clusterSize) 4.0 (TimeSpan.FromSeconds 1.0) (TimeSpan.FromMilliseconds 500.0) with
            PeriodicAnnounce = every (TimeSpan.FromSeconds 30.0) 1
            PeriodicAnnounceToDown = every (TimeSpan.FromSeconds 65.0) 2
            PeriodicGossip = every (TimeSpan.FromMilliseconds 200.0) 3
        }

    /// R10.3: for members far apart. `clusterSize` as in `lan`.
    let wan (clusterSize: int) : Config =
        { extended (max 1 clusterSize) 6.0 (TimeSpan.FromSeconds 5.0) (TimeSpan.FromSeconds 3.0) with
            PeriodicAnnounce = every (TimeSpan.FromSeconds 60.0) 2
            PeriodicAnnounceToDown = every (TimeSpan.FromSeconds 125.0) 3
            PeriodicGossip = every (TimeSpan.FromMilliseconds 500.0) 4
        }

    /// For members on one machine, in tests and demonstrations: a crash is noticed in about a second.
    /// `clusterSize` as in `lan`.
    let local (clusterSize: int) : Config =
        { extended (max 1 clusterSize) 4.0 (TimeSpan.FromMilliseconds 200.0) (TimeSpan.FromMilliseconds 80.0) with
            PeriodicAnnounce = every (TimeSpan.FromSeconds 5.0) 1
            PeriodicAnnounceToDown = every (TimeSpan.FromSeconds 1.0) 2
            PeriodicGossip = every (TimeSpan.FromMilliseconds 50.0) 3
        }

    let private durationFault field (value: TimeSpan) =
        if value <= TimeSpan.Zero || value > longest then
            [ { Field = field; Bound = "must be more than zero and at most 49 days" } ]
        else
            []

    let private rangeFault field (low: int) (high: int) value =
        if value < low || value > high then
            [ { Field = field; Bound = $"must be from {low.ToString()} to {high.ToString()}" } ]
        else
            []

    let private periodicFaults field (setting: Periodic voption) =
        match setting with
        | ValueNone -> []
        | ValueSome periodic ->
            durationFault (field + ".Frequency") periodic.Frequency
            @ rangeFault (field + ".Members") 1 255 periodic.Members

    /// Every field that is out of bounds; none means that the configuration can be used (R10.1).
    let faults (config: Config) : ConfigFault list =
        let roundTrip =
            if config.ProbeRtt >= config.ProbePeriod then
                [ { Field = "ProbeRtt"; Bound = "must be less than ProbePeriod" } ]
            else
                []

        durationFault "ProbePeriod" config.ProbePeriod
        @ durationFault "ProbeRtt" config.ProbeRtt
        @ roundTrip
        @ rangeFault "IndirectProbes" 1 255 config.IndirectProbes
        @ rangeFault "MaxTransmissions" 1 255 config.MaxTransmissions
        @ durationFault "SuspectToDownAfter" config.SuspectToDownAfter
        @ durationFault "RemoveDownAfter" config.RemoveDownAfter
        @ rangeFault "MaxPacketSize" 128 65507 config.MaxPacketSize
        @ periodicFaults "PeriodicAnnounce" config.PeriodicAnnounce
        @ periodicFaults "PeriodicAnnounceToDown" config.PeriodicAnnounceToDown
        @ periodicFaults "PeriodicGossip" config.PeriodicGossip

    /// R10.2: whether a running member may go on with `next` in the place of `current`.
    let canReplace (current: Config) (next: Config) : bool =
        let switchesOn (before: Periodic voption) (after: Periodic voption) = before.IsNone && after.IsSome

        next.ProbePeriod = current.ProbePeriod
        && next.ProbeRtt = current.ProbeRtt
        && not (switchesOn current.PeriodicAnnounce next.PeriodicAnnounce)
        && not (switchesOn current.PeriodicAnnounceToDown next.PeriodicAnnounceToDown)
        && not (switchesOn current.PeriodicGossip next.PeriodicGossip)
        && List.isEmpty (faults next)
