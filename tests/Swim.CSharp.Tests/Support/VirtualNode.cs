namespace Swim.CSharp.Tests.Support;

/// <summary>One instance on a <see cref="VirtualCluster{TIdentity}"/> and what was seen of it.</summary>
internal sealed class VirtualNode<TIdentity>(SwimInstance<TIdentity> instance)
    where TIdentity : IIdentity<TIdentity>
{
    public SwimInstance<TIdentity> Instance { get; } = instance;

    public AccumulatingRuntime<TIdentity> Runtime { get; } = new();

    public bool IsFrozen { get; set; }

    public List<SwimTimer<TIdentity>> LateTimers { get; } = [];

    public List<(TimeSpan At, SwimEvent<TIdentity> Event)> Events { get; } = [];

    /// <summary>The errors that packets and timers came back with.</summary>
    public List<(TimeSpan At, SwimError Error)> Errors { get; } = [];

    public void Note(TimeSpan at, SwimError error)
    {
        if (error != SwimError.None)
        {
            Errors.Add((at, error));
        }
    }

    public bool Sees(TIdentity identity, MemberStatus status) =>
        Instance.Snapshot.TryGetMember(identity, out var member)
        && member.Identity.Equals(identity)
        && member.Status == status;

    public IEnumerable<SwimEventKind> Kinds => Events.Select(entry => entry.Event.Kind);
}
