namespace Swim

open System
open System.Collections.Generic

/// Something that is done again and again to a few members (R8.4).
[<Struct; CLIMutable; NoComparison>]
type PeriodicSetting =
    {
        /// How long from one time to the next; more than zero, at most 49 days.
        Frequency: TimeSpan
        /// How many members are chosen each time, from 1 to 255.
        Members: int
    }

    /// The number of members and the frequency, for logs.
    override setting.ToString() =
        setting.Members.ToString() + " every " + setting.Frequency.ToString()

    /// Whether the two settings are equal in every field.
    static member op_Equality(left: PeriodicSetting, right: PeriodicSetting) : bool =
        EqualityComparer<PeriodicSetting>.Default.Equals(left, right)

    /// Whether the two settings differ in a field.
    static member op_Inequality(left: PeriodicSetting, right: PeriodicSetting) : bool =
        not (EqualityComparer<PeriodicSetting>.Default.Equals(left, right))

/// A field of a `SwimConfig` that is out of bounds.
[<Struct; NoComparison>]
type ConfigFault =
    {
        /// The name of the field.
        Field: string
        /// What the field must be.
        Bound: string
    }

    /// The field and what it must be.
    override fault.ToString() = fault.Field + " " + fault.Bound

/// The parameters of the protocol (R10.1). Start from a preset and change what differs with `with`. All members of
/// a cluster should use the same. foca's `Config`.
[<Struct; CLIMutable; NoComparison>]
type SwimConfig =
    {
        /// How often one member is probed. More than zero, at most 49 days.
        ProbePeriod: TimeSpan
        /// How long to wait for a direct answer before helpers are asked. More than zero, less than
        /// `ProbePeriod`; about the 99th percentile of a round trip.
        ProbeRtt: TimeSpan
        /// How many helpers an unanswered probe asks, and how many members a gossip goes to; 1 to 255.
        IndirectProbes: int
        /// How many packets carry one update or custom broadcast at most; 1 to 255.
        MaxTransmissions: int
        /// How long a Suspect member has to refute before it is declared Down. More than zero, at most 49 days.
        SuspectToDownAfter: TimeSpan
        /// How long a Down member is remembered; its tombstone then lasts as long again (R12.7). More than zero,
        /// at most 49 days.
        RemoveDownAfter: TimeSpan
        /// The largest packet that is sent or accepted, in bytes; 128 to 65,507.
        MaxPacketSize: int
        /// Whether a member that is Down and still sends is told so.
        NotifyDownMembers: bool
        /// Asking active members for more members; null is off.
        PeriodicAnnounce: Nullable<PeriodicSetting>
        /// Asking Down members whether they are back, which heals partitions; null is off.
        PeriodicAnnounceToDown: Nullable<PeriodicSetting>
        /// Sending what is queued without waiting for a probe to carry it; null is off.
        PeriodicGossip: Nullable<PeriodicSetting>
    }

    static member private Base(probePeriod, probeRtt) : SwimConfig =
        {
            ProbePeriod = probePeriod
            ProbeRtt = probeRtt
            IndirectProbes = 3
            MaxTransmissions = 10
            SuspectToDownAfter = TimeSpan.FromSeconds 3.0
            RemoveDownAfter = TimeSpan.FromHours 24.0
            MaxPacketSize = 1400
            NotifyDownMembers = false
            PeriodicAnnounce = Nullable()
            PeriodicAnnounceToDown = Nullable()
            PeriodicGossip = Nullable()
        }

    static member private Extended(clusterSize: int, factor: float, probePeriod: TimeSpan, probeRtt) : SwimConfig =
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterSize, 1, nameof clusterSize)

        // Rounded to a whole millisecond, so that no machine's logarithm makes a difference.
        let suspicion =
            max 1.0 (Math.Log10(float clusterSize)) * factor * probePeriod.TotalMilliseconds |> Math.Round

        { SwimConfig.Base(probePeriod, probeRtt) with
            MaxTransmissions =
                4.0 * Math.Log10(float clusterSize + 1.0) |> Math.Floor |> int |> max 1 |> min 255
            SuspectToDownAfter = TimeSpan.FromMilliseconds suspicion
            NotifyDownMembers = true
        }

    static member private Every(milliseconds: float, members) =
        Nullable { Frequency = TimeSpan.FromMilliseconds milliseconds; Members = members }

    /// SWIM as in the paper, without extensions (R10.3).
    static member Simple() : SwimConfig =
        SwimConfig.Base(TimeSpan.FromMilliseconds 1500.0, TimeSpan.FromMilliseconds 500.0)

    /// For members on one local network (R10.3). `clusterSize` is the expected number of members, at least 1.
    static member Lan(clusterSize: int) : SwimConfig =
        { SwimConfig.Extended(clusterSize, 4.0, TimeSpan.FromSeconds 1.0, TimeSpan.FromMilliseconds 500.0) with
            PeriodicAnnounce = SwimConfig.Every(30_000.0, 1)
            PeriodicAnnounceToDown = SwimConfig.Every(65_000.0, 2)
            PeriodicGossip = SwimConfig.Every(200.0, 3)
        }

    /// For members far apart (R10.3). `clusterSize` is the expected number of members, at least 1.
    static member Wan(clusterSize: int) : SwimConfig =
        { SwimConfig.Extended(clusterSize, 6.0, TimeSpan.FromSeconds 5.0, TimeSpan.FromSeconds 3.0) with
            PeriodicAnnounce = SwimConfig.Every(60_000.0, 2)
            PeriodicAnnounceToDown = SwimConfig.Every(125_000.0, 3)
            PeriodicGossip = SwimConfig.Every(500.0, 4)
        }

    /// For members on one machine, in tests and demonstrations: a crash is detected in about a second.
    /// `clusterSize` is the expected number of members, at least 1.
    static member Local(clusterSize: int) : SwimConfig =
        { SwimConfig.Extended(clusterSize, 4.0, TimeSpan.FromMilliseconds 200.0, TimeSpan.FromMilliseconds 80.0) with
            PeriodicAnnounce = SwimConfig.Every(5_000.0, 1)
            PeriodicAnnounceToDown = SwimConfig.Every(1_000.0, 2)
            PeriodicGossip = SwimConfig.Every(50.0, 3)
        }

    /// Every field that is out of bounds; none means that the configuration can be used (R10.1).
    member config.Faults() : IReadOnlyList<ConfigFault> =
        let faults = List<ConfigFault>()

        let check isGood field bound =
            if not isGood then
                faults.Add { Field = field; Bound = bound }

        let duration field (value: TimeSpan) =
            check
                (value > TimeSpan.Zero && value <= TimeSpan.FromDays 49.0)
                field
                "must be more than zero and at most 49 days"

        let range field (low: int) (high: int) value =
            check (value >= low && value <= high) field $"must be from {low.ToString()} to {high.ToString()}"

        let periodic field (setting: Nullable<PeriodicSetting>) =
            if setting.HasValue then
                duration (field + ".Frequency") setting.Value.Frequency
                range (field + ".Members") 1 255 setting.Value.Members

        duration "ProbePeriod" config.ProbePeriod
        duration "ProbeRtt" config.ProbeRtt
        check (config.ProbeRtt < config.ProbePeriod) "ProbeRtt" "must be less than ProbePeriod"
        range "IndirectProbes" 1 255 config.IndirectProbes
        range "MaxTransmissions" 1 255 config.MaxTransmissions
        duration "SuspectToDownAfter" config.SuspectToDownAfter
        duration "RemoveDownAfter" config.RemoveDownAfter
        range "MaxPacketSize" 128 65507 config.MaxPacketSize
        periodic "PeriodicAnnounce" config.PeriodicAnnounce
        periodic "PeriodicAnnounceToDown" config.PeriodicAnnounceToDown
        periodic "PeriodicGossip" config.PeriodicGossip
        faults

    /// Checks every field. Throws an `ArgumentException` whose message names each field that is out of bounds,
    /// and its bound.
    member config.Validate() : unit =
        let faults = config.Faults()

        if faults.Count > 0 then
            let reasons = String.Join("; ", faults |> Seq.map _.ToString())
            raise (ArgumentException(reasons + ".", faults[0].Field))

    /// Whether a running member may continue with `next` in the place of this configuration (R10.2).
    member config.CanBecome(next: SwimConfig) : bool =
        let switchesOn (before: Nullable<PeriodicSetting>) (after: Nullable<PeriodicSetting>) =
            after.HasValue && not before.HasValue

        next.ProbePeriod = config.ProbePeriod
        && next.ProbeRtt = config.ProbeRtt
        && not (switchesOn config.PeriodicAnnounce next.PeriodicAnnounce)
        && not (switchesOn config.PeriodicAnnounceToDown next.PeriodicAnnounceToDown)
        && not (switchesOn config.PeriodicGossip next.PeriodicGossip)
        && next.Faults().Count = 0

    /// Every field and its value, for logs.
    override config.ToString() =
        let periodic (setting: Nullable<PeriodicSetting>) =
            if setting.HasValue then setting.Value.ToString() else "off"

        String.Join(
            ", ",
            "ProbePeriod " + config.ProbePeriod.ToString(),
            "ProbeRtt " + config.ProbeRtt.ToString(),
            "IndirectProbes " + config.IndirectProbes.ToString(),
            "MaxTransmissions " + config.MaxTransmissions.ToString(),
            "SuspectToDownAfter " + config.SuspectToDownAfter.ToString(),
            "RemoveDownAfter " + config.RemoveDownAfter.ToString(),
            "MaxPacketSize " + config.MaxPacketSize.ToString(),
            "NotifyDownMembers " + config.NotifyDownMembers.ToString(),
            "PeriodicAnnounce " + periodic config.PeriodicAnnounce,
            "PeriodicAnnounceToDown " + periodic config.PeriodicAnnounceToDown,
            "PeriodicGossip " + periodic config.PeriodicGossip
        )

    /// Whether the two configurations are equal in every field.
    static member op_Equality(left: SwimConfig, right: SwimConfig) : bool =
        EqualityComparer<SwimConfig>.Default.Equals(left, right)

    /// Whether the two configurations differ in a field.
    static member op_Inequality(left: SwimConfig, right: SwimConfig) : bool =
        not (EqualityComparer<SwimConfig>.Default.Equals(left, right))

namespace Swim.Core

open System
open Swim

/// Reading a periodic setting.
[<AutoOpen>]
module PeriodicPatterns =

    /// Whether something is done periodically, and how often.
    let (|Every|Off|) (setting: Nullable<PeriodicSetting>) =
        if setting.HasValue then Every setting.Value else Off
