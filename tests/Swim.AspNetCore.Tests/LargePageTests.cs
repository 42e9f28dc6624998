using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Swim.AspNetCore.Tests;

/// <summary>The table in a real browser: many members, and the keyboard.</summary>
[Collection(nameof(Alone))]
public sealed class LargePageTests(Chromium browser) : IClassFixture<Chromium>
{
    private const int Count = 5_000;

    private static readonly TimeSpan LongestFreeze = TimeSpan.FromSeconds(1);

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Five_thousand_members_do_not_freeze_it()
    {
        _cluster.Learn(
            Enumerable
                .Range(1, Count)
                .Select(number => new MemberRecord<NodeIdentity>(
                    FakeCluster.IdentityOf(number),
                    0,
                    number % 10 == 0 ? MemberStatus.Suspect : MemberStatus.Alive,
                    null
                ))
        );
        await using var server = await DashboardServer.StartAsync(_cluster);
        var page = await browser.OpenAsync(server.Page.ToString());
        await page.HasAsync("#rows tr", 100);
        await page.ReadsAsync("#page", "1 to 100 of 5,001");

        await page.EvaluateAsync(
            "window.freezes = []; new PerformanceObserver(list => window.freezes.push(...list.getEntries()"
                + ".map(entry => entry.duration))).observe({ type: 'longtask' })"
        );

        // A storm of events, while a user works with the table.
        for (var number = 1; number <= 1_000; number++)
        {
            _cluster.Join(FakeCluster.IdentityOf(Count + number));
        }

        await page.ReadsAsync("#shown", "6,001");
        await page.Locator("#next").ClickAsync();
        await page.ReadsAsync("#page", "101 to 200 of 6,001");
        await page.GetByLabel("Suspect").First.CheckAsync(new() { Force = true });
        await page.ReadsAsync("#shown", "500 of 6,001");
        await page.Locator("#filter").FillAsync("10.1.19.");
        await page.ReadsAsync("#shown", "25 of 6,001");
        await page.HasAsync("#rows tr", 25);

        var freezes = await page.EvaluateAsync<double[]>("window.freezes");
        Assert.InRange(freezes.DefaultIfEmpty().Max(), 0, LongestFreeze.TotalMilliseconds);
        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task The_table_is_used_by_the_keyboard()
    {
        foreach (var number in new[] { 1, 2, 9, 10 })
        {
            _cluster.Learn(FakeCluster.IdentityOf(number), MemberStatus.Alive, (ushort)number);
        }

        _cluster.Learn(FakeCluster.IdentityOf(9), MemberStatus.Suspect, 9);
        await using var server = await DashboardServer.StartAsync(_cluster);
        var page = await browser.OpenAsync(server.Page.ToString());
        await page.HasAsync("#rows tr", 5);

        // Numbers in addresses go by their value: 3 before 11.
        Assert.Equal("1 2 3 10 11", await LastNumbersAsync(page));

        await page.Keyboard.PressAsync("Tab");
        await page.HasAsync(".skip:focus", 1);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.HasAsync("#filter:focus", 1);
        await page.Keyboard.TypeAsync("10.1.0.1");
        await page.ReadsAsync("#shown", "3 of 5");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.PressAsync("Delete");
        await page.ReadsAsync("#shown", "5");

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.ReadsAsync("#shown", "1 of 5");
        await page.ShowsAsync("10.1.0.10:7946", "suspect");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.ReadsAsync("#shown", "5");

        await page.Keyboard.PressAsync("Tab");
        await page.HasAsync("th:has(button:focus)[aria-sort=ascending]", 1);
        await page.Keyboard.PressAsync("Enter");
        await page.HasAsync("th:has(button:focus)[aria-sort=descending]", 1);
        Assert.Equal("11 10 3 2 1", await LastNumbersAsync(page));
        Assert.Empty(browser.Faults);
    }

    /// <summary>A user who cannot see the page hears what happened.</summary>
    [Fact]
    public async Task Events_are_announced_to_a_screen_reader()
    {
        _cluster.Learn(FakeCluster.IdentityOf(1), MemberStatus.Alive);
        await using var server = await DashboardServer.StartAsync(_cluster);
        var page = await browser.OpenAsync(server.Page.ToString());
        await page.IsLiveAsync();
        _cluster.Join(FakeCluster.IdentityOf(4));
        await page.ReadsAsync("[aria-live=polite]", "10.1.0.5:7946 up");
    }

    /// <summary>In the table, in the count, in the timeline, and with the cause, none of it with a reload.</summary>
    [Fact]
    public async Task A_suspicion_and_its_refutation_are_shown_as_they_happen()
    {
        var member = FakeCluster.IdentityOf(4);
        _cluster.Learn(member, MemberStatus.Alive);
        await using var server = await DashboardServer.StartAsync(
            _cluster,
            new() { RefreshPeriod = TimeSpan.FromMinutes(1) }
        );
        var page = await browser.OpenAsync(server.Page.ToString());
        await page.ShowsAsync("10.1.0.5:7946", "alive");

        _cluster.Publish(member, MemberStatus.Suspect);
        await page.ShowsAsync("10.1.0.5:7946", "suspect");
        await page.TellsAsync("member-suspected", "10.1.0.5:7946");
        await page.ReadsAsync("#count-suspect", "1");
        await page.HasAsync("#events li[data-tone=suspect] b[title='cause: gossip']", 1);

        _cluster.Publish(member, MemberStatus.Alive, incarnation: 1);
        await page.ShowsAsync("10.1.0.5:7946", "alive");
        await page.TellsAsync("member-refuted", "10.1.0.5:7946");
        await page.ReadsAsync("#count-suspect", "0");
        await page.HasAsync("#events li[data-tone=alive] b[title='cause: refutation']", 1);
        await page.ReadsAsync("[aria-live=polite]", "10.1.0.5:7946 refuted");
        Assert.Empty(browser.Faults);
    }

    /// <summary>The last part of the addresses, in the order of the rows.</summary>
    private static async Task<string> LastNumbersAsync(IPage page)
    {
        var texts = await page.Locator("#rows td.address").AllInnerTextsAsync();
        return string.Join(' ', texts.Select(text => Regex.Match(text, @"\.(\d+):").Groups[1].Value));
    }
}
