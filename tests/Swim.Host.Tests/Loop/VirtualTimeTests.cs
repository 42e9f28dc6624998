namespace Swim.Host.Tests.Loop;

/// <summary>The timers of a node by a clock that the test moves: things happen exactly when they are due.</summary>
public sealed class VirtualTimeTests
{
    private static readonly SwimConfig Config = SwimConfig.Simple() with
    {
        ProbePeriod = TimeSpan.FromSeconds(1),
        ProbeRtt = TimeSpan.FromMilliseconds(500),
        SuspectToDownAfter = TimeSpan.FromSeconds(3),
        RemoveDownAfter = TimeSpan.FromHours(24),
    };

    /// <summary>
    /// A peer that asked to be let in and then never answers: probed at 1 s, helped at 1.5 s, Suspect at 2 s, Down
    /// at 5 s, forgotten a day later.
    /// </summary>
    [Fact]
    public async Task A_silent_peer_is_suspected_and_declared_down_on_time()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { Config = Config, TimeProvider = clock });
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        var seen = new List<(double Seconds, MemberStatus? Status, string Sent)>();

        for (var step = 0; step < 9; step++)
        {
            await clock.StepAsync();
            seen.Add((clock.Elapsed.TotalSeconds, StatusOf(node, peer), await SentAsync(peer)));
        }

        Assert.Equal(
            [
                (1.0, MemberStatus.Alive, "Ping"),
                (1.5, MemberStatus.Alive, ""),
                (2.0, MemberStatus.Suspect, "Ping"),
                (2.5, MemberStatus.Suspect, ""),
                (3.0, MemberStatus.Suspect, "Ping"),
                (3.5, MemberStatus.Suspect, ""),
                (4.0, MemberStatus.Suspect, "Ping"),
                (4.5, MemberStatus.Suspect, ""),
                (5.0, MemberStatus.Down, "Ping"),
            ],
            seen
        );

        Assert.Equal(ConnectionState.Idle, node.ConnectionState);

        // What is left of the probe rings, to no effect; then the record is forgotten, to the second.
        while (node.Snapshot.MembershipState.Count > 0)
        {
            await clock.StepAsync();
        }

        Assert.Equal(TimeSpan.FromSeconds(5) + Config.RemoveDownAfter, clock.Elapsed);
        Assert.Equal(1, node.Snapshot.TombstoneCount);
        Assert.Equal(0, node.Statistics.ProbeCyclesIncomplete);
        Assert.False(peer.HasReceived);
    }

    /// <summary>One that answers every ping stays, however long.</summary>
    [Fact]
    public async Task A_peer_that_answers_is_never_suspected()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { Config = Config, TimeProvider = clock });
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        for (var second = 1; second <= 20; second++)
        {
            await clock.StepAsync();
            peer.Answer(node, (await peer.ReceiveUntilAsync(MessageKind.Ping))[^1]);

            // An answer to another question shows that the first was handled.
            await peer.AnnounceAsync(node);
            await clock.StepAsync();
            Assert.Equal(second + 0.5, clock.Elapsed.TotalSeconds);
            Assert.Equal(MemberStatus.Alive, StatusOf(node, peer));
        }
    }

    /// <summary>A system clock may ring a little early; that is no reason to act, nor to sleep on.</summary>
    [Fact]
    public async Task An_alarm_that_rings_early_is_set_again()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { Config = Config, TimeProvider = clock });
        await peer.AnnounceAsync(node);
        Assert.Equal(TimeSpan.FromSeconds(1), await clock.AlarmSetAsync());

        clock.Advance(TimeSpan.FromMilliseconds(999));

        for (var time = 0; time < 3; time++)
        {
            clock.RingEarly();
            Assert.Equal(TimeSpan.FromSeconds(1), await clock.AlarmSetAsync());
            Assert.False(peer.HasReceived);
        }

        await clock.StepAsync();
        Assert.Equal("Ping", await SentAsync(peer));
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Elapsed);
    }

    /// <summary>The alarm has whole milliseconds; one that is due in less is not rung for nothing.</summary>
    [Fact]
    public async Task An_alarm_never_rings_before_the_timer_is_due()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var odd = Config with
        {
            ProbePeriod = TimeSpan.FromTicks(10_000_001),
            ProbeRtt = TimeSpan.FromTicks(3_333_333),
        };
        var node = cluster.Start(TestCluster.Options with { Config = odd, TimeProvider = clock });
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        await clock.StepAsync();
        Assert.Equal("Ping", await SentAsync(peer));
        Assert.Equal(TimeSpan.FromMilliseconds(1001), clock.Elapsed);
    }

    /// <summary>A day's sleep of the whole machine: one probe follows, not one for each second that was missed.</summary>
    [Fact]
    public async Task What_was_missed_in_a_long_pause_is_not_made_up_for()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var clock = new SteppedClock();
        var node = cluster.Start(TestCluster.Options with { Config = Config, TimeProvider = clock });
        await peer.AnnounceAsync(node);
        await clock.AlarmSetAsync();

        clock.Advance(TimeSpan.FromDays(1));
        await clock.AlarmSetAsync();
        Assert.Equal("Ping", await SentAsync(peer));
        Assert.Equal(MemberStatus.Alive, StatusOf(node, peer));
    }

    private static MemberStatus? StatusOf(SwimNode node, RawPeer peer) =>
        node.Snapshot.RecordOf(peer.Identity).Status;

    private static async Task<string> SentAsync(RawPeer peer) => string.Join(' ', await peer.ReceivedAsync());
}
