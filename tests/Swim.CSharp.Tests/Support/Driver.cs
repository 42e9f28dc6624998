namespace Swim.CSharp.Tests.Support;

/// <summary>
/// One instance, with the test in the part of all other members: what arrives is written by hand, and what is
/// asked of the runtime is taken out and looked at.
/// </summary>
internal sealed class Driver
{
    public static readonly NodeIdentity Self = Nodes.At(1);

    public Driver(SwimConfig? config = null, NodeIdentity? identity = null, ulong randomSeed = 1) =>
        Instance = new SwimInstance<NodeIdentity>(
            identity ?? Self,
            config ?? SwimConfig.Simple(),
            NodeIdentityCodec.Instance,
            randomSeed
        );

    public Driver(ScriptedHandler handler, SwimConfig? config = null) =>
        Instance = SwimInstance<NodeIdentity>.WithCustomBroadcast(
            Self,
            config ?? SwimConfig.Simple(),
            NodeIdentityCodec.Instance,
            1,
            handler
        );

    public SwimInstance<NodeIdentity> Instance { get; }

    public AccumulatingRuntime<NodeIdentity> Runtime { get; } = new();

    /// <summary>Makes members known, as if heard of long ago: nothing waits to be disseminated or taken.</summary>
    public Driver Knowing(params MemberRecord<NodeIdentity>[] members)
    {
        Instance.ApplyMany(members, disseminate: false, Runtime);
        Forget();
        return this;
    }

    /// <summary>Lets go of all that the runtime collected.</summary>
    public void Forget()
    {
        Packets();
        Timers();
        Events();
    }

    /// <summary>A packet from another member arrives; to this member unless said otherwise.</summary>
    public SwimError Receive(
        MessageKind kind,
        NodeIdentity from,
        NodeIdentity? to = null,
        ushort incarnation = 0,
        NodeIdentity named = default,
        uint probeNumber = 0,
        MemberRecord<NodeIdentity>[]? updates = null,
        byte[][]? broadcasts = null
    )
    {
        var header = new PacketHeader<NodeIdentity>(
            from,
            incarnation,
            to ?? Instance.Identity,
            kind,
            named,
            probeNumber,
            0
        );

        return Receive(new WirePacket<NodeIdentity>(header, updates ?? [], broadcasts ?? []));
    }

    public SwimError Receive(WirePacket<NodeIdentity> packet) =>
        Instance.HandleData(Wire.Encode(NodeIdentityCodec.Instance, packet), Runtime);

    /// <summary>Takes the packets that were sent.</summary>
    public List<WirePacket<NodeIdentity>> Packets()
    {
        var packets = new List<WirePacket<NodeIdentity>>();

        while (Runtime.TryTakePacket(out var packet))
        {
            var decoded = Wire.Decode(NodeIdentityCodec.Instance, packet.Data.Span);
            Assert.Equal(packet.Destination, decoded.Destination);
            packets.Add(decoded);
        }

        return packets;
    }

    /// <summary>Takes the timers that were set.</summary>
    public List<ScheduledTimer<NodeIdentity>> Timers()
    {
        var timers = new List<ScheduledTimer<NodeIdentity>>();

        while (Runtime.TryTakeTimer(out var timer))
        {
            timers.Add(timer);
        }

        return timers;
    }

    /// <summary>Takes the one timer of that kind that was set, and lets go of the others.</summary>
    public ScheduledTimer<NodeIdentity> Timer(string kind) =>
        Assert.Single(Timers(), timer => timer.Is(kind));

    /// <summary>Takes the events.</summary>
    public List<SwimEvent<NodeIdentity>> Events()
    {
        var events = new List<SwimEvent<NodeIdentity>>();

        while (Runtime.TryTakeEvent(out var occurred))
        {
            events.Add(occurred);
        }

        return events;
    }
}

internal static class TimerExtensions
{
    /// <summary>What kind of timer it is. Its text begins with it; nothing else about it is public.</summary>
    public static string Kind(this SwimTimer<NodeIdentity> timer) => timer.ToString().Split(' ', '(')[0];

    public static bool Is(this ScheduledTimer<NodeIdentity> timer, string kind) => timer.Timer.Kind() == kind;
}
