namespace Swim.Benchmarks;

/// <summary>A member in a cluster of a given size, and what is done to it again and again.</summary>
internal abstract class Workload
{
    /// <summary>The sender of what is received: from the middle, so that its place in a list is no luck.</summary>
    private readonly BenchmarkIdentity _sender;

    private SwimInstance<BenchmarkIdentity>? _instance;

    protected Workload(int members)
    {
        Members = members;
        _sender = Identity((members / 2) + 1);
    }

    protected static BenchmarkCodec Codec { get; } = new();

    protected int Members { get; }

    protected Sink Runtime { get; } = new();

    protected SwimInstance<BenchmarkIdentity> Instance => _instance ??= NewMember();

    /// <summary>Makes ready for so many operations; not part of what is measured.</summary>
    public virtual void Prepare(int operations) { }

    /// <summary>One operation.</summary>
    public abstract void Run();

    protected static BenchmarkIdentity Identity(int number) => new((uint)number, 7946, 1);

    protected static MemberRecord<BenchmarkIdentity> Alive(int number, int incarnation) =>
        new(Identity(number), (ushort)incarnation, MemberStatus.Alive, null);

    protected static SwimConfig Config { get; } = SwimConfig.Lan(1000);

    protected void Renew() => _instance = NewMember();

    protected virtual SwimInstance<BenchmarkIdentity> NewInstance() => new(Identity(0), Config, Codec, 1);

    /// <summary>The bytes of a packet to member 0.</summary>
    protected byte[] Packet(MessageKind kind, params MemberRecord<BenchmarkIdentity>[] updates) =>
        Packet(_sender, kind, 7, updates);

    protected static byte[] Packet(
        BenchmarkIdentity sender,
        MessageKind kind,
        uint probeNumber,
        params MemberRecord<BenchmarkIdentity>[] updates
    )
    {
        var codec = new PacketCodec<BenchmarkIdentity>(Codec);
        var header = new PacketHeader<BenchmarkIdentity>(
            sender,
            0,
            Identity(0),
            kind,
            default,
            probeNumber,
            0
        );
        var packet = new Core.Packet<BenchmarkIdentity>(header, updates, []);
        var bytes = new byte[Config.MaxPacketSize];

        return codec.TryEncode(packet, bytes, out var length)
            ? bytes[..length]
            : throw new InvalidOperationException("The packet must fit.");
    }

    protected void Receive(byte[] packet) => Expect(Instance.HandleData(packet, Runtime));

    protected static void Expect(SwimError error)
    {
        if (error != SwimError.None)
        {
            throw new InvalidOperationException(error.ToString());
        }
    }

    private SwimInstance<BenchmarkIdentity> NewMember()
    {
        var instance = NewInstance();
        var others = Enumerable.Range(1, Members).Select(number => Alive(number, 0));
        instance.ApplyMany(others, disseminate: false, Runtime);
        return instance;
    }

    /// <summary>A host that does nothing but remember what a probe needs.</summary>
    internal sealed class Sink : ISwimRuntime<BenchmarkIdentity>
    {
        private readonly byte[] _sent = new byte[1400];
        private int _length;

        public ReadOnlySpan<byte> Sent => _sent.AsSpan(0, _length);

        public SwimTimer<BenchmarkIdentity> Period { get; private set; }

        public SwimTimer<BenchmarkIdentity> Indirect { get; private set; }

        public void Notify(in SwimEvent<BenchmarkIdentity> occurred) { }

        public void SendTo(BenchmarkIdentity destination, ReadOnlySpan<byte> data)
        {
            data.CopyTo(_sent);
            _length = data.Length;
        }

        public void Schedule(SwimTimer<BenchmarkIdentity> timer, TimeSpan after)
        {
            switch (timer.Inner)
            {
                case Core.Timer<BenchmarkIdentity>.ProbeRandomMember:
                    Period = timer;
                    break;
                case Core.Timer<BenchmarkIdentity>.SendIndirectProbe:
                    Indirect = timer;
                    break;
            }
        }
    }
}
