namespace Swim;

/// <summary>Something cannot be recorded, or a recording cannot be replayed; the message says what and why.</summary>
internal sealed class RecordingException(string message) : InvalidOperationException(message);
