namespace Swim.CSharp.Tests;

/// <summary>foca's <c>handle_timer</c>: a probe from its ping to its end, and misuse (R4.5, R7).</summary>
public sealed class HandleTimerTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly Driver _driver = new();

    public HandleTimerTests() =>
        _driver.Instance.ApplyMany([Nodes.Alive(Peer, 4)], disseminate: false, _driver.Runtime);

    [Fact]
    public void A_probe_is_a_ping_and_two_timers()
    {
        var probe = _driver.Timer("ProbeRandomMember");
        Assert.Equal(TimeSpan.FromMilliseconds(1500), probe.After);
        Assert.Equal(SwimError.None, Fire(probe));

        var ping = Assert.Single(_driver.Packets());
        Assert.Equal(MessageKind.Ping, ping.Kind);
        Assert.Equal(Peer, ping.Destination);

        var timers = _driver.Timers();
        Assert.Equal(2, timers.Count);
        Assert.Equal(
            TimeSpan.FromMilliseconds(500),
            Assert.Single(timers, timer => timer.Is("SendIndirectProbe")).After
        );
        Assert.Equal(
            TimeSpan.FromMilliseconds(1500),
            Assert.Single(timers, timer => timer.Is("ProbeRandomMember")).After
        );
    }

    [Fact]
    public void A_member_that_answers_is_not_suspected()
    {
        Fire(_driver.Timer("ProbeRandomMember"));
        var number = Assert.Single(_driver.Packets()).Header.ProbeNumber;
        var timers = _driver.Timers();
        Assert.Equal(SwimError.None, _driver.Receive(MessageKind.Ack, Peer, probeNumber: number));
        Fire(timers, "SendIndirectProbe");
        Assert.Empty(_driver.Packets());
        Fire(timers, "ProbeRandomMember");
        Assert.True(_driver.Instance.Snapshot.TryGetMember(Peer, out var member));
        Assert.Equal(MemberStatus.Alive, member.Status);
        Assert.Equal(number + 1, Assert.Single(_driver.Packets()).Header.ProbeNumber);
    }

    [Fact]
    public void A_member_that_does_not_answer_is_probed_through_helpers_suspected_and_declared_down()
    {
        // The helpers become known after the probe of the only peer began.
        Fire(_driver.Timer("ProbeRandomMember"));
        var timers = _driver.Timers();
        _driver.Knowing(Nodes.Crowd(first: 3, count: 5));

        Fire(timers, "SendIndirectProbe");
        var requests = _driver.Packets();
        Assert.Equal(3, requests.Count);
        Assert.All(requests, packet => Assert.Equal(MessageKind.PingReq, packet.Kind));
        Assert.All(requests, packet => Assert.Equal(Peer, packet.Header.Named));
        Assert.DoesNotContain(requests, packet => packet.Destination == Peer);

        Fire(timers, "ProbeRandomMember");
        Assert.Contains(Nodes.Suspect(Peer, 4), _driver.Instance.Members);
        var suspicion = _driver.Timer("ChangeSuspectToDown");
        Assert.Equal(TimeSpan.FromSeconds(3), suspicion.After);
        Assert.Equal(
            Occurred.Of(
                SwimEventKind.MemberSuspected,
                Nodes.Alive(Peer, 4),
                Nodes.Suspect(Peer, 4),
                ChangeCause.Probe
            ),
            Assert.Single(_driver.Events())
        );

        Fire(suspicion);
        Assert.Contains(Nodes.Down(Peer), _driver.Instance.MembershipState);
        Assert.Equal(
            Occurred.Of(
                SwimEventKind.MemberDown,
                Nodes.Suspect(Peer, 4),
                Nodes.Down(Peer),
                ChangeCause.Timer
            ),
            Assert.Single(_driver.Events())
        );

        var removal = _driver.Timer("RemoveDown");
        Assert.Equal(TimeSpan.FromHours(24), removal.After);
        Fire(removal);
        Assert.False(_driver.Instance.Snapshot.TryGetMember(Peer, out _));
        Assert.Equal(1, _driver.Instance.Snapshot.TombstoneCount);
        Assert.Equal(
            Occurred.Of(SwimEventKind.MemberForgotten, Nodes.Down(Peer), null, ChangeCause.Timer),
            Assert.Single(_driver.Events())
        );

        Fire(_driver.Timer("RemoveTombstone"));
        Assert.Equal(0, _driver.Instance.Snapshot.TombstoneCount);
    }

    [Fact]
    public void One_answer_through_a_helper_is_enough()
    {
        Fire(_driver.Timer("ProbeRandomMember"));
        var number = Assert.Single(_driver.Packets()).Header.ProbeNumber;
        var timers = _driver.Timers();
        _driver.Knowing(Nodes.Crowd(first: 3, count: 5));
        Fire(timers, "SendIndirectProbe");
        var helper = _driver.Packets()[0].Destination;

        _driver.Receive(MessageKind.ForwardedAck, helper, named: Peer, probeNumber: number);

        Fire(timers, "ProbeRandomMember");
        Assert.Contains(Nodes.Alive(Peer, 4), _driver.Instance.Members);
    }

    [Fact]
    public void A_probe_that_never_reached_its_indirect_stage_is_the_fault_of_the_host()
    {
        Fire(_driver.Timer("ProbeRandomMember"));
        Assert.Equal(SwimError.IncompleteProbeCycle, Fire(_driver.Timer("ProbeRandomMember")));
        Assert.Contains(Nodes.Alive(Peer, 4), _driver.Instance.Members);

        // It continues.
        Assert.Equal(2, _driver.Packets().Count(packet => packet.Kind == MessageKind.Ping));
        Assert.Contains(_driver.Timers(), timer => timer.Is("ProbeRandomMember"));
    }

    [Fact]
    public void A_timer_of_another_instance_finds_this_one_not_connected()
    {
        var idle = new Driver();
        var foreign = _driver.Timer("ProbeRandomMember");
        Assert.Equal(SwimError.NotConnected, idle.Instance.HandleTimer(foreign.Timer, idle.Runtime));
        Assert.Equal(0, idle.Runtime.Backlog);
    }

    [Fact]
    public void A_timer_of_an_earlier_life_does_nothing()
    {
        var probe = _driver.Timer("ProbeRandomMember");
        _driver.Instance.ChangeIdentity(Nodes.At(1, generation: 2), _driver.Runtime);
        _driver.Forget();
        Assert.Equal(SwimError.None, Fire(probe));
        Assert.Equal(0, _driver.Runtime.Backlog);
    }

    [Theory]
    [InlineData("PeriodicAnnounce", MessageKind.Announce, 30_000, 1)]
    [InlineData("PeriodicGossip", MessageKind.Gossip, 200, 3)]
    [InlineData("PeriodicAnnounceDown", MessageKind.Announce, 65_000, 2)]
    public void A_periodic_timer_does_its_work_and_is_set_again(
        string kind,
        MessageKind message,
        int milliseconds,
        int members
    )
    {
        var driver = new Driver(SwimConfig.Lan(10));
        var known = Nodes
            .Crowd(first: 2, count: 9)
            .Concat([Nodes.Down(Nodes.At(50)), Nodes.Down(Nodes.At(51)), Nodes.Down(Nodes.At(52))]);
        driver.Instance.ApplyMany(known, disseminate: true, driver.Runtime);
        var timer = driver.Timer(kind);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), timer.After);
        driver.Forget();

        Assert.Equal(SwimError.None, driver.Instance.HandleTimer(timer.Timer, driver.Runtime));

        var packets = driver.Packets();
        Assert.Equal(members, packets.Count);
        Assert.All(packets, packet => Assert.Equal(message, packet.Kind));
        var isDown = kind == "PeriodicAnnounceDown";
        Assert.All(
            packets,
            packet => Assert.Equal(isDown, packet.Destination.EndPoint.Address.GetAddressBytes()[3] >= 50)
        );
        Assert.Equal(timer, Assert.Single(driver.Timers()));
    }

    [Fact]
    public void The_default_timer_is_misuse()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            _driver.Instance.HandleTimer(default, _driver.Runtime)
        );
        Assert.Equal("timer", exception.ParamName);
        var genuine = _driver.Timer("ProbeRandomMember");
        var missing = Assert.Throws<ArgumentNullException>(() =>
            _driver.Instance.HandleTimer(genuine.Timer, null!)
        );
        Assert.Equal("runtime", missing.ParamName);
    }

    private SwimError Fire(ScheduledTimer<NodeIdentity> timer) =>
        _driver.Instance.HandleTimer(timer.Timer, _driver.Runtime);

    private void Fire(List<ScheduledTimer<NodeIdentity>> timers, string kind) =>
        Assert.Equal(SwimError.None, Fire(Assert.Single(timers, timer => timer.Is(kind))));
}
