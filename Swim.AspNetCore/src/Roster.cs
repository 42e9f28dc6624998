using System.Diagnostics.CodeAnalysis;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>
/// The members as the dashboard shows them, with the time at which each last changed: what the events of the node
/// say, one after the other. Not safe for threads: <see cref="DashboardMonitor"/> guards it.
/// </summary>
internal sealed class Roster(TimeProvider clock, Action<RosterNews> tell)
{
    private readonly Dictionary<NodeIdentity, Row> _rows = new(SameAddress.Instance);
    private readonly int[] _counts = new int[Enum.GetValues<MemberStatus>().Length];
    private bool _isKnown;

    /// <summary>Ourselves; null until the first event.</summary>
    public MemberView? Self { get; private set; }

    /// <summary>The rows of the others, in no particular order.</summary>
    public IEnumerable<MemberView> Others => _rows.Values.Select(row => row.View);

    /// <summary>How many rows there are, without ourselves.</summary>
    public int Count => _rows.Count;

    /// <summary>How many others have that status.</summary>
    public int CountOf(MemberStatus status) => _counts[(int)status];

    /// <summary>Applies what the node's feed brings, in its order.</summary>
    public void Apply(in WatchedEvent watched)
    {
        UpdateSelf(watched.Snapshot);

        if (watched.Event is not { } occurred)
        {
            Adopt(watched.Snapshot);
        }
        else if (occurred.IsAboutMember)
        {
            Apply(occurred);
        }
        else
        {
            Tell(occurred.Kind, occurred.Identity);
        }
    }

    private void Apply(in SwimEvent<NodeIdentity> occurred)
    {
        if (!occurred.HasAfter)
        {
            if (!TryFind(occurred.Identity, out var dropped) || !dropped.Record.Equals(occurred.Before))
            {
                return;
            }

            Remove(dropped);
        }
        else if (!TryFind(occurred.Identity, out var known) || !known.Record.Equals(occurred.After))
        {
            Put(occurred.After);
        }
        else
        {
            // The snapshot that the roster began with had it already.
            return;
        }

        if (occurred.Kind is not (SwimEventKind.MemberUpdated or SwimEventKind.MemberForgotten))
        {
            var isRename = occurred.Kind == SwimEventKind.MemberRenamed;
            Tell(occurred.Kind, occurred.Identity, isRename ? occurred.Before.Identity : null);
        }
    }

    /// <summary>Makes up for events that were missed. At the very beginning nothing was.</summary>
    private void Adopt(SwimSnapshot<NodeIdentity> snapshot)
    {
        foreach (var row in _rows.Values.ToList())
        {
            if (!snapshot.TryGetMember(row.Record.Identity, out var record))
            {
                Remove(row);
            }

            if (row.Record.IsActive && !(record.IsActive && record.Identity == row.Record.Identity))
            {
                Tell(SwimEventKind.MemberDown, row.Record.Identity);
            }
        }

        foreach (var record in snapshot.MembershipState)
        {
            var wasActive = IsActive(record.Identity);

            if (!TryFind(record.Identity, out var row) || !row.Record.Equals(record))
            {
                Put(record);
            }

            if (_isKnown && record.IsActive && !wasActive)
            {
                Tell(SwimEventKind.MemberUp, record.Identity);
            }
        }

        _isKnown = true;
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

    private void Put(in MemberRecord<NodeIdentity> record)
    {
        var view = new MemberView(
            record.Identity.ToString(),
            record.Identity.EndPoint.ToString(),
            record.Identity.Generation,
            ViewConversion.NameOf(record.Status),
            record.Incarnation,
            clock.GetUtcNow().UtcDateTime,
            IsSelf: false
        );

        if (TryFind(record.Identity, out var row))
        {
            _counts[(int)row.Record.Status]--;
            (row.Record, row.View) = (record, view);
        }
        else
        {
            _rows.Add(record.Identity, new Row(record, view));
        }

        _counts[(int)record.Status]++;
        tell(new RosterNews(Row: view));
    }

    private void Remove(Row row)
    {
        _rows.Remove(row.Record.Identity);
        _counts[(int)row.Record.Status]--;
        tell(new RosterNews(Forgotten: row.View.EndPoint));
    }

    private void Tell(SwimEventKind kind, NodeIdentity identity, NodeIdentity? previous = null) =>
        tell(new RosterNews(Kind: ViewConversion.NameOf(kind), Identity: identity, Previous: previous));

    private bool IsActive(NodeIdentity identity) =>
        TryFind(identity, out var row) && row.Record.Identity == identity && row.Record.IsActive;

    private bool TryFind(NodeIdentity identity, [NotNullWhen(true)] out Row? row) =>
        _rows.TryGetValue(identity, out row);

    private sealed class Row(MemberRecord<NodeIdentity> record, MemberView view)
    {
        public MemberRecord<NodeIdentity> Record { get; set; } = record;

        public MemberView View { get; set; } = view;
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
