using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Support;

/// <summary>
/// A member that is no more than a socket: it sends what the test says and answers nothing. Packets on loopback
/// arrive in the order they were sent, so an answer shows that all before it were handled.
/// </summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public RawPeer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        Identity = NodeIdentity.Create(EndPoint);
    }

    public IPEndPoint EndPoint { get; }

    public NodeIdentity Identity { get; set; }

    /// <summary>The peer as a seed of others.</summary>
    public SeedAddress Seed => SeedAddress.Parse(EndPoint.ToString());

    /// <summary>Whether something arrived that was not received yet.</summary>
    public bool HasReceived => _socket.Available > 0;

    /// <summary>Sends bytes as they are.</summary>
    public void Send(ReadOnlySpan<byte> data, IPEndPoint to) => _socket.SendTo(data, SocketFlags.None, to);

    public void Send(ReadOnlySpan<byte> data, SwimNode to) => Send(data, to.LocalEndPoint);

    /// <summary>Asks to be let in and waits for the answer; what came before it is returned too.</summary>
    public async Task<List<RawPacket>> AnnounceAsync(SwimNode to)
    {
        Send(Packet(MessageKind.Announce, to), to);
        return await ReceiveUntilAsync(MessageKind.Feed);
    }

    /// <summary>Tells a node of other members.</summary>
    public void Gossip(SwimNode to, params IReadOnlyCollection<MemberRecord<NodeIdentity>> updates) =>
        Send(Packet(MessageKind.Gossip, to, updates), to);

    /// <summary>Says that it is alive, with a higher incarnation than anyone suspects.</summary>
    public void Refute(SwimNode to, ushort incarnation) =>
        Send(Packet(MessageKind.Gossip, to, incarnation: incarnation), to);

    /// <summary>Gives a node custom broadcasts.</summary>
    public void Broadcast(SwimNode to, params IReadOnlyCollection<byte[]> items) =>
        Send(Packet(MessageKind.Gossip, to, broadcasts: items), to);

    /// <summary>Answers a ping.</summary>
    public void Answer(SwimNode to, RawPacket ping)
    {
        var header = new PacketHeader<NodeIdentity>(
            Identity,
            0,
            to.Identity,
            MessageKind.Ack,
            default,
            ping.Header.ProbeNumber,
            0
        );
        Send(RawPacket.Encode(header), to);
    }

    /// <summary>A packet from this peer.</summary>
    public byte[] Packet(
        MessageKind kind,
        SwimNode to,
        IReadOnlyCollection<MemberRecord<NodeIdentity>>? updates = null,
        IReadOnlyCollection<byte[]>? broadcasts = null,
        ushort incarnation = 0
    )
    {
        var header = new PacketHeader<NodeIdentity>(
            Identity,
            incarnation,
            to.Identity,
            kind,
            default,
            probeNumber: 0,
            0
        );

        return RawPacket.Encode(header, updates, broadcasts);
    }

    /// <summary>Waits for a packet of that kind; what came before it is returned too.</summary>
    public async Task<List<RawPacket>> ReceiveUntilAsync(MessageKind kind)
    {
        var packets = new List<RawPacket>();

        do
        {
            packets.Add(await ReceiveAsync($"a {kind} arrives, after [{string.Join(", ", packets)}]"));
        } while (packets[^1].Header.Kind != kind);

        return packets;
    }

    /// <summary>Takes what has arrived already.</summary>
    public async Task<List<RawPacket>> ReceivedAsync()
    {
        var packets = new List<RawPacket>();

        while (HasReceived)
        {
            packets.Add(await ReceiveAsync("what arrived already can be read"));
        }

        return packets;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RawPacket> ReceiveAsync(string what)
    {
        var buffer = new byte[65536];
        var length = await _socket.ReceiveAsync(buffer, Deadline.Token).AsTask().Within(what);
        return RawPacket.Decode(buffer[..length]);
    }
}
