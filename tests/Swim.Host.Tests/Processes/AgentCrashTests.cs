namespace Swim.Host.Tests.Processes;

/// <summary>Three real processes, of which one crashes or freezes.</summary>
[Collection(nameof(Alone))]
public sealed class AgentCrashTests
{
    private const string Preset = "local";

    /// <summary>
    /// The longest time to detect a crash: with n members to probe, each of the others probes it after 2n - 1 periods
    /// at the latest, waits one more for the answer, and then waits until the suspicion expires.
    /// </summary>
    private static TimeSpan DetectionBound
    {
        get
        {
            const int Members = 3;
            var config = SwimConfig.Local(AgentCluster.Size);
            return (config.ProbePeriod * ((2 * Members) - 1))
                + config.ProbePeriod
                + config.SuspectToDownAfter;
        }
    }

    [Fact]
    public async Task A_killed_agent_is_declared_down_in_time_and_its_restart_joins_under_a_higher_generation()
    {
        await using var cluster = new AgentCluster(Preset);
        var agents = await cluster.FormAsync();
        var (killed, others) = (agents[2], agents[..2]);
        var downs = new List<AgentEvent>();

        var time = DateTimeOffset.UtcNow;
        await killed.Process.SignalAsync("KILL");

        foreach (var other in others)
        {
            var down = await other.LosesAsync(killed, since: time);
            Assert.InRange(down.Time - time, TimeSpan.Zero, DetectionBound);
            downs.Add(down);
        }

        Assert.NotEqual(0, await killed.Process.ExitAsync());

        var restarted = await cluster.StartAsync(killed.EndPoint, others[0]);
        Assert.Equal(killed.EndPoint, restarted.EndPoint);
        Assert.True(restarted.Listening.Generation > killed.Listening.Generation);
        await restarted.SeesAsync(others);

        foreach (var (other, down) in others.Zip(downs))
        {
            var up = await other.SeesAgainAsync(down);
            Assert.True(up.Generation >= restarted.Listening.Generation);
        }
    }

    /// <summary>
    /// Frozen until it is declared down, the agent learns of that as soon as it continues. The first agent is the seed
    /// of the others, and no special member: the others stay a cluster without it, and it rejoins them.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_frozen_agent_is_declared_down_and_rejoins_when_it_continues(int index)
    {
        await using var cluster = new AgentCluster(Preset);
        var agents = await cluster.FormAsync();
        var frozen = agents[index];
        var others = agents.Where(agent => agent != frozen).ToArray();
        var downs = new List<AgentEvent>();

        var time = DateTimeOffset.UtcNow;
        await frozen.Process.SignalAsync("STOP");

        foreach (var other in others)
        {
            downs.Add(await other.LosesAsync(frozen, since: time));
        }

        await frozen.Process.SignalAsync("CONT");
        var rejoined = await frozen.Process.UntilAsync(
            "it rejoins",
            entry => entry.Name == "rejoined" && entry.Time >= time
        );
        Assert.Equal(frozen.EndPoint, rejoined.EndPoint);
        Assert.All(downs, down => Assert.True(rejoined.Generation > down.Generation));

        foreach (var (other, down) in others.Zip(downs))
        {
            await other.SeesAgainAsync(down);
        }

        await frozen.Process.SignalAsync("TERM");
        Assert.Equal(0, await frozen.Process.ExitAsync());
    }
}
