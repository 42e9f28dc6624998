using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// The members of a recording that started and did not stop, each as it is after the last entry about it.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class RunningMembers<TIdentity>
{
    private readonly Dictionary<int, (SwimConfig Config, State<TIdentity> State)> _members = [];

    /// <summary>Their numbers.</summary>
    public IReadOnlyCollection<int> Numbers => _members.Keys;

    /// <summary>All of them, by number.</summary>
    public IEnumerable<(int Member, SwimConfig Config, State<TIdentity> State)> All =>
        _members.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value.Config, pair.Value.State));

    public void Start(int member, SwimConfig config, State<TIdentity> state) =>
        _members[member] = (config, state);

    public void Stop(int member) => _members.Remove(member);

    public void Become(int member, State<TIdentity> state) => _members[member] = (Find(member).Config, state);

    public void Configure(int member, SwimConfig config) => _members[member] = (config, Find(member).State);

    /// <exception cref="RecordingException">The member has not started, or has stopped.</exception>
    public (SwimConfig Config, State<TIdentity> State) Find(int member) =>
        _members.TryGetValue(member, out var found)
            ? found
            : throw new RecordingException($"Member {member} took a step, but it has not started.");
}
