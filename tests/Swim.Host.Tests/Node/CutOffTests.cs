namespace Swim.Host.Tests.Node;

/// <summary>A node whose cable is pulled, and plugged in again.</summary>
public sealed class CutOffTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_node_that_was_cut_off_is_declared_down_and_comes_back_under_a_higher_generation(
        int index
    )
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(3);
        var lost = nodes[index];
        var others = nodes.Where(node => node != lost).ToArray();
        var before = lost.Identity;

        lost.IsCutOff = true;

        foreach (var other in others)
        {
            await other.LosesAsync(before);
        }

        await lost.UntilAsync("it knows no member", snapshot => snapshot.Members.Count == 0);
        Assert.Equal(before, lost.Identity);

        lost.IsCutOff = false;

        foreach (var node in nodes)
        {
            await node.SeesAsync(nodes.Where(other => other != node));
        }

        Assert.True(lost.Identity.HasSameAddress(before));
        Assert.True(lost.Identity.Generation > before.Generation);
        Assert.Equal(ConnectionState.Active, lost.ConnectionState);
    }

    /// <summary>The node itself tells of it: idle while alone, then a new identity, then active.</summary>
    [Fact]
    public async Task A_node_that_was_cut_off_tells_its_readers()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(2);
        var lost = nodes[1];
        var before = lost.Identity;
        await using var events = lost.WatchAsync(Deadline.Token).GetAsyncEnumerator(Deadline.Token);

        lost.IsCutOff = true;
        await events.UntilAsync(SwimEventKind.MemberDown);
        await events.UntilAsync(SwimEventKind.Idle);
        await nodes[0].LosesAsync(before);

        lost.IsCutOff = false;
        var (rejoined, snapshot) = await events.UntilAsync(SwimEventKind.Rejoined);
        Assert.True(rejoined.Identity.HasSameAddress(before));
        Assert.True(rejoined.Identity.Generation > before.Generation);
        Assert.Equal(before, rejoined.Before.Identity);
        Assert.Equal(rejoined.Identity, snapshot.Identity);

        await nodes[0].SeesAsync(lost);
        await lost.SeesAsync(nodes[0]);
    }

    [Fact]
    public async Task While_cut_off_nothing_is_counted_as_received_or_sent()
    {
        await using var cluster = new TestCluster();
        var nodes = await cluster.FormAsync(2);
        var lost = nodes[1];

        lost.IsCutOff = true;
        await nodes[0].LosesAsync(lost.Identity);
        var early = lost.Statistics;
        await lost.UntilAsync("it knows no member", snapshot => snapshot.Members.Count == 0);
        var late = lost.Statistics;

        Assert.Equal(early.PacketsReceived, late.PacketsReceived);
        Assert.Equal(early.PacketsSent, late.PacketsSent);
        Assert.Equal(early.BytesSent, late.BytesSent);
    }
}
