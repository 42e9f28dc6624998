namespace Swim.CSharp.Tests;

/// <summary>foca's <c>AccumulatingRuntime</c>: what was asked for, in its order, and nothing else.</summary>
public sealed class AccumulatingRuntimeTests
{
    private readonly AccumulatingRuntime<NodeIdentity> _runtime = new();

    [Fact]
    public void Packets_come_out_in_order_and_are_copies()
    {
        byte[] buffer = [1, 2, 3];
        _runtime.SendTo(Nodes.At(1), buffer);
        buffer[0] = 9;
        _runtime.SendTo(Nodes.At(2), buffer.AsSpan(0, 2));
        Assert.Equal(2, _runtime.Backlog);

        Assert.True(_runtime.TryTakePacket(out var packet));
        Assert.Equal(Nodes.At(1), packet.Destination);
        Assert.Equal([1, 2, 3], packet.Data.ToArray());
        Assert.True(_runtime.TryTakePacket(out packet));
        Assert.Equal(Nodes.At(2), packet.Destination);
        Assert.Equal([9, 2], packet.Data.ToArray());
        Assert.False(_runtime.TryTakePacket(out _));
    }

    [Fact]
    public void Timers_and_events_come_out_in_order()
    {
        // Two members become known: two events, then the one of being active.
        var driver = new Driver();
        var members = Nodes.Crowd(first: 2, count: 2);
        driver.Instance.ApplyMany(members, disseminate: true, _runtime);
        Assert.Equal(3 + 1, _runtime.Backlog);

        foreach (var member in members)
        {
            Assert.True(_runtime.TryTakeEvent(out var up));
            Assert.Equal(Occurred.Up(member, ChangeCause.Gossip), up);
        }

        Assert.True(_runtime.TryTakeEvent(out var active));
        var self = Nodes.Alive(Driver.Self);
        Assert.Equal(Occurred.Of(SwimEventKind.Active, self, self, ChangeCause.Gossip), active);
        Assert.False(_runtime.TryTakeEvent(out _));

        Assert.True(_runtime.TryTakeTimer(out var timer));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), timer.After);
        Assert.False(_runtime.TryTakeTimer(out _));
        Assert.Equal(0, _runtime.Backlog);
    }
}
