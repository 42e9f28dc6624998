namespace Swim.AspNetCore;

/// <summary>
/// The latest updates of the roster, numbered from 1 on. All browsers read from this one log, each with nothing of its
/// own but the number up to which it has read: one that is slow or stuck holds no memory, and one that falls behind by
/// more than the capacity has to begin again. Not safe for threads.
/// </summary>
internal sealed class EventLog(int capacity)
{
    private readonly RosterUpdate[] _updates = new RosterUpdate[capacity];

    /// <summary>The number of the last update; 0 if there was none yet.</summary>
    public long Last { get; private set; }

    public void Add(RosterUpdate update)
    {
        _updates[Last % capacity] = update;
        Last++;
    }

    /// <summary>
    /// What came after <paramref name="position"/>: each row once, as it was last. False if some of it is not kept
    /// any more.
    /// </summary>
    public bool TryReadAfter(long position, out LoggedUpdates logged)
    {
        logged = new LoggedUpdates([], [], []);

        if (Last - position > capacity)
        {
            return false;
        }

        var rows = new Dictionary<string, MemberView?>();

        for (var number = position; number < Last; number++)
        {
            var update = _updates[number % capacity];

            if (update.Row is { } row)
            {
                rows[row.EndPoint] = row;
            }

            if (update.Forgotten is { } endPoint)
            {
                rows[endPoint] = null;
            }

            if (update.Event is { } occurred)
            {
                logged.Events.Add(occurred);
            }
        }

        foreach (var (endPoint, row) in rows)
        {
            if (row is null)
            {
                logged.Forgotten.Add(endPoint);
            }
            else
            {
                logged.Rows.Add(row);
            }
        }

        return true;
    }
}

/// <summary>What a reader of the log has not seen yet.</summary>
internal sealed record LoggedUpdates(List<MemberView> Rows, List<string> Forgotten, List<EventView> Events);
