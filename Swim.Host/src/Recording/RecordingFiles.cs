namespace Swim.Host;

/// <summary>The files of a recording with a bound: one that is written to, and the one before it.</summary>
/// <param name="path">The file that is written to.</param>
/// <param name="create">Makes a file.</param>
internal sealed class RecordingFiles(string path, Func<string, Stream> create)
{
    // So many are there at a time, and each has an equal part of the bound.
    private const int Count = 2;

    /// <summary>The file that was written to before.</summary>
    public static string PreviousOf(string path) => path + ".1";

    /// <summary>How the recording goes on from file to file.</summary>
    /// <param name="maxBytes">How many bytes all files may have together.</param>
    public RecordingRotation Within(long maxBytes) => new(maxBytes / Count, Next);

    /// <summary>
    /// Moves the file away, in the place of the one before it, and makes the next. At no time is there more on the
    /// disk than both may have, and at no time is what was just recorded in neither.
    /// </summary>
    private Stream Next()
    {
        File.Move(path, PreviousOf(path), overwrite: true);
        return create(path);
    }
}
