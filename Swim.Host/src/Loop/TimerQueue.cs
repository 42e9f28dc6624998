namespace Swim.Host;

/// <summary>
/// The timers that a node waits for, soonest first. Timers due at the same time come in their own order, so
/// that a probe's indirect stage precedes the end of its period. Used by the node's loop alone.
/// </summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<SwimTimer<NodeIdentity>, Due> _queue = new();
    private long _sequence;

    /// <summary>When the soonest is due, in timestamps; the largest value if there is none.</summary>
    public long Earliest => _queue.TryPeek(out _, out var due) ? due.Timestamp : long.MaxValue;

    public int Count => _queue.Count;

    public void Add(SwimTimer<NodeIdentity> timer, long dueTimestamp) =>
        _queue.Enqueue(timer, new Due(dueTimestamp, timer, _sequence++));

    /// <summary>The next that is due, and when it was.</summary>
    public bool TryTakeDue(long now, out SwimTimer<NodeIdentity> timer, out long dueTimestamp)
    {
        dueTimestamp = Earliest;

        if (dueTimestamp <= now)
        {
            timer = _queue.Dequeue();
            return true;
        }

        timer = default;
        return false;
    }

    private readonly record struct Due(long Timestamp, SwimTimer<NodeIdentity> Timer, long Sequence)
        : IComparable<Due>
    {
        public int CompareTo(Due other)
        {
            var byTime = Timestamp.CompareTo(other.Timestamp);

            if (byTime != 0)
            {
                return byTime;
            }

            var byKind = Timer.CompareTo(other.Timer);
            return byKind != 0 ? byKind : Sequence.CompareTo(other.Sequence);
        }
    }
}
