using Microsoft.Extensions.Logging.Abstractions;

namespace Swim.AspNetCore.Tests;

/// <summary>What the dashboard makes of changes and of looking again: nothing lost, nothing twice.</summary>
public sealed class RosterTests
{
    private static readonly NodeIdentity One = FakeCluster.IdentityOf(1);

    private readonly FakeCluster _cluster = new();
    private readonly List<string> _told = [];
    private readonly Roster _roster;

    public RosterTests()
    {
        _roster = new Roster(TimeProvider.System, Tell);
        Apply(SwimChangeKind.Resynchronize, _cluster.Identity);
        _told.Clear();
    }

    [Fact]
    public void A_suspicion_that_nobody_announces_is_found_and_so_is_its_end()
    {
        Up(One);
        _cluster.Learn(One, MemberStatus.Suspect);
        _roster.Refresh(_cluster.Snapshot);
        Assert.Equal("suspect", Status());
        Assert.Equal(1, _roster.CountOf(MemberStatus.Suspect));

        _cluster.Learn(One, MemberStatus.Alive, incarnation: 1);
        _roster.Refresh(_cluster.Snapshot);
        _roster.Refresh(_cluster.Snapshot);
        Assert.Equal("alive", Status());
        Assert.Equal((1, 0), (_roster.CountOf(MemberStatus.Alive), _roster.CountOf(MemberStatus.Suspect)));
        Assert.Equal([$"member-up {One}", $"member-suspect {One}", $"member-refuted {One}"], _told);
    }

    [Fact]
    public void A_higher_incarnation_alone_is_a_new_row_but_nothing_that_happened()
    {
        Up(One);
        _cluster.Learn(One, MemberStatus.Alive, incarnation: 3);
        _roster.Refresh(_cluster.Snapshot);
        Assert.Equal(3, _roster.Others.Single().Incarnation);
        Assert.Equal([$"member-up {One}"], _told);
    }

    /// <summary>A look may be ahead of the changes: what they still have to tell is left to them.</summary>
    [Fact]
    public void Who_comes_and_goes_is_told_once_however_early_it_is_looked_at()
    {
        _cluster.Learn(One, MemberStatus.Alive);
        var up = _cluster.Change(SwimChangeKind.MemberUp, One);
        _cluster.Learn(One, MemberStatus.Down);
        var down = _cluster.Change(SwimChangeKind.MemberDown, One);

        foreach (var change in new[] { up, down })
        {
            _roster.Refresh(_cluster.Snapshot);
            _roster.Apply(change);
            _roster.Apply(change);
            _roster.Refresh(_cluster.Snapshot);
        }

        Assert.Equal([$"member-up {One}", $"member-down {One}"], _told);
        Assert.Equal("down", Status());
        Assert.Equal((0, 1), (_roster.CountOf(MemberStatus.Alive), _roster.CountOf(MemberStatus.Down)));
    }

    [Fact]
    public void A_member_that_comes_back_takes_the_place_of_its_former_self()
    {
        var again = FakeCluster.IdentityOf(1, generation: 2);
        Up(One);
        _cluster.Learn(One, MemberStatus.Down);
        Apply(SwimChangeKind.MemberDown, One);
        _cluster.Learn(again, MemberStatus.Alive);
        _roster.Apply(_cluster.Change(SwimChangeKind.Rename, again, One));
        Assert.Equal("down", Status());
        Apply(SwimChangeKind.MemberUp, again);

        var row = _roster.Others.Single();
        Assert.Equal((again.ToString(), "alive"), (row.Identity, row.Status));
        Assert.Equal(
            [$"member-up {One}", $"member-down {One}", $"rename {again}", $"member-up {again}"],
            _told
        );
    }

    [Fact]
    public void What_was_missed_is_made_up_for()
    {
        var (two, three) = (FakeCluster.IdentityOf(2), FakeCluster.IdentityOf(3));
        Up(One);
        Up(two);
        _cluster.Learn(One, MemberStatus.Down);
        _cluster.Learn(three, MemberStatus.Alive);
        Apply(SwimChangeKind.Resynchronize, _cluster.Identity);

        Assert.Equal([$"member-down {One}", $"member-up {three}"], _told[2..]);
        Assert.Equal(3, _roster.Count);
    }

    [Fact]
    public async Task A_browser_that_fell_behind_by_too_much_begins_again()
    {
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

        // Each tells two things: its row, and that it is up.
        const int Fits = DashboardMonitor.NewsCapacity / 2;

        for (var number = 1; number <= Fits; number++)
        {
            _cluster.Join(FakeCluster.IdentityOf(number));
        }

        await Deadline.UntilAsync(
            () => monitor.ReadAll().View.Members.Count == Fits + 1,
            () => "all are taken in"
        );
        var update = monitor.ReadAfter(start)!.Value;
        Assert.Equal((Fits, Fits), (update.View.Members.Count, update.View.Changes.Count));
        Assert.Empty(monitor.ReadAfter(update.Position)!.Value.View.Members);

        _cluster.Join(FakeCluster.IdentityOf(Fits + 1));
        await Deadline.UntilAsync(() => monitor.ReadAfter(start) is null, () => "the oldest is dropped");
        Assert.Equal(500, monitor.ReadAll().View.Changes.Count);

        await stop.CancelAsync();
        await following.Within("following ends");
    }

    private string Status() => _roster.Others.Single().Status;

    private void Up(NodeIdentity identity)
    {
        _cluster.Learn(identity, MemberStatus.Alive);
        Apply(SwimChangeKind.MemberUp, identity);
    }

    private void Apply(SwimChangeKind kind, NodeIdentity identity) =>
        _roster.Apply(_cluster.Change(kind, identity));

    private void Tell(RosterNews news)
    {
        if (news.Kind is { } kind)
        {
            _told.Add($"{kind} {news.Identity}");
        }
    }
}
