using System.Collections;
using Swim.Core;

namespace Swim;

/// <summary>Our part in the cluster (R4.1).</summary>
public enum ConnectionState
{
    /// <summary>No active member is known.</summary>
    Idle = 0,

    /// <summary>At least one active member is known.</summary>
    Active = 1,

    /// <summary>Our identity was declared down; only a caller leads out of this.</summary>
    Defunct = 2,
}

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
    public ConnectionState ConnectionState => (ConnectionState)_state.Connection;

    /// <summary>Whether we are defunct because we left.</summary>
    public bool HasLeft => _state.HasLeft;

    /// <summary>The active members, without ourselves, in no particular order. The seed's <c>iter_members</c>.</summary>
    public IReadOnlyList<Member<TIdentity>> Members =>
        new TableView(_state.Members, _state.Members.ActiveCount);

    /// <summary>All members, the Down ones included. The seed's <c>iter_membership_state</c>.</summary>
    public IReadOnlyList<Member<TIdentity>> MembershipState =>
        new TableView(_state.Members, _state.Members.Count);

    /// <summary>How many updates wait to be disseminated.</summary>
    public int UpdatesBacklog => _state.Updates.Count;

    /// <summary>How many custom broadcasts wait to be disseminated.</summary>
    public int CustomBroadcastBacklog => _state.Broadcasts.Count;

    /// <summary>How many forgotten members still cannot come back by a delayed packet (R12.7).</summary>
    public int TombstoneCount => _state.Tombstones.Count;

    /// <summary>Finds the record at the address of <paramref name="identity"/>, whatever its status.</summary>
    public bool TryGetMember(TIdentity identity, out Member<TIdentity> member)
    {
        var position = MemberTable.find(IdentityOperations<TIdentity>.Instance, identity, _state.Members);
        member = position < 0 ? default : CoreConversion.FromCore(_state.Members[position]);
        return position >= 0;
    }

    private sealed class TableView(MemberTable<TIdentity> table, int count) : IReadOnlyList<Member<TIdentity>>
    {
        public int Count => count;

        public Member<TIdentity> this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
                return CoreConversion.FromCore(table[index]);
            }
        }

        public IEnumerator<Member<TIdentity>> GetEnumerator()
        {
            for (var index = 0; index < count; index++)
            {
                yield return CoreConversion.FromCore(table[index]);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
