using System.Net;
using System.Threading.Channels;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>
/// A member that knows what it is told, without a network: any number of others, and changes at any moment.
/// </summary>
internal sealed class FakeCluster : ISwimCluster
{
    private readonly Channel<SwimChange> _changes = Channel.CreateUnbounded<SwimChange>();
    private readonly AccumulatingRuntime<NodeIdentity> _runtime = new();
    private readonly SwimInstance<NodeIdentity> _instance = new(
        IdentityOf(0),
        SwimConfig.Local(16),
        NodeIdentityCodec.Instance,
        seed: 1
    );

    /// <summary>The member of that number, in its first life unless said otherwise.</summary>
    public static NodeIdentity IdentityOf(int number, ulong generation = 1) =>
        new(
            new IPEndPoint(new IPAddress([10, 1, (byte)(number / 250), (byte)(1 + number % 250)]), 7946),
            generation
        );

    public NodeIdentity Identity => _instance.Identity;

    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Loopback, 7946);

    public ConnectionState ConnectionState => _instance.ConnectionState;

    public IReadOnlyList<Member<NodeIdentity>> Members => _instance.Members;

    public SwimSnapshot<NodeIdentity> Snapshot => _instance.Snapshot;

    public SwimNodeStatistics Statistics { get; } =
        new(0, 0, 0, 0, 0, 0, 0, new Dictionary<SwimError, long>(), 0, 0, 0, 0, 0, []);

    public IReadOnlyList<SwimProbe> RecentProbes { get; set; } = [];

    public bool HasLeft { get; private set; }

    /// <summary>Learns that of a member, and tells nobody.</summary>
    public void Learn(NodeIdentity identity, MemberStatus status, ushort incarnation = 0) =>
        Learn([new Member<NodeIdentity>(identity, incarnation, status)]);

    public void Learn(IEnumerable<Member<NodeIdentity>> members) =>
        _instance.ApplyMany(members, disseminate: false, _runtime);

    /// <summary>The change that would be told of what is known now.</summary>
    public SwimChange Change(SwimChangeKind kind, NodeIdentity identity, NodeIdentity? previous = null) =>
        new(kind, identity, previous, Snapshot);

    /// <summary>Learns that a member is up, and tells of it.</summary>
    public void Join(NodeIdentity identity)
    {
        Learn(identity, MemberStatus.Alive);
        _changes.Writer.TryWrite(Change(SwimChangeKind.MemberUp, identity));
    }

    public async IAsyncEnumerable<SwimChange> WatchAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        yield return Change(SwimChangeKind.Resynchronize, Identity);

        await foreach (var change in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        HasLeft = true;
        return Task.CompletedTask;
    }

    public Task WaitUntilActiveAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<bool> BroadcastAsync(
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(false);

    public Task RejoinAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
