using System.Net;

namespace Swim.Host;

/// <summary>A member's place in its cluster: who is up, what changes, and what it can do there.</summary>
/// <remarks>All of it may be used from any thread. What is read is a snapshot: consistent, immutable and free.</remarks>
public interface ISwimCluster
{
    /// <summary>Who this member is now. It changes when it was declared down and rejoins.</summary>
    NodeIdentity Identity { get; }

    /// <summary>Where this member listens.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>This member's part in the cluster.</summary>
    ConnectionState ConnectionState { get; }

    /// <summary>The active members, without this one, in no particular order.</summary>
    IReadOnlyList<MemberRecord<NodeIdentity>> Members { get; }

    /// <summary>All that this member knows now.</summary>
    SwimSnapshot<NodeIdentity> Snapshot { get; }

    /// <summary>What this member has done so far.</summary>
    SwimNodeStatistics Statistics { get; }

    /// <summary>The last probes that ended, the latest last; at most 128 (R7).</summary>
    IReadOnlyList<SwimProbe> RecentProbes { get; }

    /// <inheritdoc cref="SwimNode.WaitUntilActiveAsync"/>
    Task WaitUntilActiveAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SwimNode.WatchAsync"/>
    IAsyncEnumerable<WatchedEvent> WatchAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SwimNode.BroadcastAsync"/>
    Task<bool> BroadcastAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SwimNode.LeaveAsync"/>
    Task LeaveAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SwimNode.RejoinAsync"/>
    Task RejoinAsync(CancellationToken cancellationToken = default);
}
