using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Swim.Host.Tests.Support;

/// <summary>
/// A clock that moves when the test says so, from one alarm of a node's loop to the next. The loop sets its
/// alarm last, before it sleeps: when it has, everything that was due is done.
/// </summary>
internal sealed class SteppedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan?> _alarms = Channel.CreateUnbounded<TimeSpan?>();
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly DateTimeOffset _start;
    private TimeSpan? _nextAlarm;
    private Alarm? _alarm;

    public SteppedClock() => _start = GetUtcNow();

    /// <summary>How far the clock went since it was made.</summary>
    public TimeSpan Elapsed => GetUtcNow() - _start;

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);

        // The loop makes its alarm first and sets it later; whatever else waits is set when it is made.
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }

        return _alarm = new Alarm(this, timer, () => callback(state));
    }

    /// <summary>Waits until the loop has set its alarm; when it will ring, if ever.</summary>
    public async Task<TimeSpan?> AlarmSetAsync() =>
        _nextAlarm = await _alarms
            .Reader.ReadAsync(Deadline.Token)
            .AsTask()
            .Within("the loop sets its alarm");

    /// <summary>Waits until something else than the loop began to wait; for how long.</summary>
    public Task<TimeSpan> WaitBegunAsync() =>
        _waits.Reader.ReadAsync(Deadline.Token).AsTask().Within("a caller begins to wait");

    /// <summary>Jumps to the next alarm, and waits until all that was due is done; when the next will ring.</summary>
    public async Task<TimeSpan?> StepAsync()
    {
        while (_alarms.Reader.TryRead(out var alarm))
        {
            _nextAlarm = alarm;
        }

        Assert.NotNull(_nextAlarm);
        Advance(_nextAlarm!.Value - Elapsed);
        return await AlarmSetAsync();
    }

    /// <summary>Rings the alarm before its time, as a coarse system clock may do.</summary>
    public void RingEarly()
    {
        Assert.NotNull(_alarm);
        _alarm!.Ring();
    }

    private sealed class Alarm(SteppedClock clock, ITimer inner, Action ring) : ITimer
    {
        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = inner.Change(dueTime, period);
            clock._alarms.Writer.TryWrite(
                dueTime == Timeout.InfiniteTimeSpan ? null : clock.Elapsed + dueTime
            );
            return changed;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
