using Microsoft.Playwright;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>A real browser, started once for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    // Room for a loaded machine, as Deadline has it.
    private const float PatienceMilliseconds = 30_000;

    private readonly List<string> _faults = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>What pages complained of, and whom they asked that they should not have.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        var path = Places.FirstOrDefault(File.Exists);
        Assert.True(path is not null, "there is no Chromium; install it with .ci/install-chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = path,
                Headless = true,
                Args = ["--no-sandbox", "--disable-gpu"],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens a page in a window of that size. Whatever it asks of another server is a fault.</summary>
    public async Task<IPage> OpenAsync(string url, int width = 1280, int height = 900, bool isDark = false)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            }
        );
        context.SetDefaultTimeout(PatienceMilliseconds);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => AddFault($"error: {error}");
        page.Console += (_, message) =>
        {
            // That a server is gone is what some tests are about.
            if (message.Type is "error" or "warning" && !message.Text.Contains("net::ERR_"))
            {
                AddFault($"{message.Type}: {message.Text}");
            }
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != new Uri(url).Authority)
            {
                AddFault($"asked {request.Url}");
            }
        };
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>Keeps a picture of the whole page as output of the tests.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        var folder = RepositoryFiles.PathOf("artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private void AddFault(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
