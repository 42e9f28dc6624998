namespace Swim

/// A member's own part in the cluster (R4.1).
type ConnectionState =
    /// No active member is known.
    | Idle = 0uy
    /// At least one active member is known.
    | Active = 1uy
    /// The member's identity was declared Down; only the caller leads out of this.
    | Defunct = 2uy
