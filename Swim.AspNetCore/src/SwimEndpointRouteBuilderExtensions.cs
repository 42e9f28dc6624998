using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>Maps the dashboard of a cluster member into an application.</summary>
public static class SwimEndpointRouteBuilderExtensions
{
    /// <summary>Maps the dashboard of the member that is registered as <see cref="ISwimCluster"/>.</summary>
    /// <param name="endpoints">The application to map the dashboard into.</param>
    /// <param name="pattern">The path of the page, such as <c>/swim</c>; the JSON is below it.</param>
    /// <param name="options">What the dashboard shows and allows; null for a read-only one.</param>
    /// <returns>
    /// A builder of conventions for the page and everything below it, such as <c>RequireAuthorization()</c>.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of bounds; the message names it and its bounds.</exception>
    /// <remarks>
    /// The page, and <c>GET members</c>, <c>status</c>, <c>events</c>, <c>probes</c>, <c>messages</c>,
    /// <c>stream</c> (server-sent events) and <c>POST leave</c> below it. The member is resolved when the application has
    /// started, and followed until the application stops.
    /// </remarks>
    public static IEndpointConventionBuilder MapSwim(
        this IEndpointRouteBuilder endpoints,
        string pattern = "/swim",
        SwimDashboardOptions? options = null
    ) => endpoints.MapSwim(pattern, services => services.GetRequiredService<ISwimCluster>(), options);

    /// <summary>Maps the dashboard of a member.</summary>
    /// <param name="endpoints">The application to map the dashboard into.</param>
    /// <param name="pattern">The path of the page, such as <c>/swim</c>; the JSON is below it.</param>
    /// <param name="cluster">The member to show, for instance a <see cref="SwimNode"/>.</param>
    /// <param name="options">What the dashboard shows and allows; null for a read-only one.</param>
    /// <inheritdoc cref="MapSwim(IEndpointRouteBuilder, string, SwimDashboardOptions)"/>
    public static IEndpointConventionBuilder MapSwim(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        ISwimCluster cluster,
        SwimDashboardOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return endpoints.MapSwim(pattern, _ => cluster, options);
    }

    /// <summary>Maps the dashboard of a member that is looked up, for instance by a key.</summary>
    /// <param name="endpoints">The application to map the dashboard into.</param>
    /// <param name="pattern">The path of the page, such as <c>/swim</c>; the JSON is below it.</param>
    /// <param name="resolve">Finds the member among the services. Called once, when the application has started.</param>
    /// <param name="options">What the dashboard shows and allows; null for a read-only one.</param>
    /// <inheritdoc cref="MapSwim(IEndpointRouteBuilder, string, SwimDashboardOptions)"/>
    public static IEndpointConventionBuilder MapSwim(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<IServiceProvider, ISwimCluster> resolve,
        SwimDashboardOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(resolve);
        options ??= new SwimDashboardOptions();
        options.Validate();

        var dashboard = new Dashboard(endpoints.ServiceProvider, resolve, options);
        var group = endpoints.MapGroup(pattern);
        dashboard.Map(group);
        return group;
    }
}
