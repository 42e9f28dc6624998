namespace Swim.CSharp.Tests;

/// <summary>An identity and a codec of the user's own, with names of any length, from end to end.</summary>
public sealed class CustomIdentityTests
{
    private static readonly SwimConfig Config = SwimConfig.Lan(4) with { MaxPacketSize = 256 };

    private readonly VirtualCluster<NamedIdentity> _cluster = new(NamedCodec.Instance);

    [Fact]
    public void A_cluster_of_names_forms_detects_a_crash_and_readmits_the_member()
    {
        string[] names = ["a", "the second", "Größe", new string('z', 60)];

        foreach (var name in names)
        {
            var node = _cluster.Add(new NamedIdentity(name, 1), Config);

            if (node != _cluster.Nodes[0])
            {
                var first = new NamedIdentity(names[0], 0);
                _cluster.Do(node, (instance, runtime) => instance.Announce(first, runtime));
            }
        }

        _cluster.RunUntil(() => AllSee(3), "everyone knows everyone", TimeSpan.FromSeconds(10));

        var last = _cluster.Nodes[3];
        VirtualCluster<NamedIdentity>.Freeze(last);
        _cluster.RunUntil(
            () => _cluster.Nodes.Take(3).All(node => node.Sees(new(names[3], 1), MemberStatus.Down)),
            "the crash is noticed",
            TimeSpan.FromSeconds(20)
        );

        _cluster.Thaw(last);
        _cluster.RunUntil(
            () => _cluster.Nodes.Take(3).All(node => node.Sees(new(names[3], 2), MemberStatus.Alive)),
            "it is back with its next life",
            TimeSpan.FromSeconds(10)
        );
        Assert.Equal(new NamedIdentity(names[3], 2), last.Instance.Identity);
    }

    [Fact]
    public void Records_of_different_sizes_fill_a_packet_as_far_as_they_fit()
    {
        var records = Enumerable
            .Range(1, 100)
            .Select(length => new NamedIdentity(new string('n', length), 1))
            .Select(name => new MemberRecord<NamedIdentity>(name, 0, MemberStatus.Alive, null))
            .ToList();

        var node = _cluster.Add(new NamedIdentity("self", 1), Config);
        node.Instance.ApplyMany(records, disseminate: true, node.Runtime);
        node.Instance.Gossip(node.Runtime);

        Assert.True(node.Runtime.TryTakePacket(out var packet));
        Assert.True(packet.Data.Length <= Config.MaxPacketSize);
        var updates = Wire.Decode(NamedCodec.Instance, packet.Data.Span).Updates;
        Assert.NotEmpty(updates);
        Assert.Equal(updates.Count, updates.Distinct().Count());

        // R8.6: what does not fit is skipped, so what was left out is larger than what is left.
        var left = Config.MaxPacketSize - packet.Data.Length;
        Assert.All(
            records.Except(updates),
            record => Assert.True(NamedCodec.Instance.GetMemberSize(record) > left)
        );
    }

    [Fact]
    public void A_packet_of_names_comes_back_as_it_was()
    {
        var header = new PacketHeader<NamedIdentity>(
            new("source", -5),
            ushort.MaxValue,
            new("", int.MaxValue),
            MessageKind.ForwardedAck,
            new("Ünïcödé 名前", 0, Renews: false),
            uint.MaxValue,
            0
        );

        MemberRecord<NamedIdentity>[] updates =
        [
            new(new("x", 1), 9, MemberStatus.Suspect, null),
            new(new(new string('y', 200), 2), 0, MemberStatus.Down, null),
        ];

        var packet = new WirePacket<NamedIdentity>(
            header,
            updates,
            [
                [1],
                [2, 3],
            ]
        );
        var decoded = Wire.Decode(NamedCodec.Instance, Wire.Encode(NamedCodec.Instance, packet));
        Assert.Equal(header, decoded.Header);
        Assert.Equal(updates, decoded.Updates);
        Assert.Equal(packet.Broadcasts, decoded.Broadcasts);
    }

    [Fact]
    public void A_member_whose_identity_does_not_renew_is_defunct_until_the_caller_acts()
    {
        var self = new NamedIdentity("self", 1, Renews: false);
        var instance = new SwimInstance<NamedIdentity>(self, Config, NamedCodec.Instance, 1);
        var runtime = new AccumulatingRuntime<NamedIdentity>();
        var peer = new MemberRecord<NamedIdentity>(new("peer", 1), 0, MemberStatus.Alive, null);
        instance.ApplyMany([peer], disseminate: false, runtime);
        instance.ApplyMany([new(self, 0, MemberStatus.Down, null)], disseminate: false, runtime);
        Assert.Equal(ConnectionState.Defunct, instance.ConnectionState);

        instance.ReuseDownIdentity(runtime);
        Assert.Equal(self, instance.Identity);
        Assert.Equal(ConnectionState.Active, instance.ConnectionState);
    }

    private bool AllSee(int count) => _cluster.Nodes.All(node => node.Instance.MemberCount == count);
}
