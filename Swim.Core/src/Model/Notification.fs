namespace Swim.Core

/// What a user would want to know as it happens.
type Notification<'Id> =
    /// A member became active.
    | MemberUp of 'Id
    /// A member that was up is Down.
    | MemberDown of 'Id
    /// The first identity was replaced by the second, at the same address (R3.3).
    | Rename of before: 'Id * after: 'Id
    /// Our identity is known to an active member (R4.2, R12.2).
    | Active
    /// No active member is left (R4.3).
    | Idle
    /// Our identity was declared Down, by others or by leaving (R4.4).
    | Defunct
    /// We gave up our identity for this one (R5.3, R12.5).
    | Rejoin of 'Id
