namespace Swim.CSharp.Tests;

/// <summary>foca's <c>apply_many</c> and <c>iter_membership_state</c>: state replication (R3.4).</summary>
public sealed class ApplyManyTests
{
    [Fact]
    public void Two_instances_that_exchange_their_states_know_the_same()
    {
        var first = new Driver().Knowing([
            .. Nodes.Crowd(first: 10, count: 5),
            Nodes.Suspect(Nodes.At(20), 3),
            Nodes.Down(Nodes.At(21)),
            Nodes.Alive(Nodes.At(22), 9),
            Nodes.Alive(Nodes.At(23, generation: 4)),
        ]);

        var second = new Driver(identity: Nodes.At(2)).Knowing([
            .. Nodes.Crowd(first: 13, count: 5),
            Nodes.Alive(Nodes.At(20), 3),
            Nodes.Alive(Nodes.At(21), 8),
            Nodes.Suspect(Nodes.At(22), 8),
            Nodes.Down(Nodes.At(23, generation: 3)),
        ]);

        Transfer(first, second);
        Transfer(second, first);

        Assert.Equal(Known(first), Known(second));

        Assert.Equal(
            [
                Nodes.Suspect(Nodes.At(20), 3),
                Nodes.Down(Nodes.At(21)),
                Nodes.Alive(Nodes.At(22), 9),
                Nodes.Alive(Nodes.At(23, generation: 4)),
            ],
            Known(first).Where(member => member.Identity.EndPoint.Address.GetAddressBytes()[3] >= 20)
        );
    }

    [Fact]
    public void A_state_that_was_saved_restores_a_new_instance()
    {
        var before = new Driver().Knowing([.. Nodes.Crowd(first: 10, count: 50), Nodes.Down(Nodes.At(90))]);

        var after = new Driver(identity: Nodes.At(1, generation: 2));
        Transfer(before, after);

        Assert.Equal(Known(before), Known(after));
        Assert.Equal(50, after.Instance.MemberCount);
        Assert.Equal(0, after.Instance.UpdatesBacklog);
        Assert.Equal(ConnectionState.Active, after.Instance.ConnectionState);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public void What_is_new_waits_to_be_disseminated_if_so_asked(bool broadcast, int backlog)
    {
        var driver = new Driver();
        driver.Instance.ApplyMany(Nodes.Crowd(first: 2, count: 3), broadcast, driver.Runtime);
        Assert.Equal(backlog, driver.Instance.UpdatesBacklog);
    }

    [Fact]
    public void What_is_known_already_changes_nothing()
    {
        var driver = new Driver().Knowing(Nodes.Crowd(first: 2, count: 3));
        driver.Instance.ApplyMany(Nodes.Crowd(first: 2, count: 3), disseminate: true, driver.Runtime);
        Assert.Equal(0, driver.Instance.UpdatesBacklog);
        Assert.Equal(0, driver.Runtime.Backlog);
    }

    [Fact]
    public void A_suspicion_of_ourselves_is_refuted()
    {
        var driver = new Driver().Knowing(Nodes.Alive(Nodes.At(2)));
        driver.Instance.ApplyMany([Nodes.Suspect(Driver.Self, 4)], disseminate: true, driver.Runtime);
        Assert.Equal(5, driver.Instance.Snapshot.Incarnation);
        Assert.Equal(5, Assert.Single(driver.Packets()).Header.SourceIncarnation);
    }

    [Fact]
    public void Our_own_down_makes_us_renew_ourselves()
    {
        var driver = new Driver().Knowing(Nodes.Alive(Nodes.At(2)));
        driver.Instance.ApplyMany([Nodes.Down(Driver.Self)], disseminate: true, driver.Runtime);
        Assert.Equal(Nodes.At(1, generation: 2), driver.Instance.Identity);
        Assert.Contains(driver.Events(), entry => entry.Kind == SwimEventKind.Rejoined);
    }

    [Fact]
    public void Another_identity_at_our_address_is_down_whatever_its_record_says()
    {
        var driver = new Driver();
        var impostor = Nodes.At(1, generation: 99);
        driver.Instance.ApplyMany([Nodes.Alive(impostor, 5)], disseminate: true, driver.Runtime);
        Assert.Equal([Nodes.Down(impostor)], driver.Instance.MembershipState);
        Assert.Equal(0, driver.Instance.MemberCount);
        Assert.Equal(Driver.Self, driver.Instance.Identity);
    }

    [Fact]
    public void A_down_record_has_no_incarnation()
    {
        var driver = new Driver();
        var record = new MemberRecord<NodeIdentity>(Nodes.At(2), 44, MemberStatus.Down, null);
        driver.Instance.ApplyMany([record], disseminate: false, driver.Runtime);
        Assert.Equal([Nodes.Down(Nodes.At(2))], driver.Instance.MembershipState);
    }

    [Fact]
    public void What_is_no_record_is_refused_and_the_rest_of_its_batch_with_it()
    {
        var driver = new Driver();
        var good = Nodes.Alive(Nodes.At(2));
        var bad = new MemberRecord<NodeIdentity>(Nodes.At(3), 0, (MemberStatus)3, null);

        Assert.Throws<ArgumentException>(() =>
            driver.Instance.ApplyMany([good, bad], disseminate: true, driver.Runtime)
        );

        Assert.Empty(driver.Instance.MembershipState);
        Assert.Equal(0, driver.Runtime.Backlog);
    }

    [Fact]
    public void A_large_batch_notifies_each_member_once()
    {
        var driver = new Driver();
        var crowd = Nodes.Crowd(first: 2, count: 10_000);
        driver.Instance.ApplyMany(crowd.Concat(crowd), disseminate: false, driver.Runtime);
        Assert.Equal(10_000, driver.Instance.MemberCount);
        var events = driver.Events();
        Assert.Equal(10_001, events.Count);
        Assert.Equal(SwimEventKind.Active, events[^1].Kind);
    }

    private static void Transfer(Driver from, Driver to) =>
        to.Instance.ApplyMany(from.Instance.MembershipState, disseminate: false, to.Runtime);

    private static IEnumerable<MemberRecord<NodeIdentity>> Known(Driver driver) =>
        driver.Instance.MembershipState.OrderBy(
            member => member.Identity.EndPoint.Address.ToString(),
            StringComparer.Ordinal
        );
}
