using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Swim.Host.Bounds;

namespace Swim.Host;

/// <summary>How a <see cref="SwimNode"/> runs. Checked once, when the node starts.</summary>
public sealed record SwimNodeOptions
{
    /// <summary>The smallest bound of a recording, in bytes: room for some hundred members.</summary>
    internal const int MinRecordingBytes = 65_536;

    /// <summary>
    /// Where to listen. Port 0 takes a free one. With the "any" address set <see cref="AdvertiseEndPoint"/> too.
    /// </summary>
    public required IPEndPoint BindEndPoint { get; init; }

    /// <summary>
    /// Where others reach this node, when that is not where it listens: behind NAT, in a container, or when
    /// listening on "any". Port 0 stands for the port that is listened on.
    /// </summary>
    public IPEndPoint? AdvertiseEndPoint { get; init; }

    /// <summary>Members to join through; one that answers is enough. None starts a cluster.</summary>
    public IReadOnlyList<SeedAddress> Seeds { get; init; } = [];

    /// <summary>Where more seeds come from. Whoever made a provider disposes it.</summary>
    public IReadOnlyList<ISeedProvider> SeedProviders { get; init; } = [];

    /// <summary>
    /// How often seeds that are not members are asked while the node is in a cluster: this unites clusters that began
    /// apart, for instance because DNS did not name all members yet. More than zero and at most one day; null asks
    /// only while no active member is known.
    /// </summary>
    public TimeSpan? SeedRefreshPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A file in which up to 32 members are remembered, to find back after a restart without seeds, beside this node's
    /// generation (R12.12); null remembers nothing. Its folder must exist. It is replaced whole, at most every five
    /// seconds; a damaged one is logged and replaced. One node, one file.
    /// </summary>
    public string? MembersPath { get; init; }

    /// <summary>The parameters of the protocol; the same for all members.</summary>
    public SwimConfig Config { get; init; } = SwimConfig.Lan(16);

    /// <summary>The wait before seeds are asked for the second time; it doubles from then on.</summary>
    public TimeSpan JoinRetryMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two times of asking the seeds.</summary>
    public TimeSpan JoinRetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to leave the cluster when the node is disposed, rather than to vanish.</summary>
    public bool LeaveOnDispose { get; init; } = true;

    /// <summary>How long disposing may take; then the node stops without having left.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many received packets may wait for the node's loop, from 1 to 1,048,576. When full, new ones are
    /// dropped and counted, as a full socket buffer would do.
    /// </summary>
    public int ReceiveQueueCapacity { get; init; } = 4096;

    /// <summary>
    /// How many changes may wait for one reader of <see cref="SwimNode.WatchAsync"/>, from 1 to 1,048,576. When
    /// full, all are replaced by one resynchronization.
    /// </summary>
    public int ChangeQueueCapacity { get; init; } = 1024;

    /// <summary>
    /// A file in which to record all that this node is told, so that it can be replayed; null records nothing. The
    /// file must not exist yet and its folder must. What the node did is in the file even if its process is killed.
    /// It grows with every packet and timer, unless <see cref="RecordingMaxBytes"/> is set; when it cannot be written
    /// to any more, that is logged once and the node goes on without it. <c>spec/recording-format.md</c> describes
    /// it.
    /// </summary>
    public string? RecordingPath { get; init; }

    /// <summary>
    /// How many bytes of recordings are kept on the disk, from 65,536; null sets no bound. With a bound there are two
    /// files at most, each up to half of it: when that at <see cref="RecordingPath"/> is full, its name gets
    /// <c>.1</c> at the end, in the place of an older one, and a new file begins with all that the node knows, so that
    /// each file can be replayed by itself. That is about 20 bytes for each member that is known, and has to fit into
    /// a quarter of the bound; if it does not, that is logged once and the recording ends. Writing it holds up the
    /// node's loop, once in a file: for about 2 ms with 10,000 members, for up to 60 ms with 100,000.
    /// </summary>
    public long? RecordingMaxBytes { get; init; }

    /// <summary>
    /// Whether a recording keeps the contents of custom broadcasts. If not, it keeps their lengths only, which is
    /// enough to replay it.
    /// </summary>
    public bool RecordBroadcastPayloads { get; init; }

    /// <summary>Fixes the node's random choices, for tests; null takes a random seed.</summary>
    public ulong? RandomSeed { get; init; }

    /// <summary>The clock of timers and of the identity's generation.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log; category <c>Swim.Host.SwimNode</c>.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Makes the meter <c>Swim</c>; null for one that anything in the process may listen to.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// Tells nodes of one process apart in metrics, as the attribute <c>swim.node.name</c>; null leaves it out.
    /// Others in the cluster never see it.
    /// </summary>
    public string? NodeName { get; init; }

    /// <summary>Makes the file of a recording. For tests of a disk that fails.</summary>
    internal Func<string, Stream> CreateRecording { get; init; } = RecordingWriter<NodeIdentity>.CreateFile;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field is out of bounds; the message names it and its bound.</exception>
    public void Validate()
    {
        Require(BindEndPoint is not null, nameof(BindEndPoint), "must be set");
        Require(
            BindEndPoint!.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6,
            nameof(BindEndPoint),
            "must be an IPv4 or IPv6 endpoint"
        );
        Require(
            AdvertiseEndPoint is not null || !IsAny(BindEndPoint.Address),
            nameof(AdvertiseEndPoint),
            $"must be set when listening on {BindEndPoint.Address}, because others cannot send there"
        );
        Require(
            AdvertiseEndPoint is null || !IsAny(AdvertiseEndPoint.Address),
            nameof(AdvertiseEndPoint),
            "must be a concrete address"
        );
        Require(Seeds is not null && !Seeds.Contains(null!), nameof(Seeds), "must not be or contain null");
        Require(
            SeedProviders is not null && !SeedProviders.Contains(null!),
            nameof(SeedProviders),
            "must not be or contain null"
        );

        if (SeedRefreshPeriod is { } refresh)
        {
            RequireDuration(refresh, nameof(SeedRefreshPeriod));
        }

        Require(
            MembersPath is null || IsInFolder(MembersPath),
            nameof(MembersPath),
            "must be a file in a folder that exists, or null to remember nothing"
        );
        Config.Validate();
        RequireDuration(JoinRetryMax, nameof(JoinRetryMax));
        RequireDuration(JoinRetryMin, nameof(JoinRetryMin));
        Require(JoinRetryMin <= JoinRetryMax, nameof(JoinRetryMin), "must not exceed JoinRetryMax");
        RequireDuration(LeaveTimeout, nameof(LeaveTimeout));
        RequireCapacity(ReceiveQueueCapacity, nameof(ReceiveQueueCapacity));
        RequireCapacity(ChangeQueueCapacity, nameof(ChangeQueueCapacity));
        Require(
            RecordingPath is null || !string.IsNullOrWhiteSpace(RecordingPath),
            nameof(RecordingPath),
            "must be the path of a file, or null to record nothing"
        );
        Require(
            RecordingMaxBytes is null or >= MinRecordingBytes,
            nameof(RecordingMaxBytes),
            $"must be at least {MinRecordingBytes}, or null to set no bound"
        );
        Require(TimeProvider is not null, nameof(TimeProvider), "must be set");
        Require(LoggerFactory is not null, nameof(LoggerFactory), "must be set");
    }

    internal static bool IsAny(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
