namespace Swim.AspNetCore;

/// <summary>What the dashboard shows and allows.</summary>
public sealed record SwimDashboardOptions
{
    /// <summary>
    /// Whether the dashboard may make the member leave its cluster. Off by default: without
    /// authorization, anyone who reaches the page could do so.
    /// </summary>
    public bool AllowControl { get; init; }

    /// <summary>
    /// Whether only requests to <c>localhost</c>, <c>127.0.0.0/8</c> or <c>[::1]</c> are answered, by their Host
    /// header; others get 403. For a server that listens at loopback without authorization: a web site whose name
    /// resolves to 127.0.0.1 (DNS rebinding) then cannot read it.
    /// </summary>
    public bool RequireLoopbackHost { get; init; }

    /// <summary>The number of latest events that are kept, from 1 to 10,000.</summary>
    public int EventCapacity { get; init; } = 500;

    /// <summary>The number of browsers that may follow the member at a time, from 1 to 10,000; more get 503.</summary>
    public int MaxEventStreams { get; init; } = 64;

    /// <summary>
    /// How often a stream sends counts, probes and message rates when no event does; it also shows that the stream is
    /// alive. From 100 ms to 1 minute.
    /// </summary>
    public TimeSpan RefreshPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws if an option is out of bounds.</summary>
    /// <exception cref="ArgumentException">The message names the option and its bounds.</exception>
    internal void Validate()
    {
        Require(EventCapacity is >= 1 and <= 10_000, nameof(EventCapacity), "from 1 to 10000");
        Require(MaxEventStreams is >= 1 and <= 10_000, nameof(MaxEventStreams), "from 1 to 10000");
        Require(
            RefreshPeriod >= TimeSpan.FromMilliseconds(100) && RefreshPeriod <= TimeSpan.FromMinutes(1),
            nameof(RefreshPeriod),
            "from 100 ms to 1 minute"
        );
    }

    private static void Require(bool holds, string option, string bounds)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(SwimDashboardOptions)}.{option} must be {bounds}.", option);
        }
    }
}
