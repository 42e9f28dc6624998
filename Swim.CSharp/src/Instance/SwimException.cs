namespace Swim;

/// <summary>
/// A caller asked for an operation that is not possible now (R11). Data from the network never causes it.
/// </summary>
public sealed class SwimException : InvalidOperationException
{
    /// <summary>Makes an exception with an error code.</summary>
    /// <param name="error">The error code (R11).</param>
    /// <param name="message">A sentence that says what is wrong and what would be right.</param>
    public SwimException(SwimError error, string message)
        : base(message) => Error = error;

    /// <summary>The error code (R11).</summary>
    public SwimError Error { get; }
}
