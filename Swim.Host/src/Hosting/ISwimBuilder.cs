using Microsoft.Extensions.DependencyInjection;

namespace Swim.Host;

/// <summary>
/// Configures the member that <see cref="SwimServiceCollectionExtensions.AddSwim(IServiceCollection)"/> added.
/// </summary>
public interface ISwimBuilder
{
    /// <summary>The service collection that has the member.</summary>
    IServiceCollection Services { get; }

    /// <summary>The name of the cluster; empty for the default one.</summary>
    string Name { get; }
}

/// <inheritdoc cref="ISwimBuilder"/>
internal sealed record SwimBuilder(IServiceCollection Services, string Name) : ISwimBuilder;
