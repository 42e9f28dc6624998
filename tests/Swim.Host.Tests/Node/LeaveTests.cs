namespace Swim.Host.Tests.Node;

/// <summary>Leaving: with a farewell, without one, and for a while.</summary>
public sealed class LeaveTests
{
    /// <summary>Probing would declare no member Down for minutes, so it was the farewell of the leaving node.</summary>
    [Fact]
    public async Task A_node_that_is_disposed_is_seen_as_left_at_once()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3, TestCluster.SlowToSuspect);
        var leaver = nodes[2];

        await leaver.DisposeAsync();

        foreach (var other in nodes[..2])
        {
            await other.LosesAsync(leaver.Identity);
            Assert.Equal(MemberStatus.Down, other.Snapshot.RecordOf(leaver.Identity).Status);
        }

        Assert.True(leaver.Snapshot.HasLeft);
    }

    [Fact]
    public async Task A_node_that_vanishes_is_detected()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3, TestCluster.Options with { LeaveOnDispose = false });
        var vanished = nodes[2];

        await vanished.DisposeAsync();
        Assert.False(vanished.Snapshot.HasLeft);

        foreach (var other in nodes[..2])
        {
            await other.LosesAsync(vanished.Identity);
        }
    }

    [Fact]
    public async Task A_node_that_left_comes_back_under_a_higher_generation_when_it_rejoins()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3, TestCluster.SlowToSuspect);
        var (first, second, third) = (nodes[0], nodes[1], nodes[2]);
        var before = third.Identity;

        await third.LeaveAsync(Deadline.Token);
        Assert.Equal(ConnectionState.Defunct, third.ConnectionState);
        await first.LosesAsync(before);
        await second.LosesAsync(before);

        await third.RejoinAsync(Deadline.Token);
        await first.SeesAsync(second, third);
        await second.SeesAsync(first, third);
        await third.SeesAsync(first, second);
        Assert.True(third.Identity.HasSameAddress(before));
        Assert.True(third.Identity.Generation > before.Generation);
    }

    /// <summary>R12.6: asked, it says that it is Down; of its own accord it says nothing, however long one waits.</summary>
    [Fact]
    public async Task A_node_that_left_is_silent_but_for_answers()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { TimeProvider = clock });
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        await node.LeaveAsync(Deadline.Token);
        var farewell = Assert.Single(await peer.ReceiveUntilAsync(MessageKind.Gossip));
        Assert.Equal(
            MemberStatus.Down,
            farewell.Updates().Single(update => update.Identity == node.Identity).Status
        );

        // The timers of its former life ring, and then none does ever again.
        while (await clock.StepAsync() is not null) { }

        Assert.False(peer.HasReceived);

        peer.Send(peer.Packet(MessageKind.Ping, node), node);
        var answer = Assert.Single(await peer.ReceiveUntilAsync(MessageKind.Gossip));
        Assert.Equal(
            [new MemberRecord<NodeIdentity>(node.Identity, 0, MemberStatus.Down, null)],
            answer.Updates()
        );
    }

    [Fact]
    public async Task Only_a_node_that_is_defunct_can_rejoin()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();

        var refused = await Assert.ThrowsAsync<SwimException>(() => node.RejoinAsync(Deadline.Token));
        Assert.Equal(SwimError.NotUndead, refused.Error);
    }
}
