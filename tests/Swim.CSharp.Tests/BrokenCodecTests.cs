namespace Swim.CSharp.Tests;

/// <summary>
/// A user's codec that breaks its contract: what it cannot read is refused as Decode, what it cannot write is
/// reported as Encode, and the instance continues.
/// </summary>
public sealed class BrokenCodecTests
{
    private static readonly NamedIdentity Self = new("self", 1);
    private static readonly NamedIdentity Peer = new("peer", 1);

    private readonly FaultyCodec _codec = new();
    private readonly AccumulatingRuntime<NamedIdentity> _runtime = new();
    private readonly SwimInstance<NamedIdentity> _instance;

    public BrokenCodecTests()
    {
        _instance = new SwimInstance<NamedIdentity>(Self, SwimConfig.Simple(), _codec, 1);
        var known = new MemberRecord<NamedIdentity>(Peer, 0, MemberStatus.Alive, null);
        _instance.ApplyMany([known], disseminate: true, _runtime);
        Timer = TakeTimer();
        Forget();
    }

    private SwimTimer<NamedIdentity> Timer { get; }

    public static TheoryData<string> Decoding =>
        [
            .. Enum.GetNames<CodecFault>()
                .Where(name =>
                    Enum.Parse<CodecFault>(name) is > CodecFault.None and < CodecFault.HeaderSizeGrows
                ),
        ];

    public static TheoryData<string> Encoding =>
        [
            .. Enum.GetNames<CodecFault>()
                .Where(name => Enum.Parse<CodecFault>(name) >= CodecFault.HeaderSizeGrows),
        ];

    [Theory]
    [MemberData(nameof(Decoding))]
    public void What_it_cannot_read_is_refused(string fault)
    {
        _codec.Fault = Enum.Parse<CodecFault>(fault);
        var before = _instance.MembershipState.ToList();
        Assert.Equal(SwimError.Decode, _instance.HandleData(Packet(MessageKind.Gossip), _runtime));
        Assert.Equal(before, _instance.MembershipState);
        Assert.Equal(0, _runtime.Backlog);
        AssertGoesOn();
    }

    [Theory]
    [MemberData(nameof(Encoding))]
    public void What_a_caller_asks_for_and_it_cannot_write_is_refused(string fault)
    {
        _codec.Fault = Enum.Parse<CodecFault>(fault);
        var exception = Assert.Throws<SwimException>(() => _instance.Gossip(_runtime));
        Assert.Equal(SwimError.Encode, exception.Error);
        Assert.Equal(0, _runtime.Backlog);
        AssertGoesOn();
    }

    [Theory]
    [MemberData(nameof(Encoding))]
    public void Data_from_the_network_never_throws_because_of_the_answer(string fault)
    {
        _codec.Fault = Enum.Parse<CodecFault>(fault);
        var error = _instance.HandleData(Packet(MessageKind.Ping), _runtime);
        Assert.Equal(SwimError.Encode, error);
        Assert.False(_runtime.TryTakePacket(out _));
        AssertGoesOn();
    }

    /// <summary>Else one packet that cannot be written would end all probing.</summary>
    [Theory]
    [MemberData(nameof(Encoding))]
    public void A_timer_sets_the_timers_that_follow_it_all_the_same(string fault)
    {
        _codec.Fault = Enum.Parse<CodecFault>(fault);
        Assert.Equal(SwimError.Encode, _instance.HandleTimer(Timer, _runtime));
        Assert.False(_runtime.TryTakePacket(out _));
        Assert.Equal(2, _runtime.Backlog);
        AssertGoesOn();
    }

    private void AssertGoesOn()
    {
        _codec.Fault = CodecFault.None;
        Forget();
        Assert.Equal(SwimError.None, _instance.HandleData(Packet(MessageKind.Ping), _runtime));
        Assert.True(_runtime.TryTakePacket(out var answer));
        var decoded = Wire.Decode(NamedCodec.Instance, answer.Data.Span);
        Assert.Equal(MessageKind.Ack, decoded.Kind);
        Assert.Equal(Peer, decoded.Destination);
    }

    private static byte[] Packet(MessageKind kind)
    {
        var header = new PacketHeader<NamedIdentity>(Peer, 0, Self, kind, null!, 7, 0);
        var update = new MemberRecord<NamedIdentity>(new("third", 3), 0, MemberStatus.Alive, null);
        return Wire.Encode(NamedCodec.Instance, new WirePacket<NamedIdentity>(header, [update], []));
    }

    private SwimTimer<NamedIdentity> TakeTimer()
    {
        Assert.True(_runtime.TryTakeTimer(out var timer));
        return timer.Timer;
    }

    private void Forget()
    {
        while (_runtime.TryTakePacket(out _) || _runtime.TryTakeTimer(out _) || _runtime.TryTakeEvent(out _))
        { }
    }
}
