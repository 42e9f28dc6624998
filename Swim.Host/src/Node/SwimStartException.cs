namespace Swim.Host;

/// <summary>A node could not start: the message says what is in the way and what to change.</summary>
public sealed class SwimStartException : IOException
{
    /// <summary>Makes the exception.</summary>
    public SwimStartException(string message, Exception? inner = null)
        : base(message, inner) { }
}
