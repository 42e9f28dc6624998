namespace Swim;

/// <summary>How a recording goes on in another file when one is full.</summary>
/// <param name="MaxFileBytes">How large a file may become, in bytes.</param>
/// <param name="Next">
/// Puts the file that is full, and closed, out of the way, and makes the next one. May throw what a disk throws.
/// </param>
internal sealed record RecordingRotation(long MaxFileBytes, Func<Stream> Next)
{
    /// <summary>
    /// How many bytes of a file may be taken by what is there before its first step. With half of it, checkpoints
    /// never make more than half of what is written.
    /// </summary>
    public long MaxHeadBytes => MaxFileBytes / 2;
}

/// <summary>What the members know does not fit into a file of a recording that has a bound.</summary>
internal sealed class RecordingFullException(string message) : InvalidOperationException(message);
