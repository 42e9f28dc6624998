using System.Diagnostics.CodeAnalysis;

namespace Swim.Benchmarks;

/// <summary>A period begins with a Ping, the Ack comes (its making is part of this), the direct probe expires.</summary>
internal sealed class ProbeCycle(int members) : Workload(members)
{
    public override void Run()
    {
        Expect(Instance.HandleTimer(PeriodTimer(), Runtime));
        var ping = Runtime.Sent[PacketCodec<BenchmarkIdentity>.FrameSize..];

        if (!Codec.TryDecodeHeader(ping, out var header, out _) || header.Kind != MessageKind.Ping)
        {
            throw new InvalidOperationException("A period must begin with a Ping.");
        }

        Receive(Packet(header.Destination, MessageKind.Ack, header.ProbeNumber));
        Expect(Instance.HandleTimer(Runtime.Indirect, Runtime));
    }

    // The instance asks for the first when it is made.
    private SwimTimer<BenchmarkIdentity> PeriodTimer() => Instance.MemberCount > 0 ? Runtime.Period : default;
}

/// <summary>A new instance is told of all members.</summary>
internal sealed class ApplyMany(int members) : Workload(members)
{
    private readonly MemberRecord<BenchmarkIdentity>[] _all =
    [
        .. Enumerable.Range(1, members).Select(number => Alive(number, 0)),
    ];

    public override void Run() => NewInstance().ApplyMany(_all, disseminate: false, Runtime);
}

/// <summary>What any thread may do at any time: look a member up in a snapshot.</summary>
internal sealed class SnapshotRead(int members) : Workload(members)
{
    private readonly BenchmarkIdentity _member = Identity((members / 2) + 1);

    public override void Run()
    {
        if (!Instance.Snapshot.TryGetMember(_member, out _))
        {
            throw new InvalidOperationException("Every member must be known.");
        }
    }
}

/// <summary>A custom broadcast of 100 bytes takes the place of the one before.</summary>
internal sealed class AddBroadcast(int members) : Workload(members)
{
    private readonly byte[] _payload = new byte[100];

    public override void Run()
    {
        if (!Instance.AddBroadcast(_payload))
        {
            throw new InvalidOperationException("Every item must be new.");
        }
    }

    protected override SwimInstance<BenchmarkIdentity> NewInstance() =>
        SwimInstance<BenchmarkIdentity>.WithCustomBroadcast(Identity(0), Config, Codec, 1, new LatestOnly());

    private readonly record struct Any : IInvalidates<Any>
    {
        public bool Invalidates(Any other) => true;
    }

    private sealed class LatestOnly : IBroadcastHandler<BenchmarkIdentity, Any>
    {
        public BroadcastVerdict Receive(
            ReadOnlySpan<byte> data,
            bool isLocal,
            BenchmarkIdentity sender,
            [MaybeNull] out Any key
        )
        {
            key = default;
            return BroadcastVerdict.Fresh;
        }
    }
}
