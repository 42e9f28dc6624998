namespace Swim.CSharp.Tests;

/// <summary>foca's <c>add_broadcast</c>: data of our own, through the handler (R8.7).</summary>
public sealed class AddBroadcastTests
{
    private readonly ScriptedHandler _handler = new();

    [Fact]
    public void What_is_fresh_is_disseminated_and_what_is_stale_is_not()
    {
        var instance = new Driver(_handler).Instance;
        Assert.True(instance.AddBroadcast([1, 1]));
        Assert.False(instance.AddBroadcast([1, 1]));
        Assert.Equal(1, instance.CustomBroadcastBacklog);
        Assert.Equal(2, _handler.Offered.Count);
        Assert.All(_handler.Offered, offer => Assert.True(offer.IsLocal));
        Assert.All(_handler.Offered, offer => Assert.Equal(default, offer.Sender));
    }

    [Fact]
    public void An_empty_item_is_refused_before_the_handler_is_asked()
    {
        AssertRefused(SwimError.MalformedPacket, new Driver(_handler).Instance, []);
        Assert.Empty(_handler.Offered);
    }

    [Fact]
    public void The_largest_item_fills_a_packet_to_the_last_byte()
    {
        var driver = new Driver(_handler, SwimConfig.Simple() with { MaxPacketSize = 300 });
        driver.Knowing(Nodes.Alive(Nodes.At(2)));
        var item = ScriptedHandler.Item(1, 1, driver.Instance.MaxBroadcastSize);
        Assert.True(driver.Instance.AddBroadcast(item));

        driver.Instance.Gossip(driver.Runtime);

        Assert.True(driver.Runtime.TryTakePacket(out var packet));
        Assert.Equal(300, packet.Data.Length);
        Assert.Equal(item, Wire.Decode(NodeIdentityCodec.Instance, packet.Data.Span).Broadcasts[0]);
    }

    [Fact]
    public void A_larger_item_is_refused_with_both_sizes()
    {
        var instance = new Driver(_handler, SwimConfig.Simple() with { MaxPacketSize = 300 }).Instance;
        var item = ScriptedHandler.Item(1, 1, instance.MaxBroadcastSize + 1);
        var message = AssertRefused(SwimError.DataTooBig, instance, item);
        Assert.Contains($"{item.Length} bytes", message, StringComparison.Ordinal);
        Assert.Contains($"room for {instance.MaxBroadcastSize}", message, StringComparison.Ordinal);
        Assert.Empty(_handler.Offered);
    }

    [Fact]
    public void Without_a_handler_everything_is_rejected()
    {
        var message = AssertRefused(SwimError.CustomBroadcast, new Driver().Instance, [1]);
        Assert.Contains("WithCustomBroadcast", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_handler_finds_invalid_is_refused()
    {
        _handler.Verdict = BroadcastVerdict.Invalid;
        AssertRefused(SwimError.CustomBroadcast, new Driver(_handler).Instance, [1, 1]);
    }

    [Fact]
    public void A_fresh_item_without_a_key_is_refused()
    {
        _handler.NamesItems = false;
        AssertRefused(SwimError.CustomBroadcast, new Driver(_handler).Instance, [1, 1]);
    }

    [Fact]
    public void What_the_handler_throws_reaches_the_caller_and_changes_nothing()
    {
        var instance = new Driver(_handler).Instance;
        _handler.OnReceive = _ => throw new FormatException("no such topic");
        Assert.Throws<FormatException>(() => instance.AddBroadcast([1, 1]));
        Assert.Equal(0, instance.CustomBroadcastBacklog);
        Assert.Null(instance.LastBroadcastException);
        _handler.OnReceive = _ => { };
        Assert.True(instance.AddBroadcast([1, 1]));
    }

    [Fact]
    public void The_data_is_copied()
    {
        var driver = new Driver(_handler).Knowing(Nodes.Alive(Nodes.At(2)));
        byte[] data = [1, 1, 7];
        driver.Instance.AddBroadcast(data);
        data[2] = 0;
        driver.Instance.Broadcast(driver.Runtime);
        Assert.Equal([1, 1, 7], Assert.Single(Assert.Single(driver.Packets()).Broadcasts));
    }

    [Fact]
    public void A_newer_item_drops_those_that_its_key_invalidates_and_no_others()
    {
        var driver = new Driver(_handler).Knowing(Nodes.Alive(Nodes.At(2)));
        driver.Instance.AddBroadcast([1, 1]);
        driver.Instance.AddBroadcast([2, 1]);
        driver.Instance.AddBroadcast([1, 2]);
        driver.Instance.AddBroadcast([1, 3]);
        Assert.Equal(2, driver.Instance.CustomBroadcastBacklog);

        driver.Instance.Broadcast(driver.Runtime);
        var items = Assert.Single(driver.Packets()).Broadcasts.OrderBy(item => item[0]);
        Assert.Equal(
            [
                [1, 3],
                [2, 1],
            ],
            items
        );
    }

    [Fact]
    public void An_item_is_carried_as_often_as_an_update()
    {
        var config = SwimConfig.Simple() with { MaxTransmissions = 4, IndirectProbes = 1 };
        var driver = new Driver(_handler, config).Knowing(Nodes.Alive(Nodes.At(2)));
        driver.Instance.AddBroadcast([1, 1]);

        for (var transmission = 0; transmission < 4; transmission++)
        {
            Assert.Equal(1, driver.Instance.CustomBroadcastBacklog);
            driver.Instance.Gossip(driver.Runtime);
        }

        Assert.Equal(0, driver.Instance.CustomBroadcastBacklog);
        Assert.All(driver.Packets(), packet => Assert.Single(packet.Broadcasts));
    }

    private string AssertRefused(SwimError error, SwimInstance<NodeIdentity> instance, byte[] data)
    {
        var exception = Assert.Throws<SwimException>(() => instance.AddBroadcast(data));
        Assert.Equal(error, exception.Error);
        Assert.Equal(0, instance.CustomBroadcastBacklog);
        return exception.Message;
    }
}
