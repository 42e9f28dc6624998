namespace Swim.Recording;

/// <summary>How a recording continues in another file when one is full.</summary>
/// <param name="MaxFileBytes">The largest size of a file, in bytes.</param>
/// <param name="Next">
/// Moves the full file, which is closed, out of the way, and makes the next one. It may throw the exceptions of the
/// disk.
/// </param>
internal sealed record RecordingRotation(long MaxFileBytes, Func<Stream> Next)
{
    /// <summary>
    /// The largest number of bytes of a file before its first step. With half of the file, checkpoints are never more
    /// than half of what is written.
    /// </summary>
    public long MaxHeadBytes => MaxFileBytes / 2;
}

/// <summary>The state of the members does not fit into a file of a recording that has a bound.</summary>
internal sealed class RecordingFullException(string message) : InvalidOperationException(message);
