namespace Swim.CSharp.Tests.Support;

/// <summary>Short ways to write events.</summary>
internal static class Occurred
{
    /// <summary>A member became known, and is active.</summary>
    public static SwimEvent<NodeIdentity> Up(MemberRecord<NodeIdentity> after, ChangeCause cause) =>
        Of(SwimEventKind.MemberUp, null, after, cause);

    /// <summary>Another record took the place of one; null stands for no record.</summary>
    public static SwimEvent<NodeIdentity> Of(
        SwimEventKind kind,
        MemberRecord<NodeIdentity>? before,
        MemberRecord<NodeIdentity>? after,
        ChangeCause cause
    ) =>
        new(
            kind,
            cause,
            before.HasValue,
            after.HasValue,
            before.GetValueOrDefault(),
            after.GetValueOrDefault()
        );
}
