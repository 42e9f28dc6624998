namespace Swim.Host;

/// <summary>What a change is about.</summary>
public enum SwimChangeKind
{
    /// <summary>
    /// The reader knows nothing yet, or fell behind and lost changes: what holds now is in
    /// <see cref="SwimChange.Snapshot"/>.
    /// </summary>
    Resynchronize = 0,

    /// <summary>A member became active.</summary>
    MemberUp = 1,

    /// <summary>A member that was up crashed, left or was declared down.</summary>
    MemberDown = 2,

    /// <summary>A newer identity took the place of another at the same endpoint.</summary>
    Rename = 3,

    /// <summary>This node is known to an active member.</summary>
    Active = 4,

    /// <summary>This node knows no active member any more.</summary>
    Idle = 5,

    /// <summary>This node was declared down for good, or left.</summary>
    Defunct = 6,

    /// <summary>This node was declared down and goes on under a renewed identity.</summary>
    Rejoin = 7,
}

/// <summary>Something that changed, as <see cref="SwimNode.WatchAsync"/> tells it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Identity">The member it happened to; this node for the kinds from Active on and Resynchronize.</param>
/// <param name="Previous">The identity before, for <see cref="SwimChangeKind.Rename"/>.</param>
/// <param name="Snapshot">
/// All that the node knew right after the change. Changes that came with one packet share one snapshot.
/// </param>
public readonly record struct SwimChange(
    SwimChangeKind Kind,
    NodeIdentity Identity,
    NodeIdentity? Previous,
    SwimSnapshot<NodeIdentity> Snapshot
);
