using System.Diagnostics.CodeAnalysis;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>
/// The members as the dashboard shows them, with the time at which each last changed. Who is up, down or renamed
/// comes by changes, so that nothing in between is lost; suspicions, which nobody announces, by looking again and
/// again. Not safe for threads: <see cref="DashboardMonitor"/> guards it.
/// </summary>
internal sealed class Roster(TimeProvider clock, Action<RosterNews> tell)
{
    // Down members that nobody looked for are forgotten here once they are this many more than there should be.
    private const int ForgottenSlack = 64;

    private readonly Dictionary<NodeIdentity, Row> _rows = new(SameAddress.Instance);
    private readonly int[] _counts = new int[Enum.GetValues<MemberStatus>().Length];
    private bool _isKnown;
    private long _refreshes;

    /// <summary>Ourselves; null until the first change.</summary>
    public MemberView? Self { get; private set; }

    /// <summary>The rows of the others, in no particular order.</summary>
    public IEnumerable<MemberView> Others => _rows.Values.Select(row => row.View);

    /// <summary>How many rows there are, without ourselves.</summary>
    public int Count => _rows.Count;

    /// <summary>How many others have that status.</summary>
    public int CountOf(MemberStatus status) => _counts[(int)status];

    /// <summary>Takes a change in, in the order of the node's feed.</summary>
    public void Apply(in SwimChange change)
    {
        UpdateSelf(change.Snapshot);
        var identity = change.Identity;

        switch (change.Kind)
        {
            case SwimChangeKind.Resynchronize:
                Adopt(change.Snapshot);
                break;
            case SwimChangeKind.MemberUp:
                if (!IsActive(identity))
                {
                    Put(identity, MemberStatus.Alive, IncarnationOf(identity, change.Snapshot));
                    Tell("member-up", identity);
                }

                break;
            case SwimChangeKind.MemberDown:
                if (IsActive(identity))
                {
                    Put(identity, MemberStatus.Down, 0);
                    Tell("member-down", identity);
                }

                ForgetIfMany(change.Snapshot);
                break;
            case SwimChangeKind.Rename:
                // Its status stays: if it was down, that it is up comes with a change of its own.
                if (TryFind(identity, out var row) && row.Identity == change.Previous)
                {
                    Put(identity, row.Status, IncarnationOf(identity, change.Snapshot));
                }

                Tell("rename", identity, change.Previous);
                break;
            default:
                Tell(change.Kind.ToString().ToLowerInvariant(), identity);
                break;
        }
    }

    /// <summary>
    /// Takes in what no change tells of: suspicions and their end, incarnations, and that a Down member is forgotten.
    /// Who came or went is left to the changes, which may lag behind this.
    /// </summary>
    public void Refresh(SwimSnapshot<NodeIdentity> snapshot)
    {
        UpdateSelf(snapshot);
        _refreshes++;

        foreach (var member in snapshot.MembershipState)
        {
            if (!TryFind(member.Identity, out var row))
            {
                if (member.Status == MemberStatus.Down)
                {
                    Put(member.Identity, MemberStatus.Down, 0);
                    _rows[member.Identity].Refresh = _refreshes;
                }

                continue;
            }

            row.Refresh = _refreshes;
            var isBothActive = member.IsActive && row.Status != MemberStatus.Down;

            if (row.Identity == member.Identity && isBothActive)
            {
                UpdateActive(row, member);
            }
        }

        foreach (
            var row in _rows
                .Values.Where(row => row.Refresh != _refreshes && row.Status == MemberStatus.Down)
                .ToList()
        )
        {
            Remove(row);
        }
    }

    private void UpdateActive(Row row, Member<NodeIdentity> member)
    {
        var before = row.Status;

        if (before == member.Status && row.Incarnation == member.Incarnation)
        {
            return;
        }

        Put(member.Identity, member.Status, member.Incarnation);

        if (before != member.Status)
        {
            var isSuspect = member.Status == MemberStatus.Suspect;
            Tell(isSuspect ? "member-suspect" : "member-refuted", member.Identity);
        }
    }

    /// <summary>Makes up for changes that were missed. At the very beginning nothing was.</summary>
    private void Adopt(SwimSnapshot<NodeIdentity> snapshot)
    {
        foreach (var row in _rows.Values.ToList())
        {
            var isThere = snapshot.TryGetMember(row.Identity, out var member) && member.IsActive;

            if (row.Status != MemberStatus.Down && !(isThere && member.Identity == row.Identity))
            {
                Put(row.Identity, MemberStatus.Down, 0);
                Tell("member-down", row.Identity);
            }
        }

        foreach (var member in snapshot.Members)
        {
            if (!IsActive(member.Identity))
            {
                Put(member.Identity, member.Status, member.Incarnation);

                if (_isKnown)
                {
                    Tell("member-up", member.Identity);
                }
            }
        }

        _isKnown = true;
        Refresh(snapshot);
    }

    private void UpdateSelf(SwimSnapshot<NodeIdentity> snapshot)
    {
        var isDefunct = snapshot.ConnectionState == ConnectionState.Defunct;
        var status = (snapshot.HasLeft, isDefunct) switch
        {
            (true, _) => "left",
            (_, true) => "down",
            _ => "alive",
        };
        var identity = snapshot.Identity.ToString();

        if (
            Self is { } self
            && (self.Identity, self.Status, self.Incarnation) == (identity, status, snapshot.Incarnation)
        )
        {
            return;
        }

        Self = new MemberView(
            identity,
            snapshot.Identity.EndPoint.ToString(),
            snapshot.Identity.Generation,
            status,
            snapshot.Incarnation,
            clock.GetUtcNow().UtcDateTime,
            IsSelf: true
        );
        tell(new RosterNews(Row: Self));
    }

    private void Put(NodeIdentity identity, MemberStatus status, ushort incarnation)
    {
        var view = new MemberView(
            identity.ToString(),
            identity.EndPoint.ToString(),
            identity.Generation,
            ViewConversion.NameOf(status),
            incarnation,
            clock.GetUtcNow().UtcDateTime,
            IsSelf: false
        );

        if (TryFind(identity, out var row))
        {
            _counts[(int)row.Status]--;
            row.Identity = identity;
        }
        else
        {
            row = new Row(identity, view);
            _rows.Add(identity, row);
        }

        (row.Status, row.Incarnation, row.View) = (status, incarnation, view);
        _counts[(int)status]++;
        tell(new RosterNews(Row: view));
    }

    private void Remove(Row row)
    {
        _rows.Remove(row.Identity);
        _counts[(int)row.Status]--;
        tell(new RosterNews(Forgotten: row.View.EndPoint));
    }

    private void ForgetIfMany(SwimSnapshot<NodeIdentity> snapshot)
    {
        if (_rows.Count > 2 * snapshot.MembershipState.Count + ForgottenSlack)
        {
            Refresh(snapshot);
        }
    }

    private void Tell(string kind, NodeIdentity identity, NodeIdentity? previous = null) =>
        tell(new RosterNews(Kind: kind, Identity: identity, Previous: previous));

    private bool IsActive(NodeIdentity identity) =>
        TryFind(identity, out var row) && row.Identity == identity && row.Status != MemberStatus.Down;

    private bool TryFind(NodeIdentity identity, [NotNullWhen(true)] out Row? row) =>
        _rows.TryGetValue(identity, out row);

    private static ushort IncarnationOf(NodeIdentity identity, SwimSnapshot<NodeIdentity> snapshot) =>
        snapshot.TryGetMember(identity, out var member) && member.Identity == identity
            ? member.Incarnation
            : (ushort)0;

    private sealed class Row(NodeIdentity identity, MemberView view)
    {
        public NodeIdentity Identity { get; set; } = identity;

        public MemberStatus Status { get; set; }

        public ushort Incarnation { get; set; }

        public MemberView View { get; set; } = view;

        /// <summary>The last refresh that saw it.</summary>
        public long Refresh { get; set; }
    }

    /// <summary>One row per endpoint, whatever the generation.</summary>
    private sealed class SameAddress : IEqualityComparer<NodeIdentity>
    {
        public static SameAddress Instance { get; } = new();

        public bool Equals(NodeIdentity x, NodeIdentity y) => x.HasSameAddress(y);

        public int GetHashCode(NodeIdentity obj) => obj.GetAddressHashCode();
    }
}

/// <summary>One thing that the roster tells: a row as it is now, a row that is gone, or what happened.</summary>
internal readonly record struct RosterNews(
    MemberView? Row = null,
    string? Forgotten = null,
    string? Kind = null,
    NodeIdentity Identity = default,
    NodeIdentity? Previous = null
);
