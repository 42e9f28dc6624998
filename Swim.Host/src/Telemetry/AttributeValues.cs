using System.Reflection;
using System.Text;

namespace Swim.Host.Telemetry;

/// <summary>What became of a suspicion.</summary>
internal enum SuspicionEvent
{
    /// <summary>A member became suspect because a probe of this one failed.</summary>
    Raised,

    /// <summary>A member became suspect because other members say so.</summary>
    Learned,

    /// <summary>The suspect refuted it.</summary>
    Refuted,

    /// <summary>It expired, and the suspect was declared down.</summary>
    Confirmed,
}

/// <summary>What happened to this member's place in the cluster.</summary>
internal enum LifecycleEvent
{
    /// <summary>An active member knows this one.</summary>
    Join,

    /// <summary>It left.</summary>
    Leave,

    /// <summary>It was declared down and continues under a renewed identity.</summary>
    Rejoin,

    /// <summary>It was declared down for good.</summary>
    Defunct,
}

/// <summary>Values of attributes: lower case, words joined by underscores.</summary>
internal static class AttributeValues
{
    /// <summary>The version of this library.</summary>
    public static readonly string? Version = typeof(AttributeValues)
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
