namespace Swim.Recording;

/// <summary>A value cannot be recorded, or a recording cannot be replayed; the message says why.</summary>
internal sealed class RecordingException(string message) : InvalidOperationException(message);
