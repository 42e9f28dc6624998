using System.Reflection;

namespace Swim;

/// <summary>What a recording says of itself, and what it keeps.</summary>
internal sealed record RecordingOptions
{
    /// <summary>When it begins: microseconds since 1970-01-01 00:00 UTC. A simulation may take any, such as 0.</summary>
    public long StartedAt { get; init; }

    /// <summary>
    /// Whether the payloads of custom broadcasts are kept. If not, zeros of the same length stand for them: their
    /// content is the user's, and never influences the core.
    /// </summary>
    public bool KeepsPayloads { get; init; }

    /// <summary>The version that writes it; that of this library, without the commit behind it.</summary>
    public string ProductVersion { get; init; } =
        typeof(RecordingOptions)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
