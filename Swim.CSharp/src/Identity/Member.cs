namespace Swim;

/// <summary>What is believed of a member (R2.1). Alive and Suspect members are <em>active</em>.</summary>
public enum MemberStatus
{
    /// <summary>The member takes part.</summary>
    Alive = 0,

    /// <summary>A probe of the member failed; it will be Down soon unless it refutes.</summary>
    Suspect = 1,

    /// <summary>The member crashed, left, or was declared down. Final for its identity.</summary>
    Down = 2,
}

/// <summary>A member record (R2.1). The seed's <c>Member</c>.</summary>
/// <param name="Identity">Who this is about.</param>
/// <param name="Incarnation">
/// How often the member refuted a suspicion under this identity; 0 when <see cref="MemberStatus.Down"/> (R12.8).
/// </param>
/// <param name="Status">What is believed of it.</param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public readonly record struct Member<TIdentity>(TIdentity Identity, ushort Incarnation, MemberStatus Status)
{
    /// <summary>Whether the member counts as taking part: Alive or Suspect.</summary>
    public bool IsActive => Status != MemberStatus.Down;
}
