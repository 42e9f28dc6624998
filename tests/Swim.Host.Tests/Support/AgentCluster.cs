namespace Swim.Host.Tests.Support;

/// <summary>Three agents that know each other, each a process of its own.</summary>
/// <param name="preset">The name of the configuration that they run with.</param>
/// <param name="recordings">The folder for their recordings, one file for each process; null to record nothing.</param>
internal sealed class AgentCluster(string preset, string? recordings = null) : IAsyncDisposable
{
    public const int Size = 3;

    private readonly List<AgentProcess> _agents = [];

    /// <summary>Starts three agents and waits until each one sees both others.</summary>
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
        string[] record = recordings is null
            ? []
            : ["--record", Path.Combine(recordings, $"agent-{_agents.Count + 1}.swimrec")];
        var process = AgentProcess.Start([
            "--bind",
            bind,
            .. join,
            "--config",
            preset,
            "--nodes",
            $"{Size}",
            .. record,
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

/// <summary>
/// An agent that listens. Tests identify other agents by endpoint: on a loaded machine one may be declared down
/// falsely and rejoin under another generation.
/// </summary>
internal sealed record Agent(AgentProcess Process, AgentEvent Listening)
{
    public string EndPoint => Listening.EndPoint;

    /// <summary>Waits until it has reported each of the others up.</summary>
    public async Task SeesAsync(params IEnumerable<Agent> others)
    {
        foreach (var other in others)
        {
            await UntilAsync("member-up", other.EndPoint, _ => true);
        }
    }

    /// <summary>Waits until it reports the other down, at that time or later.</summary>
    public Task<AgentEvent> LosesAsync(Agent other, DateTimeOffset since) =>
        UntilAsync("member-down", other.EndPoint, entry => entry.Time >= since);

    /// <summary>
    /// Waits until it reports a member that was down up again, at the same endpoint, under a higher generation.
    /// </summary>
    public async Task<AgentEvent> SeesAgainAsync(AgentEvent down)
    {
        var up = await UntilAsync("member-up", down.EndPoint, entry => entry.Previous == down.Identity);
        Assert.True(up.Generation > down.Generation);
        Assert.Equal("identity-change", up.Cause);
        return up;
    }

    private Task<AgentEvent> UntilAsync(string name, string endPoint, Func<AgentEvent, bool> matches) =>
        Process.UntilAsync(
            $"{EndPoint} prints {name} {endPoint}",
            entry => entry.Name == name && entry.EndPoint == endPoint && matches(entry)
        );
}
