using System.Collections;
using Swim.Core;

namespace Swim;

/// <summary>
/// All that a member knows at one moment: consistent, immutable, and free to take and to keep, on any thread.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public sealed class SwimSnapshot<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private readonly State<TIdentity> _state;

    internal SwimSnapshot(State<TIdentity> state) => _state = state;

    /// <summary>Who we are.</summary>
    public TIdentity Identity => _state.Identity;

    /// <summary>How often we refuted a suspicion under this identity.</summary>
    public ushort Incarnation => _state.Incarnation;

    /// <summary>Our part in the cluster.</summary>
    public ConnectionState ConnectionState => _state.Connection;

    /// <summary>Whether we are defunct because we left.</summary>
    public bool HasLeft => _state.HasLeft;

    /// <summary>The active members, without ourselves, in no particular order. foca's <c>iter_members</c>.</summary>
    public IReadOnlyList<MemberRecord<TIdentity>> Members =>
        new TableView(_state.Members, _state.Members.ActiveCount);

    /// <summary>All members, the Down ones included. foca's <c>iter_membership_state</c>.</summary>
    public IReadOnlyList<MemberRecord<TIdentity>> MembershipState =>
        new TableView(_state.Members, _state.Members.Count);

    /// <summary>How many updates wait to be disseminated.</summary>
    public int UpdatesBacklog => _state.Updates.Count;

    /// <summary>How many custom broadcasts wait to be disseminated.</summary>
    public int CustomBroadcastBacklog => _state.Broadcasts.Count;

    /// <summary>How many forgotten members still cannot come back by a delayed packet (R12.7).</summary>
    public int TombstoneCount => _state.Tombstones.Count;

    /// <summary>Finds the record at the address of <paramref name="identity"/>, whatever its status.</summary>
    public bool TryGetMember(TIdentity identity, out MemberRecord<TIdentity> member)
    {
        var position = MemberTable.find(IdentityOperations<TIdentity>.Instance, identity, _state.Members);
        member = position < 0 ? default : _state.Members[position];
        return position >= 0;
    }

    private sealed class TableView(MemberTable<TIdentity> table, int count) : IReadOnlyList<MemberRecord<TIdentity>>
    {
        public int Count => count;

        public MemberRecord<TIdentity> this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
                return table[index];
            }
        }

        public IEnumerator<MemberRecord<TIdentity>> GetEnumerator()
        {
            for (var index = 0; index < count; index++)
            {
                yield return table[index];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
