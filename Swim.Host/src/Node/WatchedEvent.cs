namespace Swim.Host;

/// <summary>An item of <see cref="SwimNode.WatchAsync"/>: an event, or a resynchronization.</summary>
/// <param name="Event">
/// The event (R3.3); null in a resynchronization, which comes first, and whenever the reader fell behind and missed
/// events. The reader then starts again from <paramref name="Snapshot"/>.
/// </param>
/// <param name="Snapshot">
/// All that the node knew after the step that caused the event. The events of one packet share one snapshot.
/// </param>
public readonly record struct WatchedEvent(
    SwimEvent<NodeIdentity>? Event,
    SwimSnapshot<NodeIdentity> Snapshot
)
{
    /// <summary>Whether this is a resynchronization: the reader starts again from the snapshot.</summary>
    public bool IsResynchronize => Event is null;
}
