using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Swim.Host;

/// <summary>Makes a service a member of a cluster.</summary>
public static class SwimServiceCollectionExtensions
{
    /// <summary>
    /// Makes the service a member of a cluster: it joins when the host has started and leaves when the host stops.
    /// Inject <see cref="ISwimCluster"/> to see the others.
    /// </summary>
    /// <param name="services">Of the service.</param>
    public static ISwimBuilder AddSwim(this IServiceCollection services) =>
        Add(services, Options.DefaultName);

    /// <summary>The same, with options set in code.</summary>
    /// <inheritdoc cref="AddSwim(IServiceCollection)"/>
    public static ISwimBuilder AddSwim(this IServiceCollection services, Action<SwimOptions> configure) =>
        services.AddSwim().Configure(configure);

    /// <summary>
    /// Makes the service a member of one more cluster. Inject it by its name:
    /// <c>[FromKeyedServices("name")] ISwimCluster</c>.
    /// </summary>
    /// <param name="services">Of the service.</param>
    /// <param name="name">
    /// Tells it apart in this process: the key of the service, the name of its options, and the attribute
    /// <c>swim.node.name</c> of its metrics. Others in the cluster never see it.
    /// </param>
    public static ISwimBuilder AddSwim(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name);
    }

    /// <summary>
    /// Adds the health of a member: unhealthy while it is not started or defunct, degraded while it knows fewer than
    /// <see cref="SwimOptions.MinimumMembers"/>.
    /// </summary>
    /// <param name="checks">The health checks of the service.</param>
    /// <param name="cluster">The name given to <c>AddSwim</c>; empty for the one without a name.</param>
    /// <param name="name">The name of the check; <c>swim</c>, or <c>swim-NAME</c>, if null.</param>
    /// <param name="tags">To choose checks by.</param>
    public static IHealthChecksBuilder AddSwim(
        this IHealthChecksBuilder checks,
        string cluster = "",
        string? name = null,
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(cluster);

        return checks.Add(
            new HealthCheckRegistration(
                name ?? (cluster.Length == 0 ? "swim" : $"swim-{cluster}"),
                services => new SwimHealthCheck(
                    services.GetRequiredKeyedService<SwimService>(cluster),
                    services.GetRequiredService<IOptionsMonitor<SwimOptions>>().Get(cluster).MinimumMembers
                ),
                failureStatus: null,
                tags
            )
        );
    }

    private static SwimBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);

        // Asked for a second time it goes on with the first.
        if (
            !services.Any(service =>
                service.ServiceType == typeof(SwimService) && name.Equals(service.ServiceKey)
            )
        )
        {
            services.AddOptions<SwimOptions>(name).ValidateOnStart();
            services.AddSingleton<IValidateOptions<SwimOptions>>(new SwimOptionsValidator(name));
            services.AddKeyedSingleton(name, (provider, _) => new SwimService(provider, name));
            services.AddKeyedSingleton<ISwimCluster>(name, (provider, _) => Service(provider, name));
            services.AddSingleton<IHostedService>(provider => Service(provider, name));

            if (name == Options.DefaultName)
            {
                services.AddSingleton<ISwimCluster>(provider => Service(provider, name));
            }
        }

        return new SwimBuilder(services, name);
    }

    private static SwimService Service(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<SwimService>(name);
}
