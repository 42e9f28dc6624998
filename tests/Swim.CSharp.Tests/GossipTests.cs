namespace Swim.CSharp.Tests;

/// <summary>foca's <c>gossip</c> and what packets carry of the update backlog (R8.2, R8.6).</summary>
public sealed class GossipTests
{
    [Fact]
    public void A_gossip_goes_to_as_many_members_as_a_probe_has_helpers()
    {
        var driver = new Driver(SwimConfig.Simple() with { IndirectProbes = 4 });
        driver.Knowing([.. Nodes.Crowd(first: 2, count: 10), Nodes.Down(Nodes.At(50))]);

        driver.Instance.Gossip(driver.Runtime);

        var packets = driver.Packets();
        Assert.Equal(4, packets.Count);
        Assert.All(packets, packet => Assert.Equal(MessageKind.Gossip, packet.Kind));
        Assert.Equal(4, packets.Select(packet => packet.Destination).Distinct().Count());
        Assert.DoesNotContain(packets, packet => packet.Destination == Nodes.At(50));
    }

    [Fact]
    public void Every_active_member_can_be_chosen()
    {
        var driver = new Driver().Knowing(Nodes.Crowd(first: 2, count: 6));
        var chosen = new HashSet<NodeIdentity>();

        for (var round = 0; round < 50; round++)
        {
            driver.Instance.Gossip(driver.Runtime);
            chosen.UnionWith(driver.Packets().Select(packet => packet.Destination));
        }

        Assert.Equal(6, chosen.Count);
    }

    [Fact]
    public void A_gossip_goes_to_all_members_if_there_are_fewer_than_the_fan_out_and_to_none_if_there_are_none()
    {
        var driver = new Driver();
        driver.Instance.Gossip(driver.Runtime);
        Assert.Equal(0, driver.Runtime.Backlog);
        driver.Knowing(Nodes.Crowd(first: 2, count: 2));
        driver.Instance.Gossip(driver.Runtime);
        Assert.Equal(2, driver.Packets().Count);
    }

    [Fact]
    public void Each_packet_costs_its_updates_one_transmission()
    {
        var driver = new Driver(SwimConfig.Simple() with { IndirectProbes = 1, MaxTransmissions = 3 });
        var news = Nodes.Suspect(Nodes.At(9), 7);
        driver.Knowing(Nodes.Crowd(first: 2, count: 3));
        driver.Instance.ApplyMany([news], disseminate: true, driver.Runtime);
        driver.Forget();

        for (var transmission = 0; transmission < 3; transmission++)
        {
            Assert.Equal(1, driver.Instance.UpdatesBacklog);
            driver.Instance.Gossip(driver.Runtime);
            Assert.Contains(news, Assert.Single(driver.Packets()).Updates);
        }

        Assert.Equal(0, driver.Instance.UpdatesBacklog);
        driver.Instance.Gossip(driver.Runtime);
        Assert.Empty(Assert.Single(driver.Packets()).Updates);
    }

    [Fact]
    public void What_was_sent_least_goes_first_when_not_all_fits()
    {
        // Room for (128 - 40 - 2) / 18 = 4 records in a packet.
        var driver = new Driver(SwimConfig.Simple() with { IndirectProbes = 1, MaxPacketSize = 128 });
        driver.Knowing(Nodes.Alive(Nodes.At(2)));
        var old = Nodes.Crowd(first: 10, count: 4);
        driver.Instance.ApplyMany(old, disseminate: true, driver.Runtime);
        driver.Instance.Gossip(driver.Runtime);
        var young = Nodes.Crowd(first: 20, count: 3);
        driver.Instance.ApplyMany(young, disseminate: true, driver.Runtime);
        driver.Forget();

        driver.Instance.Gossip(driver.Runtime);

        var updates = Assert.Single(driver.Packets()).Updates;
        Assert.Equal(4, updates.Count);
        Assert.Equal(young.ToHashSet(), updates.Take(3).ToHashSet());
        Assert.Contains(updates[3], old);
        Assert.Equal(7, driver.Instance.UpdatesBacklog);
    }

    [Fact]
    public void A_newer_update_about_a_member_takes_the_place_of_the_older()
    {
        var driver = new Driver(SwimConfig.Simple() with { IndirectProbes = 1 });
        driver.Knowing(Nodes.Alive(Nodes.At(2)));

        MemberRecord<NodeIdentity>[] history =
        [
            Nodes.Alive(Nodes.At(9)),
            Nodes.Suspect(Nodes.At(9)),
            Nodes.Down(Nodes.At(9)),
            Nodes.Alive(Nodes.At(9, generation: 2)),
        ];

        driver.Instance.ApplyMany(history, disseminate: true, driver.Runtime);
        driver.Forget();

        Assert.Equal(1, driver.Instance.UpdatesBacklog);
        driver.Instance.Gossip(driver.Runtime);
        Assert.Equal([history[^1]], Assert.Single(driver.Packets()).Updates);
    }

    [Fact]
    public void A_member_that_one_instance_learns_of_becomes_known_to_its_peer()
    {
        var two = TwoInstances.Joined();
        MemberRecord<NodeIdentity>[] updates = [Nodes.Alive(Nodes.At(9), 3)];

        two.Cluster.Do(
            two.First,
            (instance, runtime) =>
            {
                instance.ApplyMany(updates, disseminate: true, runtime);
                instance.Gossip(runtime);
            }
        );

        two.Cluster.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Contains(updates[0], two.Second.Instance.Members);
    }
}
