using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swim.Recording;
using static Swim.Host.Bounds;

namespace Swim.Host;

/// <summary>The options of a <see cref="SwimNode"/>, checked when it starts.</summary>
public sealed record SwimNodeOptions
{
    /// <summary>The smallest bound of a recording, in bytes: room for several hundred members.</summary>
    internal const int MinRecordingBytes = 65_536;

    /// <summary>
    /// The endpoint to listen at. Port 0 takes a free port. With an "any" address, set
    /// <see cref="AdvertiseEndPoint"/> too.
    /// </summary>
    public required IPEndPoint BindEndPoint { get; init; }

    /// <summary>
    /// The endpoint at which other members reach this node, if it differs from <see cref="BindEndPoint"/>: behind
    /// NAT, in a container, or when listening at "any". Port 0 stands for the port that the node listens at.
    /// </summary>
    public IPEndPoint? AdvertiseEndPoint { get; init; }

    /// <summary>
    /// The addresses to join through; one that answers is enough. Without any, the node starts a cluster.
    /// </summary>
    public IReadOnlyList<SeedAddress> Seeds { get; init; } = [];

    /// <summary>Providers of more seeds. The caller that made a provider disposes it.</summary>
    public IReadOnlyList<ISeedProvider> SeedProviders { get; init; } = [];

    /// <summary>
    /// The period in which the node asks seeds that are not members while it is in a cluster. This merges clusters
    /// that formed separately, for instance because DNS did not list all members yet. More than zero and at most
    /// one day; null asks only while no active member is known.
    /// </summary>
    public TimeSpan? SeedRefreshPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A file that remembers up to 32 members, so that the node can rejoin after a restart without seeds, and the
    /// generation of this node (R12.12); null remembers nothing. Its folder must exist. The node replaces the whole
    /// file, at most every five seconds, and logs and replaces a damaged one. Each node needs a file of its own.
    /// </summary>
    public string? MembersPath { get; init; }

    /// <summary>The parameters of the protocol, the same for all members of a cluster (R10).</summary>
    public SwimConfig Config { get; init; } = SwimConfig.Lan(16);

    /// <summary>
    /// The wait before the node asks its seeds for the second time; each further wait is twice as long. More than
    /// zero, at most <see cref="JoinRetryMax"/>.
    /// </summary>
    public TimeSpan JoinRetryMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before the node asks its seeds again. More than zero, at most one day.</summary>
    public TimeSpan JoinRetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the node leaves the cluster when it is disposed. If not, other members see it crash.
    /// </summary>
    public bool LeaveOnDispose { get; init; } = true;

    /// <summary>
    /// The longest time that disposing takes; the node then stops without having left. More than zero, at most one
    /// day.
    /// </summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The number of received packets that may wait for the loop of the node, from 1 to 1,048,576. When the queue is
    /// full, new packets are dropped and counted.
    /// </summary>
    public int ReceiveQueueCapacity { get; init; } = 4096;

    /// <summary>
    /// The number of events that may wait for one reader of <see cref="SwimNode.WatchAsync"/>, from 1 to 1,048,576.
    /// When the queue is full, one resynchronization takes the place of all.
    /// </summary>
    public int EventQueueCapacity { get; init; } = 1024;

    /// <summary>
    /// A file that records every packet, timer and request of this node, so that it can be replayed; null records
    /// nothing. The file must not exist, but its folder must. The file has all that the node did even if its
    /// process is killed. It grows with every packet and timer, unless <see cref="RecordingMaxBytes"/> is set. If
    /// it can no longer be written, the node logs that once and continues without it.
    /// <c>spec/recording-format.md</c> describes it.
    /// </summary>
    public string? RecordingPath { get; init; }

    /// <summary>
    /// The bytes of recordings that are kept on the disk, at least 65,536; null sets no bound. With a bound there
    /// are at most two files, each up to half of it. When the file at <see cref="RecordingPath"/> is full,
    /// <c>.1</c> is appended to its name, which replaces an older file, and a new file begins with all that the
    /// node knows, so that each file can be replayed by itself. That takes about 20 bytes for each known member and
    /// must fit into a quarter of the bound; if it does not, the node logs that once and the recording ends.
    /// Writing it delays the loop of the node once per file, by about 2 ms with 10,000 members and up to 60 ms with
    /// 100,000.
    /// </summary>
    public long? RecordingMaxBytes { get; init; }

    /// <summary>
    /// Whether a recording keeps the contents of custom broadcasts. If not, it keeps only their lengths, which is
    /// enough to replay it.
    /// </summary>
    public bool RecordBroadcastPayloads { get; init; }

    /// <summary>The seed of the node's random choices, for tests; null draws one.</summary>
    public ulong? RandomSeed { get; init; }

    /// <summary>The clock of the timers and of the generation (R12.12).</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The factory of the logger, whose category is <c>Swim.Host.SwimNode</c>.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The factory of the meter <c>Swim</c>; null for a meter that is shared by the process.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// The attribute <c>swim.node.name</c>, which distinguishes nodes of one process in metrics; null leaves it out.
    /// Other members never see it.
    /// </summary>
    public string? NodeName { get; init; }

    /// <summary>Makes the file of a recording. Tests replace it to let the disk fail.</summary>
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
        RequireCapacity(EventQueueCapacity, nameof(EventQueueCapacity));
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
