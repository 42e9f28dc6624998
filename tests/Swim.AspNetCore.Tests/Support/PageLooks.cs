using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>What is seen on the page.</summary>
internal static class PageLooks
{
    private static readonly LocatorAssertionsToBeVisibleOptions Visible = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToHaveTextOptions Text = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToHaveCountOptions Count = new() { Timeout = 30_000 };

    /// <summary>The row of the member at that address.</summary>
    public static ILocator Row(this IPage page, string endPoint) =>
        page.Locator($"#rows tr[data-endpoint='{endPoint}']");

    /// <summary>Waits until the row of that member shows that status.</summary>
    public static Task ShowsAsync(this IPage page, string endPoint, string status) =>
        Expect(page.Row(endPoint).Locator(".status")).ToHaveTextAsync(status, Text);

    /// <summary>Waits until the timeline tells that of the member.</summary>
    public static Task TellsAsync(this IPage page, string kind, string endPoint) =>
        Expect(page.Locator($"#events li[data-kind='{kind}']", new() { HasText = endPoint }).First)
            .ToBeVisibleAsync(Visible);

    /// <summary>Waits until there is that text in an element.</summary>
    public static Task ReadsAsync(this IPage page, string selector, string text) =>
        Expect(page.Locator(selector)).ToHaveTextAsync(text, Text);

    /// <summary>Waits until there are that many.</summary>
    public static Task HasAsync(this IPage page, string selector, int count) =>
        Expect(page.Locator(selector)).ToHaveCountAsync(count, Count);

    /// <summary>Waits until the page can be seen to follow its member.</summary>
    public static Task IsLiveAsync(this IPage page) => page.ReadsAsync("#link", "live");

    /// <summary>Remembers this load of the page.</summary>
    public static Task MarkAsync(this IPage page) => page.EvaluateAsync("window.loadedOnce = true");

    /// <summary>Whether it is still the load that was marked.</summary>
    public static Task<bool> IsMarkedAsync(this IPage page) =>
        page.EvaluateAsync<bool>("window.loadedOnce === true");

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public static Task<int> OverflowAsync(this IPage page) =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
}
