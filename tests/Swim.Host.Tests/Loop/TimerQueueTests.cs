using System.Net;

namespace Swim.Host.Tests.Loop;

/// <summary>The timers that a node waits for.</summary>
public sealed class TimerQueueTests
{
    private readonly TimerQueue _queue = new();

    [Fact]
    public void An_empty_queue_is_never_due()
    {
        Assert.Equal(long.MaxValue, _queue.Earliest);
        Assert.Equal(0, _queue.Count);
        Assert.False(_queue.TryTakeDue(long.MaxValue - 1, out _, out _));
    }

    [Fact]
    public void The_soonest_comes_first_and_none_before_its_time()
    {
        var timers = Timers();
        _queue.Add(timers["ProbeRandomMember"], 30);
        _queue.Add(timers["PeriodicGossip"], 10);
        _queue.Add(timers["PeriodicAnnounce"], 20);

        Assert.Equal(10, _queue.Earliest);
        Assert.Empty(Take(now: 9));
        Assert.Equal(["PeriodicGossip", "PeriodicAnnounce"], Take(now: 20));
        Assert.Equal(30, _queue.Earliest);
        Assert.Equal(["ProbeRandomMember"], Take(now: 1000));
        Assert.Equal(0, _queue.Count);
    }

    /// <summary>
    /// A probe whose period ends before its indirect stage was reached would be an incomplete cycle, so of two that
    /// are late alike the indirect stage goes first, whichever was set first.
    /// </summary>
    [Fact]
    public void Of_those_due_at_the_same_time_the_indirect_stage_precedes_the_end_of_the_period()
    {
        var timers = Timers();
        string[] order =
        [
            "SendIndirectProbe",
            "ProbeRandomMember",
            "ChangeSuspectToDown",
            "PeriodicAnnounce",
            "PeriodicGossip",
            "RemoveDown",
            "PeriodicAnnounceDown",
            "RemoveTombstone",
        ];

        Assert.Equal(order.Order(), timers.Keys.Order());

        for (var first = 0; first < order.Length; first++)
        {
            for (var index = 0; index < order.Length; index++)
            {
                _queue.Add(timers[order[(first + index) % order.Length]], 5);
            }

            Assert.Equal(order, Take(now: 5));
        }
    }

    /// <summary>Time comes before kind.</summary>
    [Fact]
    public void A_late_end_of_the_period_precedes_a_less_late_indirect_stage()
    {
        var timers = Timers();
        _queue.Add(timers["SendIndirectProbe"], 6);
        _queue.Add(timers["ProbeRandomMember"], 5);
        Assert.Equal(["ProbeRandomMember", "SendIndirectProbe"], Take(now: 10));
    }

    [Fact]
    public void Of_the_same_kind_at_the_same_time_the_one_that_was_set_first_comes_first()
    {
        var timers = new List<SwimTimer<NodeIdentity>>();
        var runtime = new AccumulatingRuntime<NodeIdentity>();
        var fallen = Enumerable
            .Range(2, 50)
            .Select(port => new MemberRecord<NodeIdentity>(At(port), 0, MemberStatus.Down, null));
        Instance().ApplyMany(fallen, disseminate: false, runtime);

        while (runtime.TryTakeTimer(out var scheduled))
        {
            if (KindOf(scheduled.Timer) == "RemoveDown")
            {
                timers.Add(scheduled.Timer);
                _queue.Add(scheduled.Timer, 1);
            }
        }

        Assert.Equal(50, timers.Count);

        foreach (var expected in timers)
        {
            Assert.True(_queue.TryTakeDue(1, out var timer, out _));
            Assert.Equal(expected, timer);
        }
    }

    private List<string> Take(long now)
    {
        var kinds = new List<string>();

        while (_queue.TryTakeDue(now, out var timer, out _))
        {
            kinds.Add(KindOf(timer));
        }

        return kinds;
    }

    /// <summary>One timer of every kind, from an instance that lives through all that sets them.</summary>
    private static Dictionary<string, SwimTimer<NodeIdentity>> Timers()
    {
        var runtime = new AccumulatingRuntime<NodeIdentity>();
        var timers = new Dictionary<string, SwimTimer<NodeIdentity>>();
        var instance = Instance();

        instance.ApplyMany(
            [
                new(At(2), 0, MemberStatus.Alive, null),
                new(At(3), 0, MemberStatus.Suspect, null),
                new(At(4), 0, MemberStatus.Down, null),
            ],
            disseminate: false,
            runtime
        );

        Collect();
        instance.HandleTimer(timers["ProbeRandomMember"], runtime);
        instance.HandleTimer(timers["RemoveDown"], runtime);
        Collect();
        return timers;

        void Collect()
        {
            while (runtime.TryTakeTimer(out var scheduled))
            {
                timers[KindOf(scheduled.Timer)] = scheduled.Timer;
            }
        }
    }

    private static SwimInstance<NodeIdentity> Instance() =>
        new(At(1), SwimConfig.Local(3), NodeIdentityCodec.Instance, randomSeed: 1);

    private static NodeIdentity At(int port) => new(new IPEndPoint(IPAddress.Loopback, port), 1);

    // A timer's text begins with its kind; nothing else about it is public.
    private static string KindOf(SwimTimer<NodeIdentity> timer) => timer.ToString().Split(' ', '(')[0];
}
