namespace Swim.AspNetCore;

/// <summary>
/// The latest news, numbered from 1 on. All browsers read from this one log, each with nothing of its own but the
/// number up to which it has read: one that is slow or stuck holds no memory, and who falls behind by more than the
/// capacity has to begin again. Not safe for threads.
/// </summary>
internal sealed class NewsLog(int capacity)
{
    private readonly Entry[] _entries = new Entry[capacity];

    /// <summary>The number of the last entry; 0 if there was none yet.</summary>
    public long Last { get; private set; }

    public void Add(MemberView? row, string? forgotten, ChangeView? change)
    {
        _entries[Last % capacity] = new Entry(row, forgotten, change);
        Last++;
    }

    /// <summary>
    /// What came after <paramref name="position"/>: each row once, as it was last. False if some of it is not kept
    /// any more.
    /// </summary>
    public bool TryReadAfter(long position, out News news)
    {
        news = new News([], [], []);

        if (Last - position > capacity)
        {
            return false;
        }

        var rows = new Dictionary<string, MemberView?>();

        for (var number = position; number < Last; number++)
        {
            var entry = _entries[number % capacity];

            if (entry.Row is { } row)
            {
                rows[row.EndPoint] = row;
            }

            if (entry.Forgotten is { } endPoint)
            {
                rows[endPoint] = null;
            }

            if (entry.Change is { } change)
            {
                news.Changes.Add(change);
            }
        }

        foreach (var (endPoint, row) in rows)
        {
            if (row is null)
            {
                news.Forgotten.Add(endPoint);
            }
            else
            {
                news.Rows.Add(row);
            }
        }

        return true;
    }

    private readonly record struct Entry(MemberView? Row, string? Forgotten, ChangeView? Change);
}

/// <summary>What a reader of the log has not seen yet.</summary>
internal sealed record News(List<MemberView> Rows, List<string> Forgotten, List<ChangeView> Changes);
