namespace Swim.Host;

/// <summary>Checks of options. A check that fails throws an exception that names the field and its bound.</summary>
internal static class Bounds
{
    public static void Require(bool condition, string field, string bound)
    {
        if (!condition)
        {
            throw new ArgumentException($"{field} {bound}.", field);
        }
    }

    public static void RequireDuration(TimeSpan value, string field) =>
        Require(
            value > TimeSpan.Zero && value <= TimeSpan.FromDays(1),
            field,
            "must be more than zero and at most one day"
        );

    public static void RequireCapacity(int value, string field) =>
        Require(value is >= 1 and <= 1 << 20, field, "must be from 1 to 1048576");

    /// <summary>Whether the folder of the file exists; the file itself need not.</summary>
    public static bool IsInFolder(string path) =>
        Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)));
}
