namespace Swim.Host;

/// <summary>
/// The pending timers of a node, soonest first. Timers that are due at the same time come in their own order, so that
/// the indirect stage of a probe precedes the end of its period. Only the loop of the node uses it.
/// </summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<SwimTimer<NodeIdentity>, Due> _queue = new();
    private long _sequence;

    /// <summary>The timestamp at which the soonest is due; the largest value if there is none.</summary>
    public long Earliest => _queue.TryPeek(out _, out var due) ? due.Timestamp : long.MaxValue;

    public int Count => _queue.Count;

    public void Add(SwimTimer<NodeIdentity> timer, long dueTimestamp) =>
        _queue.Enqueue(timer, new Due(dueTimestamp, timer, _sequence++));

    /// <summary>Takes the next timer that is due, and the timestamp at which it was due.</summary>
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
