using System.Net;
using System.Threading.Channels;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>
/// A member that knows what it is told, without a network: any number of others, and events at any moment.
/// </summary>
internal sealed class FakeCluster : ISwimCluster
{
    private readonly Channel<WatchedEvent> _published = Channel.CreateUnbounded<WatchedEvent>();
    private readonly AccumulatingRuntime<NodeIdentity> _runtime = new();
    private readonly SwimInstance<NodeIdentity> _instance = new(
        IdentityOf(0),
        SwimConfig.Local(16),
        NodeIdentityCodec.Instance,
        randomSeed: 1
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

    public IReadOnlyList<MemberRecord<NodeIdentity>> Members => _instance.Members;

    public SwimSnapshot<NodeIdentity> Snapshot => _instance.Snapshot;

    public SwimNodeStatistics Statistics { get; } =
        new(0, 0, 0, 0, 0, 0, 0, new Dictionary<SwimError, long>(), 0, 0, 0, 0, 0, []);

    public IReadOnlyList<SwimProbe> RecentProbes { get; set; } = [];

    public bool HasLeft { get; private set; }

    /// <summary>The resynchronization with which a reader would begin now.</summary>
    public WatchedEvent Resynchronization => new(null, Snapshot);

    /// <summary>Learns that of a member.</summary>
    /// <returns>The events of it, which no reader of <see cref="WatchAsync"/> gets.</returns>
    public List<WatchedEvent> Learn(NodeIdentity identity, MemberStatus status, ushort incarnation = 0) =>
        Learn([new MemberRecord<NodeIdentity>(identity, incarnation, status, null)]);

    /// <summary>Learns that of many members at once.</summary>
    /// <inheritdoc cref="Learn(NodeIdentity, MemberStatus, ushort)"/>
    public List<WatchedEvent> Learn(IEnumerable<MemberRecord<NodeIdentity>> records)
    {
        _instance.ApplyMany(records, disseminate: false, _runtime);
        return TakeEvents();
    }

    /// <summary>The time of all timers that were set until now is over.</summary>
    /// <returns>The events of it, which no reader of <see cref="WatchAsync"/> gets.</returns>
    public List<WatchedEvent> ExpireTimers()
    {
        var due = new List<SwimTimer<NodeIdentity>>();

        while (_runtime.TryTakeTimer(out var scheduled))
        {
            due.Add(scheduled.Timer);
        }

        foreach (var timer in due.Order())
        {
            _instance.HandleTimer(timer, _runtime);
        }

        return TakeEvents();
    }

    /// <summary>Learns that of a member, and gives the events of it to those who watch.</summary>
    public void Publish(NodeIdentity identity, MemberStatus status, ushort incarnation = 0)
    {
        foreach (var watched in Learn(identity, status, incarnation))
        {
            _published.Writer.TryWrite(watched);
        }
    }

    /// <summary>Learns that a member is up, and gives the event of it to those who watch.</summary>
    public void Join(NodeIdentity identity) => Publish(identity, MemberStatus.Alive);

    public async IAsyncEnumerable<WatchedEvent> WatchAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        yield return Resynchronization;

        await foreach (var watched in _published.Reader.ReadAllAsync(cancellationToken))
        {
            yield return watched;
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

    private List<WatchedEvent> TakeEvents()
    {
        var events = new List<WatchedEvent>();

        while (_runtime.TryTakeEvent(out var occurred))
        {
            events.Add(new WatchedEvent(occurred, Snapshot));
        }

        while (_runtime.TryTakePacket(out _)) { }

        return events;
    }
}
