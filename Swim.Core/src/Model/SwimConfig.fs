namespace Swim

open System
open System.Collections.Generic

/// How often a periodic task runs, and with how many members (R8.4).
[<Struct; CLIMutable; NoComparison>]
type PeriodicSetting =
    {
        /// The time from one run to the next. More than zero, at most 49 days.
        Frequency: TimeSpan
        /// The number of members that are chosen for each run, from 1 to 255.
        Members: int
    }

    /// The number of members and the frequency, for logs.
    override setting.ToString() = setting.Members.ToString() + " every " + setting.Frequency.ToString()

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

/// The parameters of the protocol (R10.1). Start from a preset, and change single fields with `with`. All members
/// of a cluster should use the same configuration. foca's `Config`.
[<Struct; CLIMutable; NoComparison>]
type SwimConfig =
    {
        /// The time from one probe to the next. More than zero, at most 49 days.
        ProbePeriod: TimeSpan
        /// How long a prober waits for a direct answer before it asks helpers. More than zero, less than
        /// `ProbePeriod`; about the 99th percentile of a round trip.
        ProbeRtt: TimeSpan
        /// The number of helpers of a probe, and of receivers of a gossip, from 1 to 255.
        IndirectProbes: int
        /// The largest number of packets that carry one update or custom broadcast, from 1 to 255.
        MaxTransmissions: int
        /// The time in which a Suspect member can refute before it is declared Down. More than zero, at most 49
        /// days.
        SuspectToDownAfter: TimeSpan
        /// How long a Down member is remembered. Its tombstone then lasts as long again (R12.7). More than zero,
        /// at most 49 days.
        RemoveDownAfter: TimeSpan
        /// The size of the largest packet that is sent or accepted, in bytes, from 128 to 65,507.
        MaxPacketSize: int
        /// Whether a Down member that sends a packet is told that it is Down (R9.4).
        NotifyDownMembers: bool
        /// Whether Down is final for an identity, as in foca (R12.8); otherwise a member that was declared Down
        /// refutes that with a higher incarnation, and keeps its identity (R13). Must be the same at all members,
        /// and true in a cluster with members that run foca.
        DownIsFinal: bool
        /// If more than 0, `MaxTransmissions` follows from the number of members that are known: so many for each of
        /// its decimal digits (R15.1). From 0 to 50.
        TransmissionMultiplier: int
        /// If more than 0, `SuspectToDownAfter` follows from the number n of members that are known: so many times
        /// max(1, log10 n) probe periods (R15.1). From 0 to 100.
        SuspicionMultiplier: int
        /// The number of other members that must confirm a suspicion for it to expire after `SuspectToDownAfter`
        /// (R14.2). With fewer it takes longer. With 0, one accuser is enough. From 0 to 15.
        SuspicionConfirmations: int
        /// How many times `SuspectToDownAfter` a suspicion lasts that no other member confirms (R14.2). From 1 to 100.
        MaxSuspicionFactor: int
        /// The worst local health of a member, which stretches its probe period up to so many times and one more
        /// (R14.1). 0 switches local health off. From 0 to 7.
        MaxLocalHealth: int
        /// Whether a member whose local health is poor confirms no suspicions (R14.3).
        AccountableAccusers: bool
        /// Whether a ping of a Suspect member carries the suspicion (R12.14).
        NotifySuspects: bool
        /// Whether Down members are asked soon and then ever more seldom whether they are back, beside what
        /// `PeriodicAnnounceToDown` says (R15.2).
        AskDownEarly: bool
        /// Announcing to active members, which answer with more members; null is off.
        PeriodicAnnounce: Nullable<PeriodicSetting>
        /// Announcing to Down members, which heals partitions; null is off.
        PeriodicAnnounceToDown: Nullable<PeriodicSetting>
        /// Sending updates and custom broadcasts without waiting for a probe to carry them; null is off.
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
            DownIsFinal = true
            TransmissionMultiplier = 0
            SuspicionMultiplier = 0
            SuspicionConfirmations = 0
            MaxSuspicionFactor = 1
            MaxLocalHealth = 0
            AccountableAccusers = false
            NotifySuspects = true
            AskDownEarly = false
            PeriodicAnnounce = Nullable()
            PeriodicAnnounceToDown = Nullable()
            PeriodicGossip = Nullable()
        }

    static member private Extended
        (clusterSize: int, factor: float, probePeriod: TimeSpan, probeRtt)
        : SwimConfig =
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterSize, 1, nameof clusterSize)

        // Rounded to a whole millisecond, so that the logarithm is the same on all machines.
        let suspicion =
            max 1.0 (Math.Log10(float clusterSize)) * factor * probePeriod.TotalMilliseconds
            |> Math.Round

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
        { SwimConfig.Extended(
              clusterSize,
              4.0,
              TimeSpan.FromMilliseconds 200.0,
              TimeSpan.FromMilliseconds 80.0
          ) with
            PeriodicAnnounce = SwimConfig.Every(5_000.0, 1)
            PeriodicAnnounceToDown = SwimConfig.Every(1_000.0, 2)
            PeriodicGossip = SwimConfig.Every(50.0, 3)
        }

    /// All fields that are out of bounds; none if the configuration can be used (R10.1).
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
        range "TransmissionMultiplier" 0 50 config.TransmissionMultiplier
        range "SuspicionMultiplier" 0 100 config.SuspicionMultiplier
        range "SuspicionConfirmations" 0 15 config.SuspicionConfirmations
        range "MaxSuspicionFactor" 1 100 config.MaxSuspicionFactor
        range "MaxLocalHealth" 0 7 config.MaxLocalHealth
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

    /// Whether a running member may change from this configuration to `next` (R10.2).
    member config.CanBecome(next: SwimConfig) : bool =
        let switchesOn (before: Nullable<PeriodicSetting>) (after: Nullable<PeriodicSetting>) =
            after.HasValue && not before.HasValue

        next.ProbePeriod = config.ProbePeriod
        && next.ProbeRtt = config.ProbeRtt
        && next.DownIsFinal = config.DownIsFinal
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
            "DownIsFinal " + config.DownIsFinal.ToString(),
            "TransmissionMultiplier " + config.TransmissionMultiplier.ToString(),
            "SuspicionMultiplier " + config.SuspicionMultiplier.ToString(),
            "SuspicionConfirmations " + config.SuspicionConfirmations.ToString(),
            "MaxSuspicionFactor " + config.MaxSuspicionFactor.ToString(),
            "MaxLocalHealth " + config.MaxLocalHealth.ToString(),
            "AccountableAccusers " + config.AccountableAccusers.ToString(),
            "NotifySuspects " + config.NotifySuspects.ToString(),
            "AskDownEarly " + config.AskDownEarly.ToString(),
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

    /// `Every` with the setting, or `Off`.
    let (|Every|Off|) (setting: Nullable<PeriodicSetting>) =
        if setting.HasValue then Every setting.Value else Off
