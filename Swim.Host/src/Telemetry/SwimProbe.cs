namespace Swim.Host;

/// <summary>A probe that ended (R7).</summary>
/// <param name="Target">The member that was probed.</param>
/// <param name="StartedAt">The time at which its Ping was sent.</param>
/// <param name="RoundTrip">
/// The time from the Ping to the first answer; null if no answer came within the probe period.
/// </param>
/// <param name="WasIndirect">Whether a helper forwarded the answer (R7.4).</param>
public readonly record struct SwimProbe(
    NodeIdentity Target,
    DateTimeOffset StartedAt,
    TimeSpan? RoundTrip,
    bool WasIndirect
);
