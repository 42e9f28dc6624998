namespace Swim.Host.Tests.Processes;

/// <summary>Three real processes, of which one crashes or freezes.</summary>
[Collection(nameof(Alone))]
public sealed class AgentCrashTests
{
    /// <summary>
    /// How long a crash can go unnoticed: with n members to probe, each of the others comes to it after 2n - 1
    /// periods at the latest, waits one more for the answer, and lets it refute.
    /// </summary>
    private static TimeSpan DetectionBound
    {
        get
        {
            const int Members = 3;
            var config = AgentCluster.Config;
            return (config.ProbePeriod * ((2 * Members) - 1))
                + config.ProbePeriod
                + config.SuspectToDownAfter;
        }
    }

    [Fact]
    public async Task A_killed_agent_is_declared_down_in_time_and_comes_back_under_a_higher_generation()
    {
        await using var cluster = new AgentCluster();
        var agents = await cluster.FormAsync();
        var (killed, others) = (agents[2], agents[..2]);

        var time = DateTimeOffset.UtcNow;
        await killed.Process.SignalAsync("KILL");

        foreach (var other in others)
        {
            var down = await other.LosesAsync(killed.Identity);
            Assert.InRange(down.Time - time, TimeSpan.Zero, DetectionBound);
        }

        Assert.NotEqual(0, await killed.Process.ExitAsync());

        var restarted = await cluster.StartAsync(killed.EndPoint, others[0]);
        Assert.Equal(killed.EndPoint, restarted.EndPoint);
        Assert.True(restarted.Listening.Generation > killed.Listening.Generation);
        await restarted.SeesAsync(others);

        foreach (var other in others)
        {
            var up = await other.SeesAgainAsync(killed.Listening);
            Assert.Equal(restarted.Identity, up.Identity);
            Assert.Equal(
                killed.Identity,
                (await other.Process.UntilAsync("rename", restarted.Identity)).Previous
            );
        }
    }

    /// <summary>Frozen for longer than it takes to be declared down; it learns of that as soon as it goes on.</summary>
    [Fact]
    public async Task A_frozen_agent_is_declared_down_and_rejoins_when_it_goes_on()
    {
        await using var cluster = new AgentCluster();
        var agents = await cluster.FormAsync();
        var (frozen, others) = (agents[1], new[] { agents[0], agents[2] });

        await frozen.Process.SignalAsync("STOP");

        foreach (var other in others)
        {
            await other.LosesAsync(frozen.Identity);
        }

        await frozen.Process.SignalAsync("CONT");
        var rejoined = await frozen.Process.UntilAsync("it rejoins", entry => entry.Name == "rejoin");
        Assert.Equal(frozen.EndPoint, rejoined.EndPoint);
        Assert.True(rejoined.Generation > frozen.Listening.Generation);

        foreach (var other in others)
        {
            await other.SeesAgainAsync(frozen.Listening);
        }

        await frozen.Process.SignalAsync("TERM");
        Assert.Equal(0, await frozen.Process.ExitAsync());
        Assert.Equal(2, frozen.Process.Events[^1].Number("members"));
    }

    /// <summary>The seed is no special member: without it the others go on, and it finds them again.</summary>
    [Fact]
    public async Task A_frozen_seed_comes_back_too()
    {
        await using var cluster = new AgentCluster();
        var agents = await cluster.FormAsync();
        var (seed, others) = (agents[0], agents[1..]);

        await seed.Process.SignalAsync("STOP");

        foreach (var other in others)
        {
            await other.LosesAsync(seed.Identity);
        }

        await seed.Process.SignalAsync("CONT");

        foreach (var other in others)
        {
            await other.SeesAgainAsync(seed.Listening);
        }
    }
}
