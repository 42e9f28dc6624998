using System.Collections;
using Swim.Core;

namespace Swim;

/// <summary>
/// All that a member knows at one moment: consistent and immutable. Taking and keeping it costs nothing, and any
/// thread may read it.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
public sealed class SwimSnapshot<TIdentity>
    where TIdentity : IIdentity<TIdentity>
{
    private readonly State<TIdentity> _state;

    internal SwimSnapshot(State<TIdentity> state) => _state = state;

    /// <summary>The identity of the member.</summary>
    public TIdentity Identity => _state.Identity;

    /// <summary>How often the member refuted a suspicion under this identity (R5.2).</summary>
    public ushort Incarnation => _state.Incarnation;

    /// <summary>Whether the member is Idle, Active or Defunct (R4.1).</summary>
    public ConnectionState ConnectionState => _state.Connection;

    /// <summary>Whether the member is Defunct because it left (R12.6).</summary>
    public bool HasLeft => _state.HasLeft;

    /// <summary>The other active members, in no particular order. foca's <c>iter_members</c>.</summary>
    public IReadOnlyList<MemberRecord<TIdentity>> Members =>
        new TableView(_state.Members, _state.Members.ActiveCount);

    /// <summary>
    /// The records of all other members, Down ones included. foca's <c>iter_membership_state</c>.
    /// </summary>
    public IReadOnlyList<MemberRecord<TIdentity>> MembershipState =>
        new TableView(_state.Members, _state.Members.Count);

    /// <summary>The number of updates that wait to be disseminated.</summary>
    public int UpdatesBacklog => _state.Updates.Count;

    /// <summary>The number of custom broadcasts that wait to be disseminated.</summary>
    public int CustomBroadcastBacklog => _state.Broadcasts.Count;

    /// <summary>The number of forgotten members that a delayed packet cannot bring back (R12.7).</summary>
    public int TombstoneCount => _state.Tombstones.Count;

    /// <summary>Finds the record at the address of <paramref name="identity"/>, whatever its status.</summary>
    /// <param name="identity">An identity with the address to look for.</param>
    /// <param name="member">The record; the default value if there is none.</param>
    /// <returns>Whether there is a record.</returns>
    public bool TryGetMember(TIdentity identity, out MemberRecord<TIdentity> member)
    {
        var position = MemberTable.find(IdentityOperations<TIdentity>.Instance, identity, _state.Members);
        member = position < 0 ? default : _state.Members[position];
        return position >= 0;
    }

    private sealed class TableView(MemberTable<TIdentity> table, int count)
        : IReadOnlyList<MemberRecord<TIdentity>>
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
