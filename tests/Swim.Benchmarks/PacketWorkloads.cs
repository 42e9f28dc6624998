namespace Swim.Benchmarks;

/// <summary>A Ping without updates comes in, its Ack goes out.</summary>
internal sealed class PingAck : Workload
{
    private readonly byte[] _ping;

    public PingAck(int members)
        : base(members) => _ping = Packet(MessageKind.Ping);

    public override void Run() => Receive(_ping);
}

/// <summary>A Gossip with 30 updates that are known.</summary>
internal sealed class GossipStale : Workload
{
    private readonly byte[] _gossip;

    public GossipStale(int members)
        : base(members) =>
        _gossip = Packet(
            MessageKind.Gossip,
            [.. Enumerable.Range(0, 30).Select(index => Alive(1 + (int)((long)index * members / 30), 0))]
        );

    public override void Run() => Receive(_gossip);
}

/// <summary>A Gossip with 30 updates, each of which is news, about random members.</summary>
internal sealed class GossipFresh(int members) : Workload(members)
{
    private const int Updates = 30;

    private readonly Random _random = new(1);
    private readonly ushort[] _incarnations = new ushort[members + 1];
    private byte[][] _gossips = [];
    private int _next;

    // Each incarnation is news once. Before one runs out, the member starts again as it was.
    public override void Prepare(int operations)
    {
        var most = operations * (long)Updates / Members * 2;

        if (_next == 0 || _incarnations.Max() + most + 1000 > ushort.MaxValue)
        {
            Renew();
            Array.Clear(_incarnations);
        }

        _gossips = new byte[operations][];
        _next = 0;

        for (var at = 0; at < operations; at++)
        {
            var updates = new MemberRecord<BenchmarkIdentity>[Updates];

            for (var index = 0; index < Updates; index++)
            {
                var number = 1 + _random.Next(Members);
                updates[index] = Alive(number, ++_incarnations[number]);
            }

            _gossips[at] = Packet(MessageKind.Gossip, updates);
        }
    }

    public override void Run() => Receive(_gossips[_next++]);
}

/// <summary>An Announce comes in, a Feed of up to 1400 bytes goes out.</summary>
internal sealed class AnnounceFeed : Workload
{
    private readonly byte[] _announce;

    public AnnounceFeed(int members)
        : base(members) => _announce = Packet(MessageKind.Announce);

    public override void Run() => Receive(_announce);
}
