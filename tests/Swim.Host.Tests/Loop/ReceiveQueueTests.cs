using Swim.Host.Telemetry;

namespace Swim.Host.Tests.Loop;

/// <summary>Received packets wait in a queue with a bound; what does not fit is dropped and counted.</summary>
public sealed class ReceiveQueueTests
{
    private const int Capacity = 16;

    /// <summary>The first so many are kept, in order, and every other one is counted.</summary>
    [Fact]
    public async Task The_transport_keeps_as_many_as_it_may()
    {
        const int Sent = 50;
        using var telemetry = new NodeTelemetry(null, null, TimeProvider.System);
        using var transport = new UdpTransport(
            TestCluster.Options with
            {
                ReceiveQueueCapacity = Capacity,
            },
            telemetry
        );
        using var peer = new RawPeer();
        using var stop = new CancellationTokenSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;

        var receiving = transport.ReceiveAsync(
            () =>
            {
                if (++count == Sent)
                {
                    arrived.SetResult();
                }
            },
            stop.Token
        );

        for (byte number = 0; number < Sent; number++)
        {
            peer.Send([number], transport.LocalEndPoint);
        }

        await arrived.Task.Within("all datagrams arrive");
        Assert.Equal(Sent, telemetry.Statistics.PacketsReceived);
        Assert.Equal(Sent - Capacity, telemetry.Statistics.ReceiveQueueDrops);

        for (byte number = 0; number < Capacity; number++)
        {
            Assert.True(transport.TryTake(out var datagram));
            Assert.Equal([number], datagram.Data);
            datagram.Return();
        }

        Assert.False(transport.TryTake(out _));
        await stop.CancelAsync();
        await receiving.Within("receiving ends");
    }

    [Fact]
    public async Task A_node_whose_loop_is_held_up_drops_what_it_cannot_keep_and_is_well_after()
    {
        const int Sent = 200;
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        var node = cluster.Start(TestCluster.SlowToSuspect with { ReceiveQueueCapacity = Capacity }, gate);
        peer.Broadcast(node, [1]);
        await gate.Entered.Within("the loop is held up");

        await SendJunkAsync(peer, node, Sent);
        await Deadline.UntilAsync(
            () => node.Statistics.ReceiveQueueDrops == Sent - Capacity,
            () => $"what does not fit is counted; {node.Statistics}"
        );
        Assert.Empty(node.Statistics.PacketsRefused);
        gate.Open();

        var other = cluster.Start(TestCluster.SlowToSuspect, node);
        await other.UntilAsync(
            "the node answers",
            snapshot => snapshot.Members.Any(member => member.Identity == node.Identity)
        );
        Assert.Equal(Capacity, node.Statistics.PacketsRefused[SwimError.Decode]);
    }

    /// <summary>
    /// After a pause the loop takes what waits before it fires its late timers, and then it does fire them, with
    /// more waiting than it takes at once and nothing arriving any more.
    /// </summary>
    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    public async Task After_a_pause_the_loop_goes_on_by_itself(int waiting)
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { TimeProvider = clock }, gate);
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();
        peer.Broadcast(node, [1]);
        await gate.Entered.Within("the loop is held up");

        await SendJunkAsync(peer, node, waiting);
        clock.Advance(TimeSpan.FromSeconds(10));
        gate.Open();

        await clock.AlarmSetAsync();
        Assert.Contains(await peer.ReceivedAsync(), packet => packet.Header.Kind == MessageKind.Ping);
        await Deadline.UntilAsync(
            () => node.Statistics.PacketsRefused[SwimError.Decode] == waiting,
            () => $"all that waited was taken; {node.Statistics}"
        );
    }

    /// <summary>
    /// The word that clears a suspect waits in the queue, behind more than the loop takes at once, while the suspect's
    /// time runs out: it is heard first.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public async Task After_a_pause_what_waits_is_heard_before_anyone_is_declared_down(int before)
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        using var gate = new Gate();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { TimeProvider = clock }, gate);
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        while (node.Snapshot.RecordOf(peer.Identity).Status == MemberStatus.Alive)
        {
            await clock.StepAsync();
        }

        peer.Broadcast(node, [1]);
        await gate.Entered.Within("the loop is held up");
        await SendJunkAsync(peer, node, before);
        peer.Refute(node, incarnation: 1);

        // One more: when that is received, the one before it waits in the queue for certain.
        await SendJunkAsync(peer, node, 1);
        clock.Advance(TimeSpan.FromMinutes(1));
        gate.Open();

        await clock.AlarmSetAsync();
        Assert.Equal(
            new MemberRecord<NodeIdentity>(peer.Identity, 1, MemberStatus.Alive, null),
            node.Snapshot.RecordOf(peer.Identity)
        );
    }

    /// <summary>Sends junk no faster than the system's own buffer is emptied.</summary>
    private static async Task SendJunkAsync(RawPeer peer, SwimNode node, int count)
    {
        var before = node.Statistics.PacketsReceived;

        for (var sent = 1; sent <= count; sent++)
        {
            peer.Send([1, 2, 3], node);
            var expected = before + sent;

            if (sent % 100 == 0 || sent == count)
            {
                await Deadline.UntilAsync(
                    () => node.Statistics.PacketsReceived >= expected,
                    () => $"{expected} datagrams are received; {node.Statistics}"
                );
            }
        }
    }
}
