using System.Net;

namespace Swim.Host.Tests.Processes;

/// <summary>Real processes that start, leave, and receive junk.</summary>
[Collection(nameof(Alone))]
public sealed class AgentTests
{
    // With this preset a suspicion takes seconds to expire, so that a slow machine does not look like a crash.
    private const string Preset = "lan";

    private static readonly SwimConfig Config = SwimConfig.Lan(AgentCluster.Size);

    /// <summary>Both others learn it from the agent itself, long before their probes could detect it.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task An_agent_leaves_its_cluster_on_a_signal(string signal)
    {
        await using var cluster = new AgentCluster(Preset);
        var agents = await cluster.FormAsync();
        var (leaver, others) = (agents[2], agents[..2]);

        var time = DateTimeOffset.UtcNow;
        await leaver.Process.SignalAsync(signal);
        Assert.Equal(0, await leaver.Process.ExitAsync());
        Assert.Equal("left", leaver.Process.Events[^1].Name);
        Assert.Contains(leaver.Process.Events, entry => entry.Name == "defunct");

        // Leaving on request is no reason for a warning.
        Assert.DoesNotContain(leaver.Process.Errors, line => line.Contains("down for good"));

        foreach (var other in others)
        {
            var down = await other.LosesAsync(leaver, since: time);
            Assert.InRange(down.Time - time, TimeSpan.Zero, Config.SuspectToDownAfter / 2);
        }
    }

    /// <summary>A script starts its background jobs with SIGINT ignored.</summary>
    [Fact]
    public async Task An_agent_whose_parent_ignores_SIGINT_leaves_on_SIGINT_all_the_same()
    {
        await using var agent = AgentProcess.StartIgnoringInterrupt("--bind", "127.0.0.1:0");
        await agent.UntilAsync("it listens", entry => entry.Name == "listening");
        await agent.SignalAsync("INT");
        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal("left", agent.Events[^1].Name);
    }

    [Fact]
    public async Task Junk_does_not_disturb_an_agent_and_is_counted()
    {
        await using var cluster = new AgentCluster(Preset);
        var agents = await cluster.FormAsync();
        var (target, others) = (agents[0], agents[1..]);
        var stranger = new NodeIdentity(new IPEndPoint(IPAddress.Loopback, 9), 1);
        var self = new NodeIdentity(IPEndPoint.Parse(target.EndPoint), target.Listening.Generation);

        // A valid packet for another member, which the agent ignores without an error (R9.3).
        var elsewhere = RawPacket.Encode(
            new PacketHeader<NodeIdentity>(
                stranger,
                0,
                stranger,
                MessageKind.Gossip,
                default,
                probeNumber: 0,
                0
            ),
            [new(self, 0, MemberStatus.Down, null)]
        );

        using var storm = new JunkStorm([elsewhere], Config.MaxPacketSize, perSecond: 10_000);
        var sent = await storm.RunAsync(self.EndPoint, TimeSpan.FromSeconds(2));

        var time = DateTimeOffset.UtcNow;
        await target.Process.SignalAsync("TERM");
        Assert.Equal(0, await target.Process.ExitAsync());
        var left = target.Process.Events[^1];
        Assert.Equal(("left", target.Listening.Identity), (left.Name, left.Identity));
        Assert.Equal(2, left.Number("members"));

        // No member was declared down, except by its own leave.
        Assert.DoesNotContain(
            target.Process.Events,
            entry => entry.Name is "member-down" or "rejoined" or "idle"
        );

        foreach (var other in others)
        {
            await other.LosesAsync(target, since: time);
            Assert.Single(other.Process.Events, entry => entry.Name == "member-down");
            Assert.DoesNotContain(
                other.Process.Events,
                entry => entry.Name is "member-renamed" or "rejoined"
            );
        }

        var refused = left
            .Line.GetProperty("packets_refused")
            .EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetInt64());

        Assert.Equal(["DataTooBig", "Decode"], refused.Keys.Order());
        Assert.InRange(refused["DataTooBig"], 1, sent.TooLong);
        Assert.InRange(refused["Decode"], 1, sent.Junk - sent.TooLong);
        Assert.InRange(left.Number("packets_received"), refused.Values.Sum() + 1, long.MaxValue);
    }

    [Fact]
    public async Task An_agent_reports_a_port_that_is_taken_in_one_line()
    {
        using var taker = new RawPeer();
        await using var agent = AgentProcess.Start("--bind", $"{taker.EndPoint}");

        Assert.Equal(2, await agent.ExitAsync());
        var line = Assert.Single(agent.Errors);
        Assert.Contains($"{taker.EndPoint.Port}", line);
        Assert.Contains("taken", line);
        Assert.Contains("--bind", line);
        Assert.Empty(agent.Events);
    }

    [Fact]
    public async Task An_agent_refuses_itself_as_a_seed_in_one_line()
    {
        var self = $"127.0.0.1:{Ports.Free()}";
        await using var agent = AgentProcess.Start("--bind", self, "--join", self);

        Assert.Equal(2, await agent.ExitAsync());
        var line = Assert.Single(agent.Errors);
        Assert.Contains(self, line);
        Assert.Contains("--join", line);
        Assert.Contains("itself", line);
        Assert.Empty(agent.Events);
    }
}
