namespace Swim;

/// <summary>What a notification is about.</summary>
public enum NotificationKind
{
    /// <summary>A member became active.</summary>
    MemberUp = 0,

    /// <summary>A member that was up is Down.</summary>
    MemberDown = 1,

    /// <summary>A newer identity took the place of another at the same address (R3.3).</summary>
    Rename = 2,

    /// <summary>Our identity is known to an active member (R4.2).</summary>
    Active = 3,

    /// <summary>No active member is left (R4.3).</summary>
    Idle = 4,

    /// <summary>Our identity was declared down, by others or by leaving (R4.4).</summary>
    Defunct = 5,

    /// <summary>Our identity was declared down and we go on under a renewed one (R5.3).</summary>
    Rejoin = 6,
}

/// <summary>Something that a user would want to know. The seed's <c>Notification</c>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Identity">
/// The member it happened to: the new identity for <see cref="NotificationKind.Rename"/>, our own for
/// <see cref="NotificationKind.Active"/> and the kinds after it.
/// </param>
/// <param name="Previous">
/// The identity before, for <see cref="NotificationKind.Rename"/>; else the default.
/// </param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public readonly record struct SwimNotification<TIdentity>(
    NotificationKind Kind,
    TIdentity Identity,
    TIdentity? Previous = default
);
