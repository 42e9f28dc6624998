namespace Swim.Host;

/// <summary>A probe that ended (R7): how long its target took to answer, or that it did not.</summary>
/// <param name="Target">Who was probed.</param>
/// <param name="StartedAt">When its Ping was sent.</param>
/// <param name="RoundTrip">From the Ping to the first answer; null if none came within the probe period.</param>
/// <param name="WasIndirect">Whether the answer came by way of a helper (R7.3).</param>
public readonly record struct SwimProbe(
    NodeIdentity Target,
    DateTimeOffset StartedAt,
    TimeSpan? RoundTrip,
    bool WasIndirect
);
