using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Swim.Host.Tests.Seeds;

/// <summary>Seeds become endpoints, and no name server keeps a node waiting.</summary>
public sealed class SeedResolverTests : IDisposable
{
    private static readonly IPEndPoint First = IPEndPoint.Parse("10.0.0.1:7946");
    private static readonly IPEndPoint Second = IPEndPoint.Parse("10.0.0.2:7946");
    private static readonly NodeIdentity Self = new(IPEndPoint.Parse("10.0.0.9:7946"), 1);

    private readonly FakeTimeProvider _clock = new();
    private readonly TestLog _log = new();
    private readonly TaskCompletionSource<IReadOnlyList<IPEndPoint>> _slow = new();
    private readonly TaskCompletionSource _resolvedLate = new();
    private int _lookups;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_name_that_resolves_to_all_members_leaves_out_this_one()
    {
        var resolver = Resolver("10.0.0.1:7946", "all:7946");
        var seeds = await resolver.ResolveAsync(Deadline.Token).Within("the seeds");
        Assert.Equal([First, Second], seeds.Select(seed => seed.EndPoint));
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_logged_and_tried_again_at_the_next_call()
    {
        var resolver = Resolver("10.0.0.1:7946", "unknown:7946");

        for (var call = 1; call <= 2; call++)
        {
            var seeds = await resolver.ResolveAsync(Deadline.Token).Within("the seeds");
            Assert.Equal(First, Assert.Single(seeds).EndPoint);
            Assert.Equal(call, _lookups);
        }

        Assert.Equal(2, _log.Entries(TestLog.SeedUnresolved).Count);
    }

    [Fact]
    public async Task A_slow_name_server_does_not_hold_up_the_other_seeds()
    {
        var resolver = Resolver("10.0.0.1:7946", "slow:7946");
        var early = resolver.ResolveAsync(Deadline.Token);
        Assert.False(early.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(First, Assert.Single(await early.Within("the seed with an address")).EndPoint);

        _slow.SetResult([Second]);
        await _resolvedLate.Task.Within("the call that tells of the late answer");
        var later = await resolver.ResolveAsync(Deadline.Token).Within("all seeds");
        Assert.Equal([First, Second], later.Select(seed => seed.EndPoint).OrderBy(seed => seed.ToString()));
        Assert.Equal(1, _lookups);
    }

    private SeedResolver Resolver(params string[] seeds)
    {
        var options = TestCluster.Options with { Seeds = [.. seeds.Select(SeedAddress.Parse)] };
        var sources = new SeedSources(options, remembered: null, _log);
        return new SeedResolver(sources, Self, _clock, _log, LookUpAsync, () => _resolvedLate.TrySetResult());
    }

    private Task<IReadOnlyList<IPEndPoint>> LookUpAsync(SeedAddress seed, CancellationToken cancellationToken)
    {
        if (seed.Literal is { } literal)
        {
            return Task.FromResult<IReadOnlyList<IPEndPoint>>([literal]);
        }

        _lookups++;

        return seed.Host switch
        {
            "all" => Task.FromResult<IReadOnlyList<IPEndPoint>>([First, Second, Self.EndPoint]),
            "slow" => _slow.Task,
            _ => Task.FromException<IReadOnlyList<IPEndPoint>>(
                new SocketException((int)SocketError.HostNotFound)
            ),
        };
    }
}
