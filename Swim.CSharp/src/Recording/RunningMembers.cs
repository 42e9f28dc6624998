using Swim.Core;

namespace Swim;

/// <summary>The members of a recording that have started and not stopped, as they are now: what a file has to begin with.</summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class RunningMembers<TIdentity>
{
    private readonly SortedDictionary<int, (Config Config, State<TIdentity> State)> _members = [];

    /// <summary>All of them, by number.</summary>
    public IEnumerable<(int Member, Config Config, State<TIdentity> State)> All =>
        _members.Select(pair => (pair.Key, pair.Value.Config, pair.Value.State));

    public void Start(int member, Config config, State<TIdentity> state) =>
        _members[member] = (config, state);

    public void Stop(int member) => _members.Remove(member);

    public void Become(int member, State<TIdentity> state) => _members[member] = (Find(member).Config, state);

    public void Configure(int member, Config config) => _members[member] = (config, Find(member).State);

    private (Config Config, State<TIdentity> State) Find(int member) =>
        _members.TryGetValue(member, out var found)
            ? found
            : throw new RecordingException($"member {member} was told something, but it has not started");
}
