using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Swim.Host;

/// <summary>Adds a member of a cluster to a service.</summary>
public static class SwimServiceCollectionExtensions
{
    /// <summary>
    /// Makes the service a member of a cluster: it joins when the host has started, and leaves before the host stops.
    /// Inject <see cref="ISwimCluster"/> to see the other members.
    /// </summary>
    /// <param name="services">The service collection to add the member to.</param>
    /// <returns>A builder for options, seeds and a broadcast handler.</returns>
    public static ISwimBuilder AddSwim(this IServiceCollection services) =>
        Add(services, Options.DefaultName);

    /// <summary>
    /// Makes the service a member of a cluster with options set in code; see
    /// <see cref="AddSwim(IServiceCollection)"/>.
    /// </summary>
    /// <param name="services">The service collection to add the member to.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for options, seeds and a broadcast handler.</returns>
    public static ISwimBuilder AddSwim(this IServiceCollection services, Action<SwimOptions> configure) =>
        services.AddSwim().Configure(configure);

    /// <summary>
    /// Makes the service a member of one more cluster. Inject it by its name:
    /// <c>[FromKeyedServices("name")] ISwimCluster</c>.
    /// </summary>
    /// <param name="services">The service collection to add the member to.</param>
    /// <param name="name">
    /// The name of the cluster in this process: the key of the service, the name of its options, and the attribute
    /// <c>swim.node.name</c> of its metrics. Other members never see it.
    /// </param>
    /// <returns>A builder for options, seeds and a broadcast handler.</returns>
    public static ISwimBuilder AddSwim(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name);
    }

    /// <summary>
    /// Adds a health check of a member: unhealthy before the start and while Defunct, degraded with fewer active
    /// members than <see cref="SwimOptions.MinimumMembers"/>.
    /// </summary>
    /// <param name="checks">The health checks to add this one to.</param>
    /// <param name="cluster">The name given to <c>AddSwim</c>; empty for the default one.</param>
    /// <param name="name">
    /// The name of the check; null for <c>swim</c>, or <c>swim-NAME</c> of a named cluster.
    /// </param>
    /// <param name="tags">The tags of the check.</param>
    /// <returns>The health checks.</returns>
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

        // A second call with the same name configures the same member.
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
