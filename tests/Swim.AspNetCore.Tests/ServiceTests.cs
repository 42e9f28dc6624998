using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Swim.AspNetCore.Tests;

/// <summary>The dashboards of members that are services.</summary>
public sealed class ServiceTests
{
    /// <summary>The one without a name by itself, another by its key; each follows its own member.</summary>
    [Fact]
    public async Task A_registered_member_is_found()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddSwim(options => options.Bind = "127.0.0.1:0");
        builder.Services.AddSwim("blue").Configure(options => options.Bind = "127.0.0.1:0");
        await using var app = builder.Build();
        app.MapSwim();
        app.MapSwim("/blue", services => services.GetRequiredKeyedService<ISwimCluster>("blue"));
        await app.StartAsync(Deadline.Token);

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var plain = await client.GetStringAsync("/swim/status", Deadline.Token);
        var blue = await client.GetStringAsync("/blue/status", Deadline.Token);
        Assert.Contains($"\"{app.Services.GetRequiredService<ISwimCluster>().Identity}\"", plain);
        Assert.Contains($"\"{app.Services.GetRequiredKeyedService<ISwimCluster>("blue").Identity}\"", blue);

        // Its members stop after it does; a reader that follows does not delay that.
        using var events = await client.GetAsync(
            "/swim/stream",
            HttpCompletionOption.ResponseHeadersRead,
            Deadline.Token
        );
        await app.StopAsync(Deadline.Token).Within("the application stops", TimeSpan.FromSeconds(10));
    }
}
