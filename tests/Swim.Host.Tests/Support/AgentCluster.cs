namespace Swim.Host.Tests.Support;

/// <summary>Three agents that know each other, each a process of its own.</summary>
internal sealed class AgentCluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly List<AgentProcess> _agents = [];

    /// <summary>What the agents run with.</summary>
    public static SwimConfig Config { get; } = SwimConfig.Local(Size);

    /// <summary>Starts three agents and waits until each has seen both others.</summary>
    public async Task<Agent[]> FormAsync()
    {
        var first = await StartAsync("127.0.0.1:0", seed: null);
        var second = await StartAsync("127.0.0.1:0", first);
        var third = await StartAsync("127.0.0.1:0", first);
        Agent[] all = [first, second, third];

        foreach (var agent in all)
        {
            await agent.SeesAsync(all.Where(other => other != agent));
        }

        return all;
    }

    /// <summary>Starts an agent that joins through another, and waits until it listens.</summary>
    public async Task<Agent> StartAsync(string bind, Agent? seed)
    {
        string[] join = seed is null ? [] : ["--join", seed.EndPoint];
        var process = AgentProcess.Start([
            "--bind",
            bind,
            .. join,
            "--config",
            "local",
            "--nodes",
            $"{Size}",
        ]);
        _agents.Add(process);
        var listening = await process.UntilAsync("it listens", entry => entry.Name == "listening");
        return new Agent(process, listening);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }
    }
}

/// <summary>An agent that listens.</summary>
internal sealed record Agent(AgentProcess Process, AgentEvent Listening)
{
    /// <summary>Who it was when it started.</summary>
    public string Identity => Listening.Identity;

    public string EndPoint => Listening.EndPoint;

    /// <summary>Waits until it told of each of the others that it is up, or goes by that name now.</summary>
    public async Task SeesAsync(params IEnumerable<Agent> others)
    {
        foreach (var other in others)
        {
            await Process.UntilAsync(
                $"{Identity} tells of {other.Identity}",
                entry => entry.Name is "member-up" or "rename" && entry.Identity == other.Identity
            );
        }
    }

    /// <summary>Waits until it told that this identity is down.</summary>
    public Task<AgentEvent> LosesAsync(string identity) => Process.UntilAsync("member-down", identity);

    /// <summary>
    /// Waits until it told that a member is up again, under a higher generation than before, at the same endpoint.
    /// </summary>
    public async Task<AgentEvent> SeesAgainAsync(AgentEvent before)
    {
        var up = await Process.UntilAsync(
            $"{Identity} sees {before.EndPoint} come back",
            entry =>
                entry.Name == "member-up"
                && entry.EndPoint == before.EndPoint
                && entry.Generation > before.Generation
        );

        var renamed = await Process.UntilAsync("rename", up.Identity);
        Assert.Equal(before.EndPoint, renamed.EndPoint);
        return up;
    }
}
