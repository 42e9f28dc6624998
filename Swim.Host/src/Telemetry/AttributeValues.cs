using System.Reflection;
using System.Text;

namespace Swim.Host.Telemetry;

/// <summary>An event in the course of a suspicion.</summary>
internal enum SuspicionEvent
{
    /// <summary>A member became Suspect because a probe by this one failed.</summary>
    Raised,

    /// <summary>A member became Suspect because other members say so.</summary>
    Learned,

    /// <summary>The suspect refuted the suspicion.</summary>
    Refuted,

    /// <summary>The suspicion expired, and the suspect was declared Down.</summary>
    Confirmed,
}

/// <summary>A change in this member's part in the cluster.</summary>
internal enum LifecycleEvent
{
    /// <summary>The first active member is known (R4.2), or one accepted a new identity (R12.2).</summary>
    Join,

    /// <summary>This member left.</summary>
    Leave,

    /// <summary>This member was declared Down and continues under a renewed identity.</summary>
    Rejoin,

    /// <summary>This member was declared Down, and its identity cannot be renewed.</summary>
    Defunct,

    /// <summary>Another process claims the address of this member (R13.5).</summary>
    AddressConflict,
}

/// <summary>Values of attributes: names in lower case, with underscores between words.</summary>
internal static class AttributeValues
{
    /// <summary>The version of this library.</summary>
    public static readonly string? Version = typeof(AttributeValues)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0];

    public static string Of<T>(T value)
        where T : struct, Enum => Table<T>.Names[value];

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
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>()
            .ToDictionary(value => value, value => Write(value.ToString()));
    }
}
