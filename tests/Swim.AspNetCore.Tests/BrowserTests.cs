using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace Swim.AspNetCore.Tests;

/// <summary>The page of <c>swim agent</c> in a real browser, with members that are processes.</summary>
[Collection(nameof(Alone))]
public sealed class BrowserTests(Chromium browser) : IClassFixture<Chromium>, IAsyncDisposable
{
    private readonly List<AgentProcess> _agents = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }
    }

    /// <summary>The whole story, on two pages at a time, and none of it with a reload.</summary>
    [Fact]
    public async Task Members_that_join_are_killed_and_leave_are_shown_live()
    {
        var first = await StartAsync();
        var second = await StartAsync(first);
        IPage[] pages = [await browser.OpenAsync(first.Url), await browser.OpenAsync(second.Url)];

        foreach (var page in pages)
        {
            await page.ShowsAsync(first.EndPoint, "alive");
            await page.ShowsAsync(second.EndPoint, "alive");
            await page.IsLiveAsync();
            await page.MarkAsync();
        }

        var looks = await OpenLooksAsync(first);
        var third = await StartAsync(first);

        foreach (var page in pages)
        {
            await page.ShowsAsync(third.EndPoint, "alive");
            await page.TellsAsync("member-up", third.EndPoint);
            await page.ReadsAsync("#count-alive", "3");
        }

        await third.Process.SignalAsync("KILL");

        foreach (var page in pages)
        {
            await page.ShowsAsync(third.EndPoint, "down");
            await page.TellsAsync("member-down", third.EndPoint);
            await page.ReadsAsync("#count-down", "1");
        }

        await KeepPicturesAsync(looks);
        await second.Process.SignalAsync("TERM");
        await pages[0].ShowsAsync(second.EndPoint, "down");
        await pages[0].TellsAsync("member-down", second.EndPoint);
        Assert.True(await pages[0].IsMarkedAsync(), "the page was loaded again");
        await pages[1].ReadsAsync("#link", "disconnected");
        Assert.True(await pages[1].IsMarkedAsync(), "the page was loaded again");
        Assert.Empty(browser.Faults);
    }

    /// <summary>By the keyboard alone: to the button, into the dialog, out of it, and in again.</summary>
    [Fact]
    public async Task A_member_can_be_made_to_leave_from_its_page()
    {
        var first = await StartAsync();
        var second = await StartAsync(first);
        var page = await browser.OpenAsync(second.Url);
        var other = await browser.OpenAsync(first.Url);
        await other.ShowsAsync(second.EndPoint, "alive");
        await page.IsLiveAsync();

        await page.Locator("#leave").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.HasAsync("#leave-dialog[open]", 1);
        await page.ReadsAsync("#leave-who", second.EndPoint);
        await page.Keyboard.PressAsync("Escape");
        await page.HasAsync("#leave-dialog[open]", 0);

        // It begins on the harmless choice.
        await page.Keyboard.PressAsync("Enter");
        await page.HasAsync("#leave-no:focus", 1);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await other.ShowsAsync(second.EndPoint, "down");
        Assert.Equal(0, await second.Process.ExitAsync());
        Assert.Equal("left", second.Process.Events[^1].Name);
        await page.ReadsAsync("#link", "disconnected");
        Assert.Contains("This member has left the cluster.", await page.Locator("#notice").InnerTextAsync());
        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task The_page_says_that_it_lost_its_server_and_finds_it_again()
    {
        var place = new IPEndPoint(IPAddress.Loopback, FreePort());
        var first = await StartAsync(null, "--dashboard", $"{place}");
        var page = await browser.OpenAsync(first.Url);
        await page.IsLiveAsync();
        await page.MarkAsync();

        await first.Process.SignalAsync("KILL");
        await page.ReadsAsync("#link", "disconnected");
        Assert.Contains("Not connected since", await page.Locator("#notice").InnerTextAsync());

        var again = await StartAsync(null, "--dashboard", $"{place}");
        await page.IsLiveAsync();
        await page.ReadsAsync("#identity", again.EndPoint);
        await page.HasAsync("#notice:visible", 0);
        await page.HasAsync("#rows tr", 1);
        Assert.True(await page.IsMarkedAsync(), "the page was loaded again");
        Assert.Empty(browser.Faults);
    }

    /// <summary>The page as it is seen by different people.</summary>
    private async Task<(string Name, IPage Page)[]> OpenLooksAsync(RunningAgent agent) =>
        [
            ("light", await browser.OpenAsync(agent.Url)),
            ("dark", await browser.OpenAsync(agent.Url, isDark: true)),
            ("phone", await browser.OpenAsync(agent.Url, width: 375)),
            ("phone-dark", await browser.OpenAsync(agent.Url, width: 360, isDark: true)),
        ];

    /// <summary>For people to look at; what a machine can tell is that nothing sticks out.</summary>
    private static async Task KeepPicturesAsync((string Name, IPage Page)[] looks)
    {
        foreach (var (name, page) in looks)
        {
            await page.HasAsync("#rows .status[data-status=down]", 1);
            await page.HasAsync("#probes .lost >> nth=0", 1);
            await page.HasAsync("#rates polyline", 2);
            await Chromium.KeepAsync(page, name);
            Assert.Equal((name, 0), (name, await page.OverflowAsync()));
            await page.Context.CloseAsync();
        }
    }

    private async Task<RunningAgent> StartAsync(RunningAgent? seed = null, params string[] more)
    {
        string[] join = seed is null ? [] : ["--join", seed.EndPoint];
        var process = AgentProcess.Start(["--bind", "127.0.0.1:0", "--config", "local", .. join, .. more]);
        _agents.Add(process);
        var listening = await process.UntilAsync(
            "it serves its dashboard",
            entry => entry.Name == "dashboard"
        );
        return new RunningAgent(process, listening.EndPoint, listening.Line.GetProperty("url").GetString()!);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record RunningAgent(AgentProcess Process, string EndPoint, string Url);
}
