using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Swim.AspNetCore.Tests;

/// <summary>The page and the JSON behind it, over HTTP, with members on real sockets.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private static readonly (string, string) Control = ("X-Swim-Control", "1");

    private readonly List<SwimNode> _nodes = [];

    public async ValueTask InitializeAsync()
    {
        Start();
        Start(_nodes[0]);
        await _nodes[0].WaitUntilActiveAsync(Deadline.Token).Within("the first knows the second");
        await _nodes[1].WaitUntilActiveAsync(Deadline.Token).Within("the second knows the first");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_json_has_all_members_this_one_first()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0]);
        var members = (await server.GetAsync("members")).EnumerateArray().ToList();

        Assert.Equal(
            _nodes.Select(node => node.Identity.ToString()),
            members.Select(member => member.GetProperty("identity").GetString())
        );
        var second = members[1];
        Assert.Equal(_nodes[1].Identity.EndPoint.ToString(), second.GetProperty("endpoint").GetString());
        Assert.Equal(_nodes[1].Identity.Generation, second.GetProperty("generation").GetUInt64());
        Assert.Equal("alive", second.GetProperty("status").GetString());
        Assert.Equal(0, second.GetProperty("incarnation").GetInt32());
        Assert.InRange(
            DateTime.UtcNow - second.GetProperty("changedAt").GetDateTime(),
            TimeSpan.Zero,
            Deadline.Generous
        );

        var status = await server.GetAsync("status");
        Assert.Equal(_nodes[0].Identity.ToString(), status.GetProperty("identity").GetString());
        Assert.Equal("active", status.GetProperty("connection").GetString());
        Assert.Equal(2, status.GetProperty("alive").GetInt32());
        Assert.False(status.GetProperty("allowsControl").GetBoolean());
    }

    [Fact]
    public async Task The_json_has_events_probes_and_messages()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0]);
        await server.GetAsync("members");
        var third = Start(_nodes[0]);
        await third.WaitUntilActiveAsync(Deadline.Token).Within("the third is known");
        await Deadline.UntilAsync(() => _nodes[0].RecentProbes.Count > 0, () => "a probe ends");

        // Only the events tell that the dashboard has applied it.
        using (var events = await EventReader.OpenAsync(server))
        {
            await events.UntilAsync("the third is up", (_, data) => Tells(data, "member-up", third));
        }

        Assert.Contains(
            (await server.GetAsync("events")).EnumerateArray(),
            occurred => occurred.GetProperty("identity").GetString() == third.Identity.ToString()
        );

        var probe = (await server.GetAsync("probes"))[0];
        Assert.InRange(probe.GetProperty("roundTripMilliseconds").GetDouble(), 0.001, 1_000);
        Assert.False(probe.GetProperty("wasIndirect").GetBoolean());

        var ping = Assert.Single(
            (await server.GetAsync("messages")).EnumerateArray(),
            kind => kind.GetProperty("kind").GetString() == "ping"
        );
        Assert.InRange(ping.GetProperty("packetsSent").GetInt64(), 1, long.MaxValue);
    }

    [Fact]
    public async Task It_is_read_only_unless_the_host_opts_in()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0]);
        using var response = await server.LeaveAsync(Control);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("AllowControl", await ErrorOf(response));
        Assert.Equal(ConnectionState.Active, _nodes[0].ConnectionState);
    }

    [Fact]
    public async Task Another_site_cannot_make_a_member_leave()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0], new() { AllowControl = true });
        var own = $"http://{server.Page.Authority}";

        (string, string)[][] refused =
        [
            [],
            [("Origin", own)],
            [Control, ("Origin", "http://evil.example")],
            [Control, ("Origin", $"http://localhost:{server.Page.Port}")],
            [Control, ("Origin", "null")],
            [Control, ("Sec-Fetch-Site", "cross-site")],
            [Control, ("Sec-Fetch-Site", "same-site"), ("Origin", own)],
        ];

        foreach (var headers in refused)
        {
            using var response = await server.LeaveAsync(headers);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("X-Swim-Control", await ErrorOf(response));
        }

        Assert.Equal(ConnectionState.Active, _nodes[0].ConnectionState);
        using var left = await server.LeaveAsync(Control, ("Origin", own), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        Assert.True(_nodes[0].Snapshot.HasLeft);
        Assert.Equal("left", (await server.GetAsync("members"))[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    public async Task A_site_whose_name_resolves_to_loopback_cannot_read_it(
        string host,
        HttpStatusCode status
    )
    {
        await using var server = await DashboardServer.StartAsync(
            _nodes[0],
            new() { RequireLoopbackHost = true }
        );

        foreach (var path in new[] { "", "members", "app.js" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var response = await server.Client.SendAsync(request, Deadline.Token);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/swim")]
    [InlineData("/tools/swim/")]
    [InlineData("/")]
    public async Task The_page_and_all_that_it_asks_for_is_there_under_a_strict_policy(string pattern)
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0], pattern: pattern);
        var page = await server.Client.GetStringAsync("", Deadline.Token);

        // Nothing inline, which the policy would refuse, and nothing from elsewhere.
        Assert.DoesNotMatch(@"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|https?://", page);
        var names = Regex.Matches(page, @"(?:src|href)=""([^""#]+)""").Select(match => match.Groups[1].Value);
        Assert.Contains("app.js", names);

        foreach (var name in names.Append("").Append("members"))
        {
            using var response = await server.Client.GetAsync(name, Deadline.Token);
            Assert.Equal((name, HttpStatusCode.OK), (name, response.StatusCode));
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task Without_its_slash_the_page_is_found_too()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0], pattern: "/a/swim");
        using var response = await server.Client.GetAsync(
            new Uri(server.Page, "/a/swim?x=1"),
            Deadline.Token
        );
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(
            new Uri(server.Page, "?x=1"),
            new Uri(response.RequestMessage!.RequestUri!, response.Headers.Location!)
        );
    }

    /// <summary>The last state stays visible, and the page shows that it has ended.</summary>
    [Fact]
    public async Task A_member_that_has_ended_says_so()
    {
        await using var server = await DashboardServer.StartAsync(_nodes[0], new() { AllowControl = true });
        using var events = await EventReader.OpenAsync(server);
        await _nodes[0].DisposeAsync();
        var last = await events.UntilAsync(
            "that it left",
            (_, data) => data.GetProperty("status").GetProperty("hasLeft").GetBoolean()
        );
        Assert.Equal("defunct", last.GetProperty("status").GetProperty("connection").GetString());

        while (await events.NextAsync() is not null)
        {
            // What is left in the stream.
        }

        using var left = await server.LeaveAsync(Control);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, left.StatusCode);
        Assert.Contains("has ended", await ErrorOf(left));
        using var more = await server.Client.GetAsync("stream", Deadline.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, more.StatusCode);
        Assert.Equal("left", (await server.GetAsync("members"))[0].GetProperty("status").GetString());
    }

    [Fact]
    public void Conventions_reach_the_page_and_all_that_is_behind_it()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapSwim("/swim", _nodes[0]).WithMetadata("mark");
        var endpoints = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(source => source.Endpoints)
            .ToList();
        Assert.Contains(
            endpoints,
            endpoint => ((RouteEndpoint)endpoint).RoutePattern.RawText == "/swim/leave"
        );
        Assert.All(endpoints, endpoint => Assert.Equal("mark", endpoint.Metadata.GetMetadata<string>()));
    }

    [Fact]
    public void Options_out_of_bounds_are_refused_by_name()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        var error = Assert.Throws<ArgumentException>(() =>
            app.MapSwim("/swim", _nodes[0], new SwimDashboardOptions { MaxEventStreams = 0 })
        );
        Assert.Contains("MaxEventStreams must be from 1 to 10000.", error.Message);
    }

    internal static bool Tells(JsonElement data, string kind, SwimNode about) =>
        data.GetProperty("events")
            .EnumerateArray()
            .Any(occurred =>
                occurred.GetProperty("kind").GetString() == kind
                && occurred.GetProperty("identity").GetString() == about.Identity.ToString()
            );

    private static async Task<string> ErrorOf(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Deadline.Token));
        return json.RootElement.GetProperty("error").GetString()!;
    }

    private SwimNode Start(params SwimNode[] seeds)
    {
        var node = SwimNode.Start(
            new SwimNodeOptions
            {
                BindEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                Config = SwimConfig.Local(5),
                Seeds = [.. seeds.Select(seed => SeedAddress.Parse(seed.Identity.EndPoint.ToString()))],
            }
        );
        _nodes.Add(node);
        return node;
    }
}
