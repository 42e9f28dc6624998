namespace Swim.Host.Tests.Seeds;

/// <summary>Seeds that come from elsewhere, and change while a node runs.</summary>
public sealed class SeedProviderTests
{
    // Long enough that nothing happens in a test because time went by.
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static SwimNodeOptions Patient =>
        TestCluster.Options with
        {
            JoinRetryMin = Never,
            JoinRetryMax = Never,
            SeedRefreshPeriod = null,
        };

    [Fact]
    public async Task A_file_is_read_line_by_line()
    {
        using var folder = new Folder();
        using var seeds = new FileSeedProvider(folder["seeds"]);
        Assert.Empty(await seeds.GetSeedsAsync(Deadline.Token));

        await File.WriteAllTextAsync(
            folder["seeds"],
            "# ours\n10.0.0.1:7946\n\n  seed.example.org:1  # by name\n[fd00::1]:7946",
            Deadline.Token
        );
        var read = await seeds.GetSeedsAsync(Deadline.Token);
        Assert.Equal(
            ["10.0.0.1:7946", "seed.example.org:1", "[fd00::1]:7946"],
            read.Select(seed => seed.ToString())
        );
    }

    [Fact]
    public async Task A_line_that_is_no_seed_is_named()
    {
        using var folder = new Folder();
        using var seeds = new FileSeedProvider(folder["seeds"]);
        await File.WriteAllTextAsync(folder["seeds"], "10.0.0.1:7946\nnonsense\n", Deadline.Token);
        var refused = await Assert.ThrowsAsync<FormatException>(async () =>
            await seeds.GetSeedsAsync(Deadline.Token)
        );
        Assert.StartsWith(
            $"Line 2 of {folder["seeds"]} is invalid. The seed 'nonsense'",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_in_no_folder_is_refused_at_once() =>
        Assert.Equal(
            "path",
            Assert.Throws<ArgumentException>(() => new FileSeedProvider("/no/such/folder/seeds")).ParamName
        );

    [Theory]
    [InlineData("", 1)]
    [InlineData("10.0.0.1", 1)]
    [InlineData("two words", 1)]
    [InlineData("swim.example.org", 0)]
    [InlineData("swim.example.org", 65536)]
    public void A_name_that_is_none_is_refused(string host, int port) =>
        Assert.ThrowsAny<ArgumentException>(() => new DnsSeedProvider(host, port));

    [Fact]
    public async Task A_name_stands_for_all_its_addresses()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start();
        var node = cluster.Start(
            TestCluster.Options with
            {
                SeedProviders = [new DnsSeedProvider("localhost", first.LocalEndPoint.Port)],
            }
        );
        await node.SeesAsync(first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_joins_as_soon_as_the_watched_file_names_a_member(bool isReplaced)
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["seeds"], "# none yet\n", Deadline.Token);
        using var seeds = new FileSeedProvider(folder["seeds"]);
        await using var cluster = new TestCluster();
        var first = cluster.Start();
        var node = cluster.Start(Patient with { SeedProviders = [seeds] });
        Assert.Equal(ConnectionState.Idle, node.ConnectionState);

        // As editors and Kubernetes do: a new file in the place of the old one.
        var written = isReplaced ? "beside" : "seeds";
        await File.WriteAllTextAsync(folder[written], $"{first.LocalEndPoint}\n", Deadline.Token);

        if (isReplaced)
        {
            File.Move(folder["beside"], folder["seeds"], overwrite: true);
        }

        await node.SeesAsync(first);
    }

    [Fact]
    public async Task Seeds_that_cannot_be_had_are_logged_and_the_last_ones_kept()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var seeds = new Changing { Seeds = [peer.Seed] };
        cluster.Start(TestCluster.Options with { SeedProviders = [seeds] });
        await peer.ReceiveUntilAsync(MessageKind.Announce);
        seeds.Seeds = null;
        await cluster.Log.UntilAsync(TestLog.SeedsUnavailable, 1, "no seeds");
        await peer.ReceiveUntilAsync(MessageKind.Announce);
    }

    [Fact]
    public async Task Clusters_that_began_apart_become_one_when_seeds_name_the_other()
    {
        await using var cluster = new TestCluster();
        var alone = await cluster.FormAsync(2);
        var seeds = new Changing();
        var other = cluster.Start();
        var node = cluster.Start(
            TestCluster.Options with
            {
                SeedProviders = [seeds],
                SeedRefreshPeriod = TimeSpan.FromMilliseconds(200),
            },
            other
        );
        await node.SeesAsync(other);
        seeds.Seeds = [SeedAddress.Parse(alone[0].LocalEndPoint.ToString())];
        await alone[1].SeesAsync(alone[0], node, other);
        await other.SeesAsync([.. alone, node]);
    }

    private sealed class Changing : ISeedProvider
    {
        public IReadOnlyList<SeedAddress>? Seeds { get; set; } = [];

        public event EventHandler? SeedsChanged
        {
            add { }
            remove { }
        }

        public ValueTask<IReadOnlyList<SeedAddress>> GetSeedsAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(Seeds ?? throw new InvalidOperationException("out of order"));
    }
}
