using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Swim.Host.Tests.Support;

/// <summary>A service that is a member, as the generic host runs it; quick, and on a free port of this machine.</summary>
internal static class TestHost
{
    public static IHost Create(Action<ISwimBuilder> configure, params ISwimCluster[] seeds) =>
        Create(services => configure(services.AddSwim(options => Quicken(options, seeds))));

    public static IHost Create(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        configure(builder.Services);
        return builder.Build();
    }

    public static void Quicken(SwimOptions options, params ISwimCluster[] seeds)
    {
        options.Bind = "127.0.0.1:0";
        options.Preset = SwimPreset.Local;
        options.ClusterSize = 5;
        options.JoinRetryMax = TimeSpan.FromMilliseconds(200);

        foreach (var seed in seeds)
        {
            options.Seeds.Add(seed.LocalEndPoint.ToString());
        }
    }

    public static async Task<IHost> StartAsync(params ISwimCluster[] seeds)
    {
        var host = Create((ISwimBuilder _) => { }, seeds);
        await host.StartAsync(Deadline.Token).Within("the host starts");
        return host;
    }

    public static ISwimCluster Cluster(this IHost host) => host.Services.GetRequiredService<ISwimCluster>();

    /// <summary>A configuration of these values.</summary>
    public static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.ToDictionary(entry => entry.Key, entry => (string?)entry.Value))
            .Build();

    /// <summary>Waits until a member sees so many others.</summary>
    public static Task SeesAsync(this ISwimCluster cluster, int others) =>
        Deadline.UntilAsync(
            () => cluster.Members.Count == others,
            () => $"{cluster.Identity} sees {cluster.Members.Count} of {others}"
        );
}
