using System.Net;

namespace Swim.Host;

/// <summary>
/// A member of a cluster as the service around it sees it: the other members, their changes, and its own operations.
/// </summary>
/// <remarks>Safe for use by any thread. Properties read a snapshot, which is consistent and costs nothing.</remarks>
public interface ISwimCluster
{
    /// <summary>
    /// The identity of this member. It changes when the member is declared Down and rejoins (R5.3).
    /// </summary>
    NodeIdentity Identity { get; }

    /// <summary>The endpoint at which this member listens.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Whether this member is Idle, Active or Defunct (R4.1).</summary>
    ConnectionState ConnectionState { get; }

    /// <summary>The other active members, in no particular order.</summary>
    IReadOnlyList<MemberRecord<NodeIdentity>> Members { get; }

    /// <summary>All that this member knows at this moment.</summary>
    SwimSnapshot<NodeIdentity> Snapshot { get; }

    /// <summary>The figures of this member since it started.</summary>
    SwimNodeStatistics Statistics { get; }

    /// <summary>The last probes that ended, at most 128, the latest last (R7).</summary>
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
