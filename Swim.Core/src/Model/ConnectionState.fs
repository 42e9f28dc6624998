namespace Swim

/// The connection of a member to its cluster (R4.1).
type ConnectionState =
    /// No active member is known.
    | Idle = 0uy
    /// At least one active member is known.
    | Active = 1uy
    /// The member's identity was declared Down, or it left; only its caller leads out of this (R4.4).
    | Defunct = 2uy
