namespace Swim.Host;

/// <summary>A node could not start; the message says why, and what to change.</summary>
public sealed class SwimStartException : IOException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">A sentence that says why the node could not start, and what to change.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public SwimStartException(string message, Exception? inner = null)
        : base(message, inner) { }
}
