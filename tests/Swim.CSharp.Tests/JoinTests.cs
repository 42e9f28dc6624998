namespace Swim.CSharp.Tests;

/// <summary>foca's <c>announce</c>: Announce, Feed, and being a member (R8.1, R8.5, R9.3).</summary>
public sealed class JoinTests
{
    [Fact]
    public void An_announcement_is_one_packet_that_carries_nothing()
    {
        var driver = new Driver(new ScriptedHandler()).Knowing(Nodes.Alive(Nodes.At(3)));
        driver.Instance.ApplyMany([Nodes.Alive(Nodes.At(4))], disseminate: true, driver.Runtime);
        driver.Instance.AddBroadcast([1, 1]);
        driver.Forget();

        driver.Instance.Announce(Nodes.At(2), driver.Runtime);

        var packet = Assert.Single(driver.Packets());
        var expected = new PacketHeader<NodeIdentity>(
            Driver.Self,
            0,
            Nodes.At(2),
            MessageKind.Announce,
            default,
            0,
            0
        );
        Assert.Equal(expected, packet.Header);
        Assert.Empty(packet.Updates);
        Assert.Empty(packet.Broadcasts);
        Assert.Equal(1, driver.Instance.UpdatesBacklog);
        Assert.False(driver.Instance.Snapshot.TryGetMember(Nodes.At(2), out _));
    }

    [Fact]
    public void Two_instances_find_each_other()
    {
        var two = new TwoInstances();
        two.Join();
        var (first, second) = (two.First, two.Second);

        Assert.Equal([Nodes.Alive(second.Instance.Identity)], first.Instance.Members);
        Assert.Equal([Nodes.Alive(first.Instance.Identity)], second.Instance.Members);
        Assert.Equal([SwimEventKind.MemberUp, SwimEventKind.Active], first.Kinds);
        Assert.Equal([SwimEventKind.MemberUp, SwimEventKind.Active], second.Kinds);
        Assert.Empty(first.Errors);
        Assert.Empty(second.Errors);
        Assert.Equal(second.Instance.Identity, first.Events[0].Event.Identity);
        Assert.Equal(first.Instance.Identity, first.Events[1].Event.Identity);
    }

    [Fact]
    public void A_newcomer_is_fed_the_active_members_but_itself()
    {
        var driver = new Driver().Knowing([
            .. Nodes.Crowd(first: 3, count: 5),
            Nodes.Suspect(Nodes.At(20), 4),
            Nodes.Down(Nodes.At(21)),
        ]);

        Assert.Equal(SwimError.None, driver.Receive(MessageKind.Announce, Nodes.At(2)));

        var feed = Assert.Single(driver.Packets());
        Assert.Equal(MessageKind.Feed, feed.Kind);
        Assert.Equal(Nodes.At(2), feed.Destination);

        Assert.Equal(
            [.. Nodes.Crowd(first: 3, count: 5), Nodes.Suspect(Nodes.At(20), 4)],
            feed.Updates.OrderBy(member => member.Identity.ToString().Length)
                .ThenBy(member => member.Identity.ToString(), StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_feed_is_as_full_as_the_packet_size_allows_and_differs_each_time()
    {
        var driver = new Driver().Knowing(Nodes.Crowd(first: 3, count: 200));
        driver.Receive(MessageKind.Announce, Nodes.At(2));
        driver.Receive(MessageKind.Announce, Nodes.At(2));

        var packets = driver.Packets();

        // (1400 - 40 of a Feed header - 2 of the count) / 18 of a record.
        Assert.All(packets, packet => Assert.Equal(75, packet.Updates.Count));
        Assert.All(packets, packet => Assert.Equal(75, packet.Updates.Distinct().Count()));
        Assert.NotEqual(packets[0].Updates.ToHashSet(), packets[1].Updates.ToHashSet());
    }

    [Fact]
    public void To_announce_the_address_is_enough()
    {
        var driver = new Driver(identity: Nodes.At(1, generation: 9));
        var unknown = NodeIdentity.Unknown(driver.Instance.Identity.EndPoint);
        Assert.Equal(SwimError.None, driver.Receive(MessageKind.Announce, Nodes.At(2), to: unknown));
        Assert.Equal(MessageKind.Feed, Assert.Single(driver.Packets()).Kind);
        Assert.Equal(1, driver.Instance.MemberCount);
    }

    [Theory]
    [InlineData(MessageKind.Ping)]
    [InlineData(MessageKind.Gossip)]
    [InlineData(MessageKind.Feed)]
    [InlineData(MessageKind.TurnUndead)]
    public void Nothing_else_reaches_an_identity_that_is_not_ours(MessageKind kind)
    {
        var driver = new Driver(identity: Nodes.At(1, generation: 9));
        Assert.Equal(SwimError.None, driver.Receive(kind, Nodes.At(2), to: Nodes.At(1, generation: 8)));
        Assert.Equal(0, driver.Runtime.Backlog);
        Assert.Empty(driver.Instance.MembershipState);
        Assert.Equal(Nodes.At(1, generation: 9), driver.Instance.Identity);
    }

    [Fact]
    public void A_third_learns_of_the_second_through_the_first()
    {
        var two = TwoInstances.Joined();
        var third = two.Cluster.Add(Nodes.At(3), SwimConfig.Simple());
        two.Cluster.Do(third, (instance, runtime) => instance.Announce(Nodes.At(1), runtime));
        two.Cluster.RunFor(TimeSpan.FromMilliseconds(2));

        // The feed is back after two hops, before any probe could have carried the news.
        Assert.Equal(2, third.Instance.MemberCount);
        two.Cluster.RunUntil(
            () => two.Second.Sees(Nodes.At(3), MemberStatus.Alive),
            "the second hears of the third by gossip that rides on probes",
            atMost: TimeSpan.FromSeconds(6)
        );
    }
}
