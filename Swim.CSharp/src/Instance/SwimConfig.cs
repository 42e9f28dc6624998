using Microsoft.FSharp.Core;
using CoreConfig = Swim.Core.Config;
using CorePeriodic = Swim.Core.Periodic;

namespace Swim;

/// <summary>Something that is done again and again to a few members (R8.4).</summary>
/// <param name="Frequency">How long from one time to the next; more than zero, at most 49 days.</param>
/// <param name="Members">How many members are chosen each time, from 1 to 255.</param>
public sealed record PeriodicSetting(TimeSpan Frequency, int Members);

/// <summary>
/// The parameters of the protocol (R10.1). Start from <see cref="Simple"/>, <see cref="Lan"/> or
/// <see cref="Wan"/> and change what differs with <c>with</c>. All members of a cluster should use the same.
/// The seed's <c>Config</c>.
/// </summary>
public sealed record SwimConfig
{
    /// <summary>How often one member is probed. More than zero, at most 49 days.</summary>
    public required TimeSpan ProbePeriod { get; init; }

    /// <summary>
    /// How long to wait for a direct answer before others are asked to help. More than zero, less than
    /// <see cref="ProbePeriod"/>; about the 99th percentile of a round trip.
    /// </summary>
    public required TimeSpan ProbeRtt { get; init; }

    /// <summary>How many helpers an unanswered probe asks, and how many members a gossip goes to; 1 to 255.</summary>
    public required int IndirectProbes { get; init; }

    /// <summary>How many packets carry one update or custom broadcast at most; 1 to 255.</summary>
    public required int MaxTransmissions { get; init; }

    /// <summary>How long a Suspect member has to refute. More than zero, at most 49 days.</summary>
    public required TimeSpan SuspectToDownAfter { get; init; }

    /// <summary>
    /// How long a Down member is remembered; its tombstone then lasts as long again (R12.7). More than zero,
    /// at most 49 days.
    /// </summary>
    public required TimeSpan RemoveDownAfter { get; init; }

    /// <summary>The largest packet that is sent or accepted, in bytes; 128 to 65,507.</summary>
    public required int MaxPacketSize { get; init; }

    /// <summary>Whether a member that is Down and still talks is told so.</summary>
    public bool NotifyDownMembers { get; init; }

    /// <summary>Asking active members for more members; null is off.</summary>
    public PeriodicSetting? PeriodicAnnounce { get; init; }

    /// <summary>Asking Down members whether they are back, which heals partitions; null is off.</summary>
    public PeriodicSetting? PeriodicAnnounceToDown { get; init; }

    /// <summary>Sending what waits without waiting for a probe to carry it; null is off.</summary>
    public PeriodicSetting? PeriodicGossip { get; init; }

    /// <summary>SWIM as in the paper, without extensions (R10.3).</summary>
    public static SwimConfig Simple() => FromCore(Swim.Core.ConfigModule.simple);

    /// <summary>For members on one local network (R10.3).</summary>
    /// <param name="clusterSize">The expected number of members, at least 1.</param>
    public static SwimConfig Lan(int clusterSize) =>
        FromCore(Swim.Core.ConfigModule.lan(AtLeastOne(clusterSize)));

    /// <summary>For members far apart (R10.3).</summary>
    /// <param name="clusterSize">The expected number of members, at least 1.</param>
    public static SwimConfig Wan(int clusterSize) =>
        FromCore(Swim.Core.ConfigModule.wan(AtLeastOne(clusterSize)));

    /// <summary>For members on one machine, in tests and demonstrations: quick to notice anything.</summary>
    /// <param name="clusterSize">The expected number of members, at least 1.</param>
    public static SwimConfig Local(int clusterSize) =>
        FromCore(Swim.Core.ConfigModule.local(AtLeastOne(clusterSize)));

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">
    /// A field is out of bounds. The message names each such field and its bound.
    /// </exception>
    public void Validate()
    {
        var faults = Swim.Core.ConfigModule.faults(ToCore());

        if (!faults.IsEmpty)
        {
            var reasons = faults.Select(fault => $"{fault.Field} {fault.Bound}");
            throw new ArgumentException(string.Join("; ", reasons), faults.Head.Field);
        }
    }

    internal CoreConfig ToCore() =>
        new(
            ProbePeriod,
            ProbeRtt,
            IndirectProbes,
            MaxTransmissions,
            SuspectToDownAfter,
            RemoveDownAfter,
            MaxPacketSize,
            NotifyDownMembers,
            ToCore(PeriodicAnnounce),
            ToCore(PeriodicAnnounceToDown),
            ToCore(PeriodicGossip)
        );

    private static SwimConfig FromCore(CoreConfig config) =>
        new()
        {
            ProbePeriod = config.ProbePeriod,
            ProbeRtt = config.ProbeRtt,
            IndirectProbes = config.IndirectProbes,
            MaxTransmissions = config.MaxTransmissions,
            SuspectToDownAfter = config.SuspectToDownAfter,
            RemoveDownAfter = config.RemoveDownAfter,
            MaxPacketSize = config.MaxPacketSize,
            NotifyDownMembers = config.NotifyDownMembers,
            PeriodicAnnounce = FromCore(config.PeriodicAnnounce),
            PeriodicAnnounceToDown = FromCore(config.PeriodicAnnounceToDown),
            PeriodicGossip = FromCore(config.PeriodicGossip),
        };

    private static FSharpValueOption<CorePeriodic> ToCore(PeriodicSetting? setting) =>
        setting is null
            ? FSharpValueOption<CorePeriodic>.None
            : FSharpValueOption<CorePeriodic>.Some(new CorePeriodic(setting.Frequency, setting.Members));

    private static PeriodicSetting? FromCore(FSharpValueOption<CorePeriodic> setting) =>
        setting.IsNone ? null : new PeriodicSetting(setting.Value.Frequency, setting.Value.Members);

    private static int AtLeastOne(int clusterSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterSize, 1);
        return clusterSize;
    }
}
