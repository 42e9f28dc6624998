using Swim.Core;

namespace Swim.CSharp.Tests.Support;

/// <summary>A key of the tests: a newer version of a topic makes the older ones worthless.</summary>
internal sealed class CoreTopicKey(int topic, int version) : BroadcastKey
{
    public override bool Invalidates(BroadcastKey other) =>
        other is CoreTopicKey key && key.IsOlder(topic, version);

    private bool IsOlder(int newerTopic, int newerVersion) => topic == newerTopic && version < newerVersion;
}

/// <summary>
/// Events as an enemy or a broken host would make them: from and about any member, timers that were asked for and
/// timers that were not, operations at any time. The random seed fixes all of it.
/// </summary>
internal sealed class AnyEvents(Random random)
{
    private static readonly ushort[] Incarnations = [0, 0, 0, 1, 2, 65534, 65535];

    private readonly List<Core.Timer<NodeIdentity>> _timers = [];

    /// <summary>The next thing that happens to a member in that state.</summary>
    public Event<NodeIdentity> Next(State<NodeIdentity> state) =>
        random.Next(10) switch
        {
            < 5 => Event<NodeIdentity>.NewPacketReceived(Packet(state)),
            < 8 => Event<NodeIdentity>.NewTimerFired(Timer(state)),
            _ => Operation(state),
        };

    /// <summary>Keeps the timers that were asked for, to let them fire later in any order.</summary>
    public void Keep(Effects<NodeIdentity> effects) =>
        _timers.AddRange(effects.OfType<Effect<NodeIdentity>.Schedule>().Select(effect => effect.timer));

    private Packet<NodeIdentity> Packet(State<NodeIdentity> state)
    {
        var kind = (MessageKind)random.Next((int)MessageKind.TurnUndead + 1);
        var isBare = kind is MessageKind.Announce or MessageKind.TurnUndead;
        var to = random.Next(8) == 0 ? AnyMember(state) : state.Identity;

        var header = new PacketHeader<NodeIdentity>(
            AnyMember(state),
            Incarnation(),
            to,
            kind,
            kind is >= MessageKind.PingReq and <= MessageKind.ForwardedAck ? AnyMember(state) : default,
            kind <= MessageKind.ForwardedAck ? Number(state) : 0,
            0
        );

        var updates = isBare || kind == MessageKind.Broadcast ? 0 : random.Next(5);
        var broadcasts = isBare ? 0 : random.Next(3);

        return new Packet<NodeIdentity>(
            header,
            Records(state, updates),
            Enumerable.Range(0, broadcasts).Select(_ => Payload(1 + random.Next(40))).ToArray()
        );
    }

    private Core.Timer<NodeIdentity> Timer(State<NodeIdentity> state)
    {
        if (_timers.Count > 0 && random.Next(8) != 0)
        {
            var at = random.Next(_timers.Count);
            var timer = _timers[at];
            _timers.RemoveAt(at);
            return timer;
        }

        var token = random.Next(3) == 0 ? ulong.MaxValue : state.Token;

        return random.Next(10) switch
        {
            8 => Core.Timer<NodeIdentity>.ResetRenewals,
            9 => Core.Timer<NodeIdentity>.ResetReminders,
            0 => Core.Timer<NodeIdentity>.NewProbeRandomMember(token),
            1 => Core.Timer<NodeIdentity>.NewSendIndirectProbe(AnyMember(state), token),
            2 => Core.Timer<NodeIdentity>.NewChangeSuspectToDown(AnyMember(state), Incarnation(), 0, token),
            3 => Core.Timer<NodeIdentity>.NewPeriodicAnnounce(token),
            4 => Core.Timer<NodeIdentity>.NewPeriodicAnnounceDown(token),
            5 => Core.Timer<NodeIdentity>.NewPeriodicGossip(token),
            6 => Core.Timer<NodeIdentity>.NewRemoveDown(AnyMember(state), Incarnation()),
            _ => Core.Timer<NodeIdentity>.NewRemoveTombstone((ulong)random.Next(6)),
        };
    }

    private Event<NodeIdentity> Operation(State<NodeIdentity> state) =>
        random.Next(12) switch
        {
            0 => Event<NodeIdentity>.NewAnnounceTo(AnyMember(state)),
            1 => Event<NodeIdentity>.GossipNow,
            2 or 3 => Event<NodeIdentity>.BroadcastNow,
            4 => Event<NodeIdentity>.ReuseDownIdentity,
            5 when random.Next(3) == 0 => Event<NodeIdentity>.LeaveCluster,
            5 => Event<NodeIdentity>.NewChangeIdentity(AnyMember(state)),
            6 => Event<NodeIdentity>.NewApplyMany(Records(state, random.Next(6)), random.Next(4) != 0),
            7 or 8 => Event<NodeIdentity>.BroadcastsHandled,
            _ => Event<NodeIdentity>.NewBroadcastAccepted(
                new CoreTopicKey(random.Next(6), random.Next(8)),
                // Now and then nothing at all, or more than a packet takes.
                Payload(random.Next(12) == 0 ? random.Next(2) * 70_000 : random.Next(60))
            ),
        };

    private MemberRecord<NodeIdentity>[] Records(State<NodeIdentity> state, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    Core.MemberRecord.create(AnyMember(state), Incarnation(), (MemberStatus)random.Next(3))
                ),
        ];

    private ReadOnlyMemory<byte> Payload(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private ushort Incarnation() => Incarnations[random.Next(Incarnations.Length)];

    private uint Number(State<NodeIdentity> state) =>
        random.Next(3) == 0 ? (uint)random.Next(4) : state.Probe.Number;

    // Few addresses and few generations, so that what is said of them meets; often one that is known.
    private NodeIdentity AnyMember(State<NodeIdentity> state)
    {
        var isKnown = state.Members.Count > 0 && random.Next(3) != 0;
        return isKnown
            ? state.Members[random.Next(state.Members.Count)].Identity
            : Nodes.At(random.Next(1, 12), (ulong)random.Next(1, 5));
    }
}
