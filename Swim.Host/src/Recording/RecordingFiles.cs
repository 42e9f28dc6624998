using Swim.Recording;

namespace Swim.Host;

/// <summary>The files of a recording with a bound: the current one, and the previous one.</summary>
/// <param name="path">The path of the current file.</param>
/// <param name="create">Makes a file.</param>
internal sealed class RecordingFiles(string path, Func<string, Stream> create)
{
    // The number of files at a time; each has an equal part of the bound.
    private const int Count = 2;

    /// <summary>The path of the previous file.</summary>
    public static string PreviousOf(string path) => path + ".1";

    /// <summary>How the recording continues from file to file.</summary>
    /// <param name="maxBytes">The largest size of all files together, in bytes.</param>
    public RecordingRotation Within(long maxBytes) => new(maxBytes / Count, Next);

    /// <summary>
    /// Moves the current file to the place of the previous one, and makes the next. At any time the disk has no more
    /// than the bound, and what was just recorded is in one of the two.
    /// </summary>
    private Stream Next()
    {
        File.Move(path, PreviousOf(path), overwrite: true);
        return create(path);
    }
}
