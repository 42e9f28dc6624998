namespace Swim.CSharp.Tests;

/// <summary>
/// foca's <c>iter_members</c>, <c>num_members</c>, <c>iter_membership_state</c> and backlogs, of the
/// instance and of a snapshot, which stays as it was.
/// </summary>
public sealed class SnapshotTests
{
    private readonly Driver _driver = new Driver().Knowing(
        Nodes.Alive(Nodes.At(2), 1),
        Nodes.Suspect(Nodes.At(3), 2),
        Nodes.Down(Nodes.At(4))
    );

    [Fact]
    public void The_members_are_the_active_ones_and_the_membership_state_has_all()
    {
        MemberRecord<NodeIdentity>[] active = [Nodes.Alive(Nodes.At(2), 1), Nodes.Suspect(Nodes.At(3), 2)];
        MemberRecord<NodeIdentity>[] all = [.. active, Nodes.Down(Nodes.At(4))];
        Assert.Equal(active.ToHashSet(), _driver.Instance.Members.ToHashSet());
        Assert.Equal(all.ToHashSet(), _driver.Instance.MembershipState.ToHashSet());
        Assert.Equal(2, _driver.Instance.MemberCount);
        Assert.Equal(2, _driver.Instance.Members.Count);
        Assert.Equal(3, _driver.Instance.MembershipState.Count);
        Assert.All(_driver.Instance.Members, member => Assert.True(member.IsActive));
        Assert.False(Nodes.Down(Nodes.At(4)).IsActive);
    }

    [Fact]
    public void A_list_can_be_indexed_within_its_bounds()
    {
        var members = _driver.Instance.Members;
        Assert.Equal(members.ToList(), Enumerable.Range(0, 2).Select(index => members[index]));
        Assert.Throws<ArgumentOutOfRangeException>(() => members[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => members[-1]);
    }

    [Fact]
    public void A_member_is_found_by_its_address()
    {
        var snapshot = _driver.Instance.Snapshot;
        Assert.True(snapshot.TryGetMember(Nodes.At(4, generation: 77), out var member));
        Assert.Equal(Nodes.Down(Nodes.At(4)), member);
        Assert.False(snapshot.TryGetMember(Nodes.At(5), out member));
        Assert.Equal(default, member);
        Assert.False(snapshot.TryGetMember(Driver.Self, out _));
    }

    [Fact]
    public void The_backlogs_count_what_waits()
    {
        var driver = new Driver(new ScriptedHandler());
        driver.Instance.ApplyMany(Nodes.Crowd(first: 2, count: 4), disseminate: true, driver.Runtime);
        driver.Instance.AddBroadcast([1, 1]);
        driver.Instance.AddBroadcast([2, 1]);
        Assert.Equal(4, driver.Instance.UpdatesBacklog);
        Assert.Equal(2, driver.Instance.CustomBroadcastBacklog);
        Assert.Equal(4, driver.Instance.Snapshot.UpdatesBacklog);
        Assert.Equal(2, driver.Instance.Snapshot.CustomBroadcastBacklog);
    }

    [Fact]
    public void A_snapshot_stays_as_it_was_while_the_instance_continues()
    {
        var instance = _driver.Instance;
        var snapshot = instance.Snapshot;
        var members = snapshot.Members;
        var before = members.ToList();
        var everyone = snapshot.MembershipState.ToList();

        instance.ApplyMany(Nodes.Crowd(first: 100, count: 500), disseminate: true, _driver.Runtime);
        instance.ApplyMany(
            [Nodes.Down(Nodes.At(2)), Nodes.Down(Nodes.At(3))],
            disseminate: true,
            _driver.Runtime
        );
        _driver.Receive(MessageKind.Gossip, Nodes.At(100), updates: [Nodes.Suspect(Driver.Self)]);
        instance.LeaveCluster(_driver.Runtime);

        Assert.Equal(before, members);
        Assert.Equal(before, snapshot.Members);
        Assert.Equal(everyone, snapshot.MembershipState);
        Assert.Equal(0, snapshot.UpdatesBacklog);
        Assert.Equal(0, snapshot.Incarnation);
        Assert.Equal(ConnectionState.Active, snapshot.ConnectionState);
        Assert.Equal(Driver.Self, snapshot.Identity);
        Assert.False(snapshot.HasLeft);
        Assert.Equal(500, instance.MemberCount);
        Assert.True(instance.Snapshot.HasLeft);
        Assert.Equal(1, instance.Snapshot.Incarnation);
    }

    /// <summary>Any thread may read at any time, and sees one consistent state.</summary>
    [Fact]
    public async Task Other_threads_see_whole_states_only()
    {
        var driver = new Driver();
        using var finished = new CancellationTokenSource();

        var reader = Task.Run(
            () =>
            {
                var seen = 0;

                while (!finished.IsCancellationRequested || seen == 0)
                {
                    var snapshot = driver.Instance.Snapshot;
                    var members = snapshot.Members;
                    Assert.Equal(members.Count, members.Select(member => member.Identity).Distinct().Count());
                    Assert.All(members, member => Assert.True(member.IsActive));
                    Assert.True(snapshot.MembershipState.Count >= members.Count);
                    seen++;
                }

                return seen;
            },
            TestContext.Current.CancellationToken
        );

        for (var number = 2; number < 400; number++)
        {
            var newcomer = Nodes.Alive(Nodes.At(number));
            var victim = Nodes.Down(Nodes.At((number / 2) + 1));
            driver.Instance.ApplyMany([newcomer, victim], disseminate: true, driver.Runtime);
        }

        await finished.CancelAsync();
        Assert.True(await reader > 0);
    }
}
