using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Swim.Host;

/// <summary>What a member of a cluster can be given.</summary>
public static class SwimBuilderExtensions
{
    /// <summary>Binds its options to a section of the configuration.</summary>
    /// <param name="builder">The member.</param>
    /// <param name="section">Such as <c>configuration.GetSection(SwimOptions.SectionName)</c>.</param>
    public static ISwimBuilder Bind(this ISwimBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddOptions<SwimOptions>(builder.Name).Bind(section);
        return builder;
    }

    /// <summary>Sets its options in code, after what was said before.</summary>
    public static ISwimBuilder Configure(this ISwimBuilder builder, Action<SwimOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>Adds a source of seeds; the container makes it once, and disposes it.</summary>
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

    /// <summary>Adds all addresses of a name, resolved anew each time, as seeds.</summary>
    /// <inheritdoc cref="DnsSeedProvider(string, int)"/>
    public static ISwimBuilder AddDnsSeeds(this ISwimBuilder builder, string host, int port)
    {
        var seeds = new DnsSeedProvider(host, port);
        return builder.AddSeeds(_ => seeds);
    }

    /// <summary>Understands custom broadcasts; without it they are refused.</summary>
    /// <typeparam name="TKey">What the handler calls items.</typeparam>
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
