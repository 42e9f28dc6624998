using System.Net;

namespace Swim.Host.Tests.Node;

/// <summary>Every datagram is counted once, as what it was.</summary>
public sealed class StatisticsTests
{
    // Nothing is sent by timers, so every packet is one that the test knows of.
    private static SwimNodeOptions Frozen => TestCluster.Options with { TimeProvider = new SteppedClock() };

    [Fact]
    public async Task A_new_node_has_done_nothing()
    {
        await using var cluster = new TestCluster();
        var statistics = cluster.Start(Frozen).Statistics;
        Assert.Empty(statistics.PacketsRefused);

        Assert.Equal(
            new SwimNodeStatistics(
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                statistics.PacketsRefused,
                0,
                0,
                0,
                0,
                0,
                statistics.Messages
            ),
            statistics
        );

        Assert.Equal(
            Enum.GetValues<MessageKind>().Select(kind => new SwimMessageCount(kind, 0, 0, 0, 0)),
            statistics.Messages
        );
    }

    [Fact]
    public async Task What_is_received_sent_and_refused_is_counted()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen);
        var announce = peer.Packet(MessageKind.Announce, node);
        byte[] junk = [1, 2, 3];
        var broken = (byte[])announce.Clone();
        broken[^1] ^= 1;

        // A packet about ourselves, from a sender that claims to be us.
        var impostor = RawPacket.Encode(
            new PacketHeader<NodeIdentity>(
                node.Identity,
                0,
                node.Identity,
                MessageKind.Gossip,
                default,
                probeNumber: 0,
                0
            )
        );

        peer.Send(junk, node);
        peer.Send(broken, node);
        peer.Send(impostor, node);
        var feed = Assert.Single(await peer.AnnounceAsync(node));
        await node.SettleAsync();

        var statistics = node.Statistics;
        Assert.Equal(4, statistics.PacketsReceived);
        Assert.Equal(
            junk.Length + broken.Length + impostor.Length + announce.Length,
            statistics.BytesReceived
        );
        Assert.Equal(1, statistics.PacketsSent);
        Assert.Equal(feed.Data.Length, statistics.BytesSent);
        Assert.Equal(2, statistics.PacketsRefused.Count);
        Assert.Equal(2, statistics.PacketsRefused[SwimError.Decode]);
        Assert.Equal(1, statistics.PacketsRefused[SwimError.DataFromOurselves]);
        Assert.Equal(0, statistics.ReceiveQueueDrops + statistics.SendFailures + statistics.ReceiveFailures);
        Assert.Equal(2, cluster.Log.RefusedByReason["Decode"]);
        Assert.Equal(1, cluster.Log.RefusedByReason["DataFromOurselves"]);
    }

    /// <summary>
    /// One byte more than allowed shows as too long, rather than cut off to something that may pass for a packet.
    /// </summary>
    [Fact]
    public async Task A_datagram_that_is_too_long_is_refused_as_such()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(Frozen);
        var longest = Frozen.Config.MaxPacketSize;
        int[] tooLong = [longest + 1, longest * 2, 65_507];

        peer.Send(new byte[longest], node);

        foreach (var length in tooLong)
        {
            peer.Send(new byte[length], node);
        }

        await peer.AnnounceAsync(node);
        Assert.Equal(tooLong.Length, node.Statistics.PacketsRefused[SwimError.DataTooBig]);
        Assert.Equal(1, node.Statistics.PacketsRefused[SwimError.Decode]);
        Assert.Equal(5, node.Statistics.PacketsReceived);
    }

    /// <summary>A member with an IPv6 endpoint, to a socket that has IPv4 only.</summary>
    [Fact]
    public async Task What_cannot_be_sent_is_counted()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(Frozen with { TimeProvider = clock });
        var unreachable = new NodeIdentity(new IPEndPoint(IPAddress.IPv6Loopback, 9), 1);

        peer.Gossip(node, new MemberRecord<NodeIdentity>(unreachable, 0, MemberStatus.Alive, null));
        await clock.AlarmSetAsync();

        while (node.Statistics.SendFailures == 0)
        {
            await clock.StepAsync();
        }

        Assert.Contains(node.Members, member => member.Identity == unreachable);
    }
}
