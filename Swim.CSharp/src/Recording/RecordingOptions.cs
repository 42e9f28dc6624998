using System.Reflection;

namespace Swim.Recording;

/// <summary>What a recording says about itself, and what it keeps.</summary>
internal sealed record RecordingOptions
{
    /// <summary>
    /// The time at which it begins, in microseconds since 1970-01-01 00:00 UTC. A simulation may use any, such as 0.
    /// </summary>
    public long StartedAt { get; init; }

    /// <summary>
    /// Whether the payloads of custom broadcasts are kept. If not, they are replaced by zeros of the same length:
    /// their contents are the user's, and never influence the core.
    /// </summary>
    public bool KeepsPayloads { get; init; }

    /// <summary>The version that writes it; by default that of this library, without its commit.</summary>
    public string ProductVersion { get; init; } =
        typeof(RecordingOptions)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
