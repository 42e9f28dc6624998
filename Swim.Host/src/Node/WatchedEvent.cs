namespace Swim.Host;

/// <summary>What <see cref="SwimNode.WatchAsync"/> brings: an event, or a resynchronization.</summary>
/// <param name="Event">
/// What changed; null if the reader knows nothing yet, or fell behind and lost events: then what holds now is in
/// <paramref name="Snapshot"/>.
/// </param>
/// <param name="Snapshot">
/// All that the node knew right after the event. Events that came with one packet share one snapshot.
/// </param>
public readonly record struct WatchedEvent(
    SwimEvent<NodeIdentity>? Event,
    SwimSnapshot<NodeIdentity> Snapshot
)
{
    /// <summary>Whether the reader has to start again from the snapshot.</summary>
    public bool IsResynchronize => Event is null;
}
