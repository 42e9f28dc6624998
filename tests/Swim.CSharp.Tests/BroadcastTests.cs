namespace Swim.CSharp.Tests;

/// <summary>foca's <c>broadcast</c>: custom broadcasts alone, to those who may have them (R8.3).</summary>
public sealed class BroadcastTests
{
    private readonly ScriptedHandler _handler = new();

    [Fact]
    public void A_broadcast_packet_carries_custom_broadcasts_and_no_updates()
    {
        var driver = new Driver(_handler).Knowing(Nodes.Crowd(first: 2, count: 5));
        driver.Instance.ApplyMany([Nodes.Suspect(Nodes.At(9))], disseminate: true, driver.Runtime);
        driver.Instance.AddBroadcast([1, 1, 42]);
        driver.Forget();

        driver.Instance.Broadcast(driver.Runtime);

        var packets = driver.Packets();
        Assert.Equal(3, packets.Count);
        Assert.Equal(3, packets.Select(packet => packet.Destination).Distinct().Count());
        Assert.All(packets, packet => Assert.Equal(MessageKind.Broadcast, packet.Kind));
        Assert.All(packets, packet => Assert.Empty(packet.Updates));
        Assert.All(packets, packet => Assert.Equal([1, 1, 42], Assert.Single(packet.Broadcasts)));
        Assert.Equal(1, driver.Instance.UpdatesBacklog);
    }

    [Fact]
    public void Broadcasting_sends_nothing_when_no_item_waits()
    {
        var driver = new Driver(_handler).Knowing(Nodes.Crowd(first: 2, count: 5));
        driver.Instance.ApplyMany([Nodes.Suspect(Nodes.At(9))], disseminate: true, driver.Runtime);
        driver.Forget();
        driver.Instance.Broadcast(driver.Runtime);
        Assert.Equal(0, driver.Runtime.Backlog);
    }

    [Fact]
    public void Broadcasting_stops_when_no_item_waits()
    {
        var driver = new Driver(_handler, SwimConfig.Simple() with { MaxTransmissions = 2 });
        driver.Knowing(Nodes.Crowd(first: 2, count: 9));
        driver.Instance.AddBroadcast([1, 1]);
        driver.Instance.Broadcast(driver.Runtime);
        Assert.Equal(2, driver.Packets().Count);
        Assert.Equal(0, driver.Instance.CustomBroadcastBacklog);
    }

    [Fact]
    public void A_broadcast_reaches_each_member_that_accepts_it_however_many_do_not()
    {
        var only = Nodes.At(77);
        _handler.Filter = member => member == only;
        var driver = new Driver(_handler).Knowing(Nodes.Crowd(first: 2, count: 100));
        driver.Instance.AddBroadcast([1, 1]);
        driver.Instance.Broadcast(driver.Runtime);
        Assert.Equal(only, Assert.Single(driver.Packets()).Destination);
    }

    [Fact]
    public void The_filter_holds_for_what_rides_on_other_messages_too()
    {
        _handler.Filter = member => member == Nodes.At(2);
        var driver = new Driver(_handler).Knowing(Nodes.Crowd(first: 2, count: 3));
        driver.Instance.ApplyMany([Nodes.Suspect(Nodes.At(9))], disseminate: true, driver.Runtime);
        driver.Instance.AddBroadcast([1, 1]);
        driver.Forget();

        driver.Instance.Gossip(driver.Runtime);
        driver.Receive(MessageKind.Ping, Nodes.At(3), probeNumber: 1);
        driver.Receive(MessageKind.Ping, Nodes.At(2), probeNumber: 1);

        var packets = driver.Packets();
        Assert.Contains(packets, packet => packet.Destination == Nodes.At(2));
        Assert.All(packets, packet => Assert.NotEmpty(packet.Updates));

        Assert.All(
            packets,
            packet => Assert.Equal(packet.Destination == Nodes.At(2) ? 1 : 0, packet.Broadcasts.Count)
        );
    }

    [Fact]
    public void Without_a_filter_every_member_gets_custom_broadcasts()
    {
        IBroadcastHandler<NodeIdentity, TopicKey> handler = new Unfiltered();
        Assert.True(handler.ShouldAddBroadcastData(Nodes.At(2)));
    }

    [Fact]
    public void An_item_reaches_the_handler_of_a_peer()
    {
        var cluster = new VirtualCluster<NodeIdentity>(NodeIdentityCodec.Instance);
        var heard = new ScriptedHandler();
        var first = cluster.Add(Make(1, _handler));
        var second = cluster.Add(Make(2, heard));
        cluster.Do(second, (instance, runtime) => instance.Announce(Nodes.At(1), runtime));
        cluster.RunFor(TimeSpan.FromMilliseconds(2));

        first.Instance.AddBroadcast([5, 1, 9]);
        cluster.Do(first, (instance, runtime) => instance.Broadcast(runtime));
        cluster.RunFor(TimeSpan.FromMilliseconds(1));

        var (data, isLocal, sender) = Assert.Single(heard.Offered);
        Assert.Equal([5, 1, 9], data);
        Assert.False(isLocal);
        Assert.Equal(Nodes.At(1), sender);
        Assert.Equal(1, second.Instance.CustomBroadcastBacklog);
    }

    private static SwimInstance<NodeIdentity> Make(int number, ScriptedHandler handler) =>
        SwimInstance<NodeIdentity>.WithCustomBroadcast(
            Nodes.At(number),
            SwimConfig.Simple(),
            NodeIdentityCodec.Instance,
            (ulong)number,
            handler
        );

    private sealed class Unfiltered : IBroadcastHandler<NodeIdentity, TopicKey>
    {
        public BroadcastVerdict Receive(
            ReadOnlySpan<byte> data,
            bool isLocal,
            NodeIdentity sender,
            out TopicKey? key
        )
        {
            key = null;
            return BroadcastVerdict.Stale;
        }
    }
}
