namespace Swim;

/// <summary>A caller asked for something that cannot be done now. Data from the network never throws.</summary>
public sealed class SwimException : InvalidOperationException
{
    /// <summary>Makes the exception for an error code, with what was wrong and what would be right.</summary>
    public SwimException(SwimError error, string message)
        : base(message) => Error = error;

    /// <summary>The error code (R11).</summary>
    public SwimError Error { get; }
}
