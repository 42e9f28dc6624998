using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Swim.Host;

/// <summary>Options, seeds and a broadcast handler for the member of a service.</summary>
public static class SwimBuilderExtensions
{
    /// <summary>Binds the options of the member to a section of the configuration.</summary>
    /// <param name="builder">The builder of the member.</param>
    /// <param name="section">
    /// The section, such as <c>configuration.GetSection(SwimOptions.SectionName)</c>.
    /// </param>
    public static ISwimBuilder Bind(this ISwimBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddOptions<SwimOptions>(builder.Name).Bind(section);
        return builder;
    }

    /// <summary>Sets the options of the member in code, after all earlier settings.</summary>
    /// <param name="builder">The builder of the member.</param>
    /// <param name="configure">Sets the options.</param>
    public static ISwimBuilder Configure(this ISwimBuilder builder, Action<SwimOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>Adds a provider of seeds. The container makes it once, and disposes it.</summary>
    /// <param name="builder">The builder of the member.</param>
    /// <param name="create">Makes the provider from the services of the host.</param>
    public static ISwimBuilder AddSeeds(
        this ISwimBuilder builder,
        Func<IServiceProvider, ISeedProvider> create
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (services, _) => create(services));
        return builder;
    }

    /// <summary>
    /// Adds all addresses of a DNS name as seeds. The name is resolved each time that they are asked.
    /// </summary>
    /// <param name="builder">The builder of the member.</param>
    /// <param name="host">The DNS name, such as <c>swim.default.svc.cluster.local</c>.</param>
    /// <param name="port">The port at which all members listen, from 1 to 65,535.</param>
    /// <exception cref="ArgumentException">The host is not a DNS name, or the port is out of bounds.</exception>
    public static ISwimBuilder AddDnsSeeds(this ISwimBuilder builder, string host, int port)
    {
        var seeds = new DnsSeedProvider(host, port);
        return builder.AddSeeds(_ => seeds);
    }

    /// <summary>Sets the handler of custom broadcasts. Without one, the member refuses them.</summary>
    /// <param name="builder">The builder of the member.</param>
    /// <param name="create">Makes the handler from the services of the host.</param>
    /// <typeparam name="TKey">The key by which the handler names an item.</typeparam>
    public static ISwimBuilder AddBroadcastHandler<TKey>(
        this ISwimBuilder builder,
        Func<IServiceProvider, IBroadcastHandler<NodeIdentity, TKey>> create
    )
        where TKey : IInvalidates<TKey>
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);

        builder.Services.AddKeyedSingleton<NodeStarter>(
            builder.Name,
            (services, _) => options => SwimNode.Start(options, create(services))
        );
        return builder;
    }
}
