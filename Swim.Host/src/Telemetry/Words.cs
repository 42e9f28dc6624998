using System.Reflection;
using System.Text;

namespace Swim.Host.Telemetry;

/// <summary>How a probe ended.</summary>
internal enum ProbeResult
{
    /// <summary>The target answered itself.</summary>
    Direct,

    /// <summary>The answer came by way of a helper.</summary>
    Indirect,

    /// <summary>No answer came within the probe period.</summary>
    Failed,

    /// <summary>This machine was too slow to see the probe through; it says nothing of the target.</summary>
    Incomplete,
}

/// <summary>What became of a suspicion.</summary>
internal enum SuspicionEvent
{
    /// <summary>A member became suspect because a probe of this one failed.</summary>
    Raised,

    /// <summary>A member became suspect because others say so.</summary>
    Learned,

    /// <summary>When its time was over the suspect had refuted it.</summary>
    Refuted,

    /// <summary>Its time was over, and the suspect was declared down.</summary>
    Confirmed,
}

/// <summary>What happened to this member's place in the cluster.</summary>
internal enum LifecycleEvent
{
    /// <summary>An active member knows this one.</summary>
    Join,

    /// <summary>It left.</summary>
    Leave,

    /// <summary>It was declared down and goes on under a renewed identity.</summary>
    Rejoin,

    /// <summary>It was declared down for good.</summary>
    Defunct,
}

/// <summary>Values of attributes: lower case, words joined by underscores.</summary>
internal static class Words
{
    /// <summary>The version of this library.</summary>
    public static readonly string? Version = typeof(Words)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0];

    public static string Of<T>(T value)
        where T : struct, Enum => Table<T>.Words[value];

    private static string Write(string name)
    {
        var text = new StringBuilder();

        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Words = Enum.GetValues<T>()
            .ToDictionary(value => value, value => Write(value.ToString()));
    }
}
