using Microsoft.Extensions.Logging.Abstractions;

namespace Swim.AspNetCore.Tests;

/// <summary>What the dashboard makes of events and of resynchronizations: nothing lost, nothing told twice.</summary>
public sealed class RosterTests
{
    private static readonly NodeIdentity One = FakeCluster.IdentityOf(1);

    private readonly FakeCluster _cluster = new();
    private readonly List<EventView> _events = [];
    private readonly Roster _roster;

    public RosterTests()
    {
        _roster = new Roster(TimeProvider.System, Tell);
        _roster.Apply(_cluster.Resynchronization);
    }

    /// <summary>The events about other members.</summary>
    private IEnumerable<string> Told =>
        _events
            .Where(occurred => occurred.Kind.StartsWith("member-", StringComparison.Ordinal))
            .Select(occurred => $"{occurred.Kind} {occurred.Identity}");

    [Fact]
    public void A_suspicion_and_its_refutation_are_told_and_change_the_row()
    {
        Learn(One, MemberStatus.Alive);
        Learn(One, MemberStatus.Suspect);
        Assert.Equal("suspect", Status());
        Assert.Equal(1, _roster.CountOf(MemberStatus.Suspect));

        Learn(One, MemberStatus.Alive, incarnation: 1);
        Assert.Equal("alive", Status());
        Assert.Equal((1, 0), (_roster.CountOf(MemberStatus.Alive), _roster.CountOf(MemberStatus.Suspect)));
        Assert.Equal([$"member-up {One}", $"member-suspected {One}", $"member-refuted {One}"], Told);
    }

    [Fact]
    public void A_higher_incarnation_alone_is_a_new_row_but_nothing_that_happened()
    {
        Learn(One, MemberStatus.Alive);
        Learn(One, MemberStatus.Alive, incarnation: 3);
        Assert.Equal(3, _roster.Others.Single().Incarnation);
        Assert.Equal([$"member-up {One}"], Told);
    }

    [Fact]
    public void A_member_that_is_forgotten_is_dropped_without_an_event()
    {
        Learn(One, MemberStatus.Alive);
        Learn(One, MemberStatus.Down);
        Apply(_cluster.ExpireTimers());
        Assert.Equal((0, 0), (_roster.Count, _roster.CountOf(MemberStatus.Down)));
        Assert.Equal([$"member-up {One}", $"member-down {One}"], Told);
    }

    /// <summary>A snapshot may be ahead of the events that follow it: what it holds is told of once.</summary>
    [Fact]
    public void A_member_that_comes_and_goes_is_told_of_once_however_early_a_snapshot_holds_it()
    {
        var up = _cluster.Learn(One, MemberStatus.Alive);
        var known = _cluster.Resynchronization;
        var down = _cluster.Learn(One, MemberStatus.Down);

        _roster.Apply(known);
        Apply(up);
        Assert.Equal("alive", Status());

        _roster.Apply(_cluster.Resynchronization);
        Apply(up);
        Apply(down);
        Assert.Equal("down", Status());
        Assert.Equal([$"member-up {One}", $"member-down {One}"], Told);
        Assert.Equal((0, 1), (_roster.CountOf(MemberStatus.Alive), _roster.CountOf(MemberStatus.Down)));
    }

    [Fact]
    public void A_member_that_comes_back_takes_the_place_of_its_former_self()
    {
        var again = FakeCluster.IdentityOf(1, generation: 2);
        Learn(One, MemberStatus.Alive);
        Learn(One, MemberStatus.Down);
        Learn(again, MemberStatus.Alive);

        var row = _roster.Others.Single();
        Assert.Equal((again.ToString(), "alive"), (row.Identity, row.Status));
        Assert.Equal([$"member-up {One}", $"member-down {One}", $"member-up {again}"], Told);
        var up = _events.Last(occurred => occurred.Kind == "member-up");
        Assert.Equal((One.ToString(), "identity-change"), (up.Previous, up.Cause));
    }

    [Fact]
    public void A_member_that_is_renamed_keeps_its_row_and_its_former_identity_is_told()
    {
        var renamed = FakeCluster.IdentityOf(1, generation: 2);
        Learn(One, MemberStatus.Alive);
        Learn(renamed, MemberStatus.Suspect);

        var row = _roster.Others.Single();
        Assert.Equal((renamed.ToString(), "suspect"), (row.Identity, row.Status));
        Assert.Equal([$"member-up {One}", $"member-renamed {renamed}"], Told);
        Assert.Equal(One.ToString(), _events[^1].Previous);
    }

    [Fact]
    public void What_happens_to_the_member_itself_is_told_with_the_cause()
    {
        Learn(One, MemberStatus.Alive);
        Learn(_cluster.Identity, MemberStatus.Suspect);
        Assert.Equal(
            [("active", "gossip"), ("self-refuted", "refutation")],
            _events
                .Where(occurred => occurred.Identity == _cluster.Identity.ToString())
                .Select(occurred => (occurred.Kind, occurred.Cause!))
        );
        Assert.Equal(1, _roster.Self?.Incarnation);
    }

    [Fact]
    public void Events_that_were_lost_are_made_up_for()
    {
        var others = Enumerable.Range(1, 6).Select(number => FakeCluster.IdentityOf(number)).ToList();
        var renamed = FakeCluster.IdentityOf(4, generation: 2);

        foreach (var identity in others[..5])
        {
            Learn(identity, MemberStatus.Alive);
        }

        Learn(others[2], MemberStatus.Suspect);
        var before = Told.Count();

        _cluster.Learn(others[0], MemberStatus.Down);
        _cluster.Learn(others[1], MemberStatus.Suspect);
        _cluster.Learn(others[2], MemberStatus.Alive, incarnation: 1);
        _cluster.Learn(renamed, MemberStatus.Alive);
        _cluster.Learn(others[5], MemberStatus.Alive);
        _roster.Apply(_cluster.Resynchronization);

        Assert.Equal(
            [
                $"member-down {others[0]}",
                $"member-refuted {others[2]}",
                $"member-renamed {renamed}",
                $"member-suspected {others[1]}",
                $"member-up {others[5]}",
            ],
            Told.Skip(before).Order()
        );
        Assert.All(_events[^5..], occurred => Assert.Null(occurred.Cause));
        Assert.Equal(6, _roster.Count);
    }

    /// <summary>
    /// Members come, go and change at random; events are lost, or come although a snapshot holds them already.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_rows_are_what_the_member_knows_after_any_events_and_losses(int randomSeed)
    {
        var random = new Random(randomSeed);

        for (var round = 0; round < 2_000; round++)
        {
            var events =
                random.Next(20) == 0 ? _cluster.ExpireTimers() : _cluster.Learn(RandomRecords(random));

            // The snapshot of a resynchronization holds all of them, whichever of them follow.
            var resynchronizedAt = random.Next(4) == 0 ? random.Next(events.Count + 1) : -1;

            for (var index = 0; index <= events.Count; index++)
            {
                if (index == resynchronizedAt)
                {
                    _roster.Apply(_cluster.Resynchronization);
                }

                if (index < events.Count && (resynchronizedAt < 0 || random.Next(2) == 0))
                {
                    _roster.Apply(events[index]);
                }
            }

            if (resynchronizedAt >= 0)
            {
                _roster.Apply(_cluster.Resynchronization);
            }

            AssertRows();
        }

        Assert.Equal(Enumerable.Range(1, _events.Count), _events.Select(occurred => (int)occurred.Number));
    }

    [Fact]
    public async Task A_browser_that_fell_behind_by_too_much_begins_again()
    {
        _cluster.Learn(FakeCluster.IdentityOf(1), MemberStatus.Alive);
        var monitor = new DashboardMonitor(
            _cluster,
            new SwimDashboardOptions(),
            TimeProvider.System,
            NullLogger.Instance
        );
        using var stop = new CancellationTokenSource();
        var following = monitor.FollowAsync(stop.Token);
        await monitor.Ready.Within("the members are known");
        var (_, start) = monitor.ReadAll();

        // Each is two updates: its row, and that it is up.
        const int Fits = DashboardMonitor.LogCapacity / 2;

        for (var number = 1; number <= Fits; number++)
        {
            _cluster.Join(FakeCluster.IdentityOf(1 + number));
        }

        await Deadline.UntilAsync(
            () => monitor.ReadAll().View.Members.Count == Fits + 2,
            () => "all are applied"
        );
        var update = monitor.ReadAfter(start)!.Value;
        Assert.Equal((Fits, Fits), (update.View.Members.Count, update.View.Events.Count));
        Assert.Empty(monitor.ReadAfter(update.Position)!.Value.View.Members);

        _cluster.Join(FakeCluster.IdentityOf(Fits + 2));
        await Deadline.UntilAsync(() => monitor.ReadAfter(start) is null, () => "the oldest is dropped");
        Assert.Equal(500, monitor.ReadAll().View.Events.Count);

        await stop.CancelAsync();
        await following.Within("following ends");
    }

    private static MemberRecord<NodeIdentity>[] RandomRecords(Random random) =>
        [
            .. Enumerable
                .Range(0, random.Next(1, 6))
                .Select(_ => new MemberRecord<NodeIdentity>(
                    FakeCluster.IdentityOf(random.Next(1, 9), (ulong)random.Next(1, 50)),
                    (ushort)random.Next(4),
                    (MemberStatus)random.Next(3),
                    null
                )),
        ];

    private string Status() => _roster.Others.Single().Status;

    private void AssertRows()
    {
        var known = _cluster.Snapshot.MembershipState;
        Assert.Equal(
            known
                .Select(record =>
                    (record.Identity.ToString(), ViewConversion.StatusOf(record), (int)record.Incarnation)
                )
                .Order(),
            _roster.Others.Select(row => (row.Identity, row.Status, row.Incarnation)).Order()
        );
        Assert.All(
            Enum.GetValues<MemberStatus>(),
            status => Assert.Equal(known.Count(record => record.Status == status), _roster.CountOf(status))
        );
    }

    private void Learn(NodeIdentity identity, MemberStatus status, ushort incarnation = 0) =>
        Apply(_cluster.Learn(identity, status, incarnation));

    private void Apply(List<WatchedEvent> events)
    {
        foreach (var watched in events)
        {
            _roster.Apply(watched);
        }
    }

    private void Tell(RosterUpdate update)
    {
        if (update.Event is { } occurred)
        {
            _events.Add(occurred);
        }
    }
}
