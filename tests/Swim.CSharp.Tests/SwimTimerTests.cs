namespace Swim.CSharp.Tests;

/// <summary>Timers as values, and in which order late ones are handled.</summary>
public sealed class SwimTimerTests
{
    private static readonly string[] InOrder =
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

    private readonly List<ScheduledTimer<NodeIdentity>> _timers = OneOfEachKind();

    [Fact]
    public void The_indirect_stage_of_a_probe_comes_before_the_end_of_its_period()
    {
        // Late together after the host was stopped for a while, in no order at all.
        var late = _timers.Select(timer => timer.Timer).Reverse().ToList();
        late.Sort();
        Assert.Equal(InOrder, late.Select(timer => timer.Kind()));
    }

    [Fact]
    public void The_operators_agree_with_the_order()
    {
        for (var left = 0; left < InOrder.Length; left++)
        {
            for (var right = 0; right < InOrder.Length; right++)
            {
                var (first, second) = (Kind(InOrder[left]), Kind(InOrder[right]));
                Assert.Equal(left < right, first < second);
                Assert.Equal(left <= right, first <= second);
                Assert.Equal(left > right, first > second);
                Assert.Equal(left >= right, first >= second);
                Assert.Equal(left == right, first == second);
                Assert.Equal(left != right, first != second);
            }
        }
    }

    [Fact]
    public void The_same_timer_is_equal_and_has_the_same_hash_code()
    {
        var others = OneOfEachKind();

        for (var index = 0; index < _timers.Count; index++)
        {
            var (timer, same) = (_timers[index].Timer, others[index].Timer);
            Assert.Equal(timer, same);
            Assert.True(timer.Equals((object)same));
            Assert.Equal(timer.GetHashCode(), same.GetHashCode());
        }

        Assert.Equal(_timers.Count, _timers.Select(timer => timer.Timer).Distinct().Count());
    }

    [Fact]
    public void The_default_is_no_timer_and_comes_last()
    {
        var none = default(SwimTimer<NodeIdentity>);
        Assert.Equal("(none)", none.ToString());
        Assert.All(_timers, timer => Assert.True(timer.Timer < none));
        Assert.Equal(default, none);
        Assert.NotEqual(none, _timers[0].Timer);
        Assert.False(none.Equals("(none)"));
    }

    private SwimTimer<NodeIdentity> Kind(string kind) => _timers.Single(timer => timer.Is(kind)).Timer;

    private static List<ScheduledTimer<NodeIdentity>> OneOfEachKind()
    {
        var driver = new Driver(SwimConfig.Lan(10));
        MemberRecord<NodeIdentity>[] members =
        [
            Nodes.Alive(Nodes.At(2)),
            Nodes.Suspect(Nodes.At(3)),
            Nodes.Down(Nodes.At(4)),
        ];
        driver.Instance.ApplyMany(members, disseminate: false, driver.Runtime);
        var timers = driver.Timers();

        // The probe sets itself again, with the same contents; one of them is enough.
        driver.Instance.HandleTimer(Of("ProbeRandomMember"), driver.Runtime);
        timers.AddRange(driver.Timers().Where(timer => timer.Is("SendIndirectProbe")));
        driver.Instance.HandleTimer(Of("RemoveDown"), driver.Runtime);
        timers.AddRange(driver.Timers());
        Assert.Equal(InOrder.Length, timers.Count);
        return timers;

        SwimTimer<NodeIdentity> Of(string kind) => timers.Single(timer => timer.Is(kind)).Timer;
    }
}
