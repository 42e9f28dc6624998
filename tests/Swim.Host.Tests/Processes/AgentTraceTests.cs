using Swim.Core;

namespace Swim.Host.Tests.Processes;

/// <summary>
/// Three recorded agents take the steps that the model has. The recordings stay in <c>artifacts/recordings</c>:
/// <c>tla/check --traces</c> checks each of their steps against the operators of the model.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AgentTraceTests
{
    private static DirectoryInfo EmptyFolder()
    {
        var folder = new DirectoryInfo(RepositoryFiles.PathOf("artifacts/recordings/agents"));

        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        folder.Create();
        return folder;
    }

    [Fact]
    public async Task Recordings_of_agents_that_are_killed_falsely_suspected_and_leave_replay_exactly()
    {
        var folder = EmptyFolder();

        await using (var cluster = new AgentCluster("local", folder.FullName))
        {
            var agents = await cluster.FormAsync();
            var (first, frozen, killed) = (agents[0], agents[1], agents[2]);

            var time = DateTimeOffset.UtcNow;
            await killed.Process.SignalAsync("KILL");
            var down = await first.LosesAsync(killed, since: time);
            var restarted = await cluster.StartAsync(killed.EndPoint, first);
            await first.SeesAgainAsync(down);

            // Suspected although it runs, and down before it can refute: it rejoins under a new identity.
            time = DateTimeOffset.UtcNow;
            await frozen.Process.SignalAsync("STOP");
            down = await first.LosesAsync(frozen, since: time);
            await frozen.Process.SignalAsync("CONT");
            await first.SeesAgainAsync(down);

            foreach (var leaver in new[] { first, frozen, restarted })
            {
                await leaver.Process.SignalAsync("TERM");
                Assert.Equal(0, await leaver.Process.ExitAsync());
            }
        }

        var replayed = folder.GetFiles().Select(file => ReplayedNode.Of(file.FullName)).ToList();
        Assert.Equal(4, replayed.Count);
        var steps = replayed.SelectMany(node => node.Steps).ToList();
        var effects = steps.SelectMany(step => step.Effects).ToList();

        // The model has an operator for each of these.
        Assert.Contains(steps, step => step.Entry.Event.IsLeaveCluster);
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Notify { Item.Kind: SwimEventKind.Rejoined }
        );
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Send { Item.Header.Kind: MessageKind.PingReq }
        );
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Send { Item.Header.Kind: MessageKind.TurnUndead }
        );
    }
}
