using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Swim.AspNetCore.Tests.Support;

/// <summary>An application on a free port of the loopback address that serves the dashboard of a member.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardServer(WebApplication app, string path)
    {
        _app = app;
        Page = new Uri(new Uri(app.Urls.Single()), path);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Page };
    }

    /// <summary>Where the page is, with a slash at the end.</summary>
    public Uri Page { get; }

    /// <summary>Asks below the page, and follows no redirection.</summary>
    public HttpClient Client { get; }

    public static async Task<DashboardServer> StartAsync(
        ISwimCluster cluster,
        SwimDashboardOptions? options = null,
        string pattern = "/swim"
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(cluster);
        var app = builder.Build();
        app.MapSwim(pattern, options);
        await app.StartAsync(Deadline.Token);
        return new DashboardServer(app, pattern.TrimEnd('/') + "/");
    }

    /// <summary>What GET answers, as JSON.</summary>
    public Task<JsonElement> GetAsync(string path) =>
        Client.GetFromJsonAsync<JsonElement>(path, Deadline.Token).Within($"GET {path} answers");

    /// <summary>Asks to leave, with these headers.</summary>
    public Task<HttpResponseMessage> LeaveAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "leave");

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, Deadline.Token).Within("POST leave answers");
    }

    /// <summary>Stops, as a server does that is asked to.</summary>
    public Task StopAsync() => _app.StopAsync(Deadline.Token);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
