using System.Diagnostics.CodeAnalysis;
using Swim.Host;

namespace Swim.AspNetCore;

/// <summary>
/// The members as the dashboard shows them, with the time at which each last changed: what the events of the node
/// say, one after the other. Not safe for threads: <see cref="DashboardMonitor"/> guards it.
/// </summary>
/// <param name="clock">The time of events.</param>
/// <param name="tell">Called for each update, in order.</param>
internal sealed class Roster(TimeProvider clock, Action<RosterUpdate> tell)
{
    private readonly Dictionary<NodeIdentity, Row> _rows = new(SameAddress.Instance);
    private readonly int[] _counts = new int[Enum.GetValues<MemberStatus>().Length];
    private long _eventCount;
    private bool _isKnown;

    /// <summary>The row of this member; null until the first event.</summary>
    public MemberView? Self { get; private set; }

    /// <summary>The rows of the other members, in no particular order.</summary>
    public IEnumerable<MemberView> Others => _rows.Values.Select(row => row.View);

    /// <summary>The number of rows of other members.</summary>
    public int Count => _rows.Count;

    /// <summary>The number of other members with that status.</summary>
    public int CountOf(MemberStatus status) => _counts[(int)status];

    /// <summary>Applies the next item of the node's feed.</summary>
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
            Tell(occurred);
        }
    }

    private void Apply(in SwimEvent<NodeIdentity> occurred)
    {
        TryFind(occurred.Identity, out var row);

        if (!IsNext(occurred, row))
        {
            return;
        }

        if (occurred.HasAfter)
        {
            Put(occurred.After);
        }
        else
        {
            Remove(row!);
        }

        // A higher incarnation alone, and a Down member that is learned of or forgotten, change no more than rows.
        if (occurred.Kind is not (SwimEventKind.MemberUpdated or SwimEventKind.MemberForgotten))
        {
            Tell(occurred);
        }
    }

    /// <summary>
    /// Whether the event begins where the row stands. After a resynchronization, some do not: the snapshot holds them
    /// already.
    /// </summary>
    private static bool IsNext(in SwimEvent<NodeIdentity> occurred, Row? row) =>
        occurred.HasBefore ? row is not null && row.Record.Equals(occurred.Before) : row is null;

    /// <summary>Makes up for events that were lost. None were at the beginning.</summary>
    private void Adopt(SwimSnapshot<NodeIdentity> snapshot)
    {
        foreach (var row in _rows.Values.ToList())
        {
            if (snapshot.TryGetMember(row.Record.Identity, out _))
            {
                continue;
            }

            Remove(row);

            if (row.Record.IsActive)
            {
                Tell(SwimEventKind.MemberDown, row.Record.Identity);
            }
        }

        foreach (var record in snapshot.MembershipState)
        {
            MemberRecord<NodeIdentity>? before = TryFind(record.Identity, out var row) ? row.Record : null;

            if (record.Equals(before))
            {
                continue;
            }

            Put(record);

            if (_isKnown && Difference(before, record) is { } kind)
            {
                Tell(kind, record.Identity, before?.Identity);
            }
        }

        _isKnown = true;
    }

    /// <summary>The kind of the one event that could have led from one record to the other; null if none is told.</summary>
    private static SwimEventKind? Difference(
        in MemberRecord<NodeIdentity>? before,
        in MemberRecord<NodeIdentity> after
    )
    {
        if (before is not { IsActive: true } known)
        {
            return after.IsActive ? SwimEventKind.MemberUp : null;
        }

        if (!after.IsActive)
        {
            return SwimEventKind.MemberDown;
        }

        if (known.Identity != after.Identity)
        {
            return SwimEventKind.MemberRenamed;
        }

        return (known.Status, after.Status) switch
        {
            (MemberStatus.Alive, MemberStatus.Suspect) => SwimEventKind.MemberSuspected,
            (MemberStatus.Suspect, MemberStatus.Alive) => SwimEventKind.MemberRefuted,
            _ => null,
        };
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
        tell(new RosterUpdate(Row: Self));
    }

    private void Put(in MemberRecord<NodeIdentity> record)
    {
        var view = new MemberView(
            record.Identity.ToString(),
            record.Identity.EndPoint.ToString(),
            record.Identity.Generation,
            ViewConversion.StatusOf(record),
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
        tell(new RosterUpdate(Row: view));
    }

    private void Remove(Row row)
    {
        _rows.Remove(row.Record.Identity);
        _counts[(int)row.Record.Status]--;
        tell(new RosterUpdate(Forgotten: row.View.EndPoint));
    }

    private void Tell(in SwimEvent<NodeIdentity> occurred) =>
        Tell(
            occurred.Kind,
            occurred.Identity,
            occurred.HasBefore ? occurred.Before.Identity : null,
            ViewConversion.NameOf(occurred.Cause)
        );

    private void Tell(
        SwimEventKind kind,
        NodeIdentity identity,
        NodeIdentity? before = null,
        string? cause = null
    )
    {
        var view = new EventView(
            ++_eventCount,
            clock.GetUtcNow().UtcDateTime,
            ViewConversion.NameOf(kind),
            identity.ToString(),
            before is { } previous && previous != identity ? previous.ToString() : null,
            cause
        );
        tell(new RosterUpdate(Event: view));
    }

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

/// <summary>One update of the roster: a row as it is now, the endpoint of a row that was dropped, or an event.</summary>
internal readonly record struct RosterUpdate(
    MemberView? Row = null,
    string? Forgotten = null,
    EventView? Event = null
);
