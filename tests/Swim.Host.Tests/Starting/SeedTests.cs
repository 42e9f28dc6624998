using System.Net;

namespace Swim.Host.Tests.Starting;

/// <summary>Seeds that are late, stopped, or only names.</summary>
public sealed class SeedTests
{
    [Fact]
    public async Task A_name_is_as_good_as_an_address()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start();
        var seed = SeedAddress.Parse($"localhost:{first.LocalEndPoint.Port}");
        var second = cluster.Start(TestCluster.Options with { Seeds = [seed] });

        await second.SeesAsync(first);
        await first.SeesAsync(second);
    }

    /// <summary>A name may stand for all members, as a service of an orchestrator does.</summary>
    [Fact]
    public async Task A_name_that_stands_for_the_node_itself_too_is_no_fault()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start();

        await Ports.TryAsync(async port =>
        {
            var second = cluster.Start(
                TestCluster.Options with
                {
                    BindEndPoint = new IPEndPoint(IPAddress.Loopback, port),
                    Seeds = [SeedAddress.Parse($"localhost:{port}")],
                },
                first
            );

            await second.SeesAsync(first);
            Assert.Empty(second.Statistics.PacketsRefused);
        });
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_tried_again_and_again_and_logged()
    {
        await using var cluster = new TestCluster();
        var seed = SeedAddress.Parse($"{Names.Unresolvable}:7946");
        var node = cluster.Start(TestCluster.Options with { Seeds = [seed] });

        var entries = await cluster.Log.UntilAsync(TestLog.SeedUnresolved, 3, "the name is looked up thrice");
        Assert.All(entries, entry => Assert.Contains(seed.ToString(), entry.Message));

        // It is no obstacle either: others can still join through this node.
        var other = cluster.Start(node);
        await node.SeesAsync(other);
    }

    [Fact]
    public async Task A_seed_that_does_not_resolve_does_not_stand_in_the_way_of_another()
    {
        await using var cluster = new TestCluster();
        var first = cluster.Start();
        var seed = SeedAddress.Parse($"{Names.Unresolvable}:7946");
        var second = cluster.Start(TestCluster.Options with { Seeds = [seed] }, first);
        await second.SeesAsync(first);
    }

    [Fact]
    public async Task A_seed_that_starts_later_is_joined()
    {
        await using var cluster = new TestCluster();

        await Ports.TryAsync(async port =>
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, port);
            var seed = SeedAddress.Parse(endPoint.ToString());
            var early = cluster.Start(TestCluster.Options with { Seeds = [seed] });
            await cluster.Log.UntilAsync(TestLog.AskingSeed, 2, "the seed is asked in vain");

            var late = cluster.Start(TestCluster.Options with { BindEndPoint = endPoint });
            await early.SeesAsync(late);
            await late.SeesAsync(early);
        });
    }

    /// <summary>
    /// Another member joined through this node before its own seed ran. That makes the node active, but not
    /// a member of the cluster it was told to join: if it stopped asking, two clusters would remain.
    /// </summary>
    [Fact]
    public async Task A_seed_that_starts_after_others_joined_is_joined_too()
    {
        await using var cluster = new TestCluster();

        await Ports.TryAsync(async port =>
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, port);
            var seed = SeedAddress.Parse(endPoint.ToString());
            var early = cluster.Start(TestCluster.Options with { Seeds = [seed] });
            await cluster.Log.UntilAsync(TestLog.AskingSeed, 1, "the seed is asked in vain");
            var guest = cluster.Start(early);
            await early.SeesAsync(guest);

            var late = cluster.Start(TestCluster.Options with { BindEndPoint = endPoint });
            await early.SeesAsync(guest, late);
            await guest.SeesAsync(early, late);
            await late.SeesAsync(early, guest);
        });
    }

    /// <summary>Asking is for those that are not in yet; a name would be looked up each time.</summary>
    [Fact]
    public async Task A_seed_that_is_a_member_is_not_asked_any_more()
    {
        await using var cluster = new TestCluster();
        using var seed = new RawPeer();

        var node = cluster.Start(
            TestCluster.SlowToSuspect with
            {
                Seeds = [seed.Seed],
                JoinRetryMin = TimeSpan.FromMilliseconds(10),
                JoinRetryMax = TimeSpan.FromMilliseconds(10),
            }
        );

        await seed.ReceiveUntilAsync(MessageKind.Announce);
        await seed.AnnounceAsync(node);
        await seed.ReceiveUntilAsync(MessageKind.Ping);
        var asked = cluster.Log.Entries(TestLog.AskingSeed).Count;

        // Time enough for dozens more.
        await seed.ReceiveUntilAsync(MessageKind.Ping);
        await seed.ReceiveUntilAsync(MessageKind.Ping);
        Assert.InRange(cluster.Log.Entries(TestLog.AskingSeed).Count, asked, asked + 2);
    }

    /// <summary>Each wait is between half and all of twice the one before, up to the longest.</summary>
    [Fact]
    public async Task The_waits_between_retries_grow_up_to_the_longest()
    {
        await using var cluster = new TestCluster();
        using var silent = new RawPeer();
        var clock = new SteppedClock();
        var (shortest, longest) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));

        cluster.Start(
            TestCluster.Options with
            {
                Seeds = [silent.Seed],
                TimeProvider = clock,
                JoinRetryMin = shortest,
                JoinRetryMax = longest,
            }
        );

        double[] expected = [0.5, 1, 2, 4, 5, 5];

        foreach (var seconds in expected)
        {
            Assert.Single(await silent.ReceiveUntilAsync(MessageKind.Announce));
            var wait = await clock.WaitBegunAsync();
            Assert.InRange(wait.TotalSeconds, seconds / 2, seconds);
            clock.Advance(wait);
        }
    }
}
