using Microsoft.Extensions.DependencyInjection;

namespace Swim.Host;

/// <summary>Goes on with what <see cref="SwimServiceCollectionExtensions.AddSwim(IServiceCollection)"/> began.</summary>
public interface ISwimBuilder
{
    /// <summary>Of the service.</summary>
    IServiceCollection Services { get; }

    /// <summary>The name of the cluster; empty for the one without a name.</summary>
    string Name { get; }
}

/// <inheritdoc cref="ISwimBuilder"/>
internal sealed record SwimBuilder(IServiceCollection Services, string Name) : ISwimBuilder;
