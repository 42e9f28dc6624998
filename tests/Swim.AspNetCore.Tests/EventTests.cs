using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Swim.AspNetCore.Tests;

/// <summary>The server-sent events.</summary>
[Collection(nameof(Alone))] // One measures the memory of the process.
public sealed class EventTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_stream_begins_with_everything_and_continues_with_what_changes()
    {
        _cluster.Learn(FakeCluster.IdentityOf(1), MemberStatus.Alive);
        await using var server = await DashboardServer.StartAsync(_cluster);
        using var events = await EventReader.OpenAsync(server);

        var (name, all) = (await events.NextAsync())!.Value;
        Assert.Equal(("snapshot", 2), (name, all.GetProperty("members").GetArrayLength()));

        _cluster.Join(FakeCluster.IdentityOf(2));
        var update = await events.UntilAsync(
            "the event comes",
            (name, data) => name == "update" && data.GetProperty("events").GetArrayLength() > 0
        );
        var row = Assert.Single(update.GetProperty("members").EnumerateArray());
        Assert.Equal("10.1.0.3:7946", row.GetProperty("endpoint").GetString());
        Assert.Equal(3, update.GetProperty("status").GetProperty("alive").GetInt32());
    }

    /// <summary>Silence means that the connection is lost.</summary>
    [Fact]
    public async Task A_stream_tells_of_suspicions_and_refutations_and_is_never_silent()
    {
        var member = FakeCluster.IdentityOf(1);
        _cluster.Learn(member, MemberStatus.Alive);
        await using var server = await DashboardServer.StartAsync(
            _cluster,
            new() { RefreshPeriod = TimeSpan.FromMilliseconds(100) }
        );
        using var events = await EventReader.OpenAsync(server);
        Assert.Equal("snapshot", (await events.NextAsync())!.Value.Name);
        Assert.Equal("update", (await events.NextAsync())!.Value.Name);

        _cluster.Publish(member, MemberStatus.Suspect);
        await AssertToldAsync("suspect", "member-suspected", "gossip");
        _cluster.Publish(member, MemberStatus.Alive, incarnation: 1);
        await AssertToldAsync("alive", "member-refuted", "refutation");

        async Task AssertToldAsync(string status, string kind, string cause)
        {
            var update = await events.UntilAsync(
                $"{kind} comes",
                (_, data) => data.GetProperty("members").GetArrayLength() > 0
            );
            Assert.Equal(status, update.GetProperty("members")[0].GetProperty("status").GetString());
            var occurred = Assert.Single(update.GetProperty("events").EnumerateArray());
            Assert.Equal(kind, occurred.GetProperty("kind").GetString());
            Assert.Equal(cause, occurred.GetProperty("cause").GetString());
            Assert.Equal(member.ToString(), occurred.GetProperty("identity").GetString());
        }
    }

    /// <summary>The refresh period is long, so only the event itself can bring it.</summary>
    [Fact]
    public async Task A_stream_does_not_wait_for_its_refresh_period_to_tell_of_a_suspicion()
    {
        var member = FakeCluster.IdentityOf(1);
        _cluster.Learn(member, MemberStatus.Alive);
        await using var server = await DashboardServer.StartAsync(
            _cluster,
            new() { RefreshPeriod = TimeSpan.FromMinutes(1) }
        );
        using var events = await EventReader.OpenAsync(server);
        await events.NextAsync();

        _cluster.Publish(member, MemberStatus.Suspect);
        var (_, update) = (await events.NextAsync())!.Value;
        Assert.Equal("suspect", update.GetProperty("members")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task No_more_streams_than_allowed_and_one_that_ends_makes_room()
    {
        await using var server = await DashboardServer.StartAsync(_cluster, new() { MaxEventStreams = 1 });

        using (var first = await EventReader.OpenAsync(server))
        {
            await first.NextAsync();
            using var second = await server.Client.GetAsync("stream", Deadline.Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        }

        async Task<bool> IsFree()
        {
            using var response = await server.Client.GetAsync(
                "stream",
                HttpCompletionOption.ResponseHeadersRead,
                Deadline.Token
            );
            return response.IsSuccessStatusCode;
        }

        await Deadline.UntilAsync(
            () => IsFree().GetAwaiter().GetResult(),
            () => "the first one's place is free"
        );
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_those_who_follow()
    {
        await using var server = await DashboardServer.StartAsync(_cluster);
        using var events = await EventReader.OpenAsync(server);
        await events.NextAsync();
        await server.StopAsync().Within("the server stops", TimeSpan.FromSeconds(5));
    }

    /// <summary>It never reads, while its stream would be many times what any buffer takes.</summary>
    [Fact]
    public async Task A_browser_that_is_stuck_holds_up_nobody_and_no_memory()
    {
        const int Count = 10_000;
        await using var server = await DashboardServer.StartAsync(_cluster);
        using var stuck = new TcpClient { ReceiveBufferSize = 4096 };
        await stuck.ConnectAsync(IPAddress.Loopback, server.Page.Port, Deadline.Token);
        await stuck
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET /swim/stream HTTP/1.1\r\nHost: {server.Page.Authority}\r\n\r\n"
                ),
                Deadline.Token
            );

        using var events = await EventReader.OpenAsync(server);
        await events.NextAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var round = 0; round < 20; round++)
        {
            for (var number = 1; number <= Count; number += 20)
            {
                var identity = FakeCluster.IdentityOf(number + round);
                _cluster.Join(identity);
            }
        }

        await events.UntilAsync(
            "all are known to the other",
            (_, data) => data.GetProperty("status").GetProperty("alive").GetInt32() == Count + 1
        );

        // About 1 KB for each member, in the table of the fake and in the rows, for any number of readers.
        // Measured at rest: what the other reader was just sent is not collected at once.
        const long Most = Count * 4096L;
        long grown = 0;
        await Deadline.UntilAsync(
            () => (grown = GC.GetTotalMemory(forceFullCollection: true) - before) <= Most,
            () => $"at most {Most} bytes more than before, not {grown}"
        );
        Assert.InRange(grown, 0, Most);
    }
}
