using Swim.Core;

namespace Swim.Host.Tests.Processes;

/// <summary>
/// Three recorded agents go through what the model knows. The recordings stay in <c>artifacts/recordings</c>:
/// <c>tla/check --traces</c> follows what they did, step by step, with the operators of the spec.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AgentTraceTests
{
    private static DirectoryInfo EmptyFolder()
    {
        var folder = new DirectoryInfo(Repository.PathOf("artifacts/recordings/agents"));

        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        folder.Create();
        return folder;
    }

    [Fact]
    public async Task A_kill_a_false_suspicion_and_a_leave_of_real_agents_are_recorded_and_replay()
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

            // Suspected though it is there, and down before it can say so: it comes back under a new identity.
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

        // Each of these is in the spec a step of its own.
        Assert.Contains(steps, step => step.Entry.Event.IsLeaveCluster);
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Notify { Item: Notification<NodeIdentity>.Rejoin }
        );
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Send send && send.Item.Header.Message.IsPingReq
        );
        Assert.Contains(
            effects,
            effect => effect is Effect<NodeIdentity>.Send send && send.Item.Header.Message.IsTurnUndead
        );
    }
}
