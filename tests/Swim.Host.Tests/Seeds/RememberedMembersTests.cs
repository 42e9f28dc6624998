using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Swim.Host.Tests.Seeds;

/// <summary>A node finds back after a restart, without seeds.</summary>
public sealed class RememberedMembersTests
{
    [Fact]
    public async Task A_node_finds_its_cluster_again_without_seeds()
    {
        using var folder = new Folder();
        await using var cluster = new TestCluster();
        var others = await cluster.FormAsync(2);
        var options = TestCluster.Options with { MembersPath = folder["members"] };
        var former = cluster.Start(options, others[0]);
        await former.SeesAsync(others);
        await former.DisposeAsync();
        Assert.Equal(["members"], folder.Files);

        var node = cluster.Start(options);
        await node.SeesAsync(others);
    }

    [Fact]
    public async Task Members_are_remembered_while_the_node_runs_not_only_when_it_ends()
    {
        using var folder = new Folder();
        await using var cluster = new TestCluster();
        var first = cluster.Start();
        var node = cluster.Start(TestCluster.Options with { MembersPath = folder["members"] }, first);
        await node.SeesAsync(first);
        await Deadline.UntilAsync(
            () =>
                File.Exists(folder["members"])
                && File.ReadLines(folder["members"]).Contains(first.LocalEndPoint.ToString()),
            () => "the member is in the file"
        );
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_no_older_identity()
    {
        using var folder = new Folder();
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-01T00:00:00Z", null));
        var options = TestCluster.Options with { MembersPath = folder["members"], TimeProvider = clock };
        var former = SwimNode.Start(options);
        await former.DisposeAsync().Within("it stops");

        var back = new FakeTimeProvider(DateTimeOffset.Parse("2020-01-01T00:00:00Z", null));
        var node = SwimNode.Start(options with { TimeProvider = back });
        Assert.Equal(former.Identity.Generation + 1, node.Identity.Generation);
        await node.DisposeAsync().Within("it stops");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("swim-members 1\ngeneration 5\n10.0.0.1:7946\n")]
    [InlineData("swim-members 1\ngeneration 5\n10.0.0.1:7946\nend 2\n")]
    [InlineData("swim-members 1\ngeneration x\nend 0\n")]
    [InlineData("swim-members 1\ngeneration 5\nseed.example.org:1\nend 1\n")]
    [InlineData("swim-members 2\ngeneration 5\nend 0\n")]
    public async Task A_damaged_file_is_logged_and_replaced(string content)
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["members"], content, Deadline.Token);
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.Options with { MembersPath = folder["members"] });
        Assert.Single(cluster.Log.Entries(TestLog.MembersUnreadable));
        await node.DisposeAsync();
        Assert.Equal(node.Identity.Generation, MembersFile.Read(folder["members"]).Generation);
    }

    [Fact]
    public void A_large_file_is_not_read()
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder["members"], new byte[1 << 20]);
        Assert.Throws<FormatException>(() => MembersFile.Read(folder["members"]));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new Folder();
        IPEndPoint[] members = [new(IPAddress.Parse("10.0.0.1"), 1), new(IPAddress.Parse("fd00::1"), 65535)];
        MembersFile.Write(folder["members"], new MembersFile.Content(ulong.MaxValue, members));
        MembersFile.Write(folder["members"], new MembersFile.Content(7, members));
        var read = MembersFile.Read(folder["members"]);
        Assert.Equal(7UL, read.Generation);
        Assert.Equal(members, read.Members);
        Assert.Equal(["members"], folder.Files);
    }
}
