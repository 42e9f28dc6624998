namespace Swim.Simulation

/// The virtual clock of a run and the events scheduled on it. Times are ticks of 100 ns since the run began.
[<Sealed>]
type internal Timeline<'Id>() =

    let queue = EventQueue<ScheduledEvent<'Id>>()
    let mutable now = 0L

    member _.Now = now

    /// Schedules an event. Events due at the same time happen in the order in which they were scheduled.
    member _.Schedule(time: int64, event: ScheduledEvent<'Id>) : unit = queue.Add(time, event)

    /// Whether an event is due before this time.
    member _.HasEventBefore(time: int64) : bool = queue.Count > 0 && queue.NextTime < time

    /// Takes the next event and moves the clock to its time. Only if there is one.
    member _.TakeNext() : ScheduledEvent<'Id> =
        now <- queue.NextTime
        queue.Take()

    /// Moves the clock to this time. Only if no event is due before it.
    member _.MoveTo(time: int64) : unit = now <- time
