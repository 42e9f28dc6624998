namespace Swim.Host.Tests.Node;

/// <summary>Changing the parameters of a running node (R10.2).</summary>
public sealed class ConfigTests
{
    private static readonly SwimConfig Current = SwimConfig.Simple();

    public static TheoryData<string, SwimConfig> NeedANewNode =>
        new()
        {
            { "ProbePeriod", Current with { ProbePeriod = Current.ProbePeriod * 2 } },
            { "ProbeRtt", Current with { ProbeRtt = Current.ProbeRtt / 2 } },
            { "PeriodicGossip", Current with { PeriodicGossip = new(TimeSpan.FromSeconds(1), 1) } },
            { "PeriodicAnnounce", Current with { PeriodicAnnounce = new(TimeSpan.FromSeconds(1), 1) } },
            {
                "PeriodicAnnounceToDown",
                Current with
                {
                    PeriodicAnnounceToDown = new(TimeSpan.FromSeconds(1), 1),
                }
            },
        };

    public static TheoryData<string, SwimConfig> OutOfBounds =>
        new()
        {
            { "IndirectProbes", Current with { IndirectProbes = 0 } },
            { "MaxTransmissions", Current with { MaxTransmissions = 256 } },
            { "SuspectToDownAfter", Current with { SuspectToDownAfter = TimeSpan.Zero } },
            { "MaxPacketSize", Current with { MaxPacketSize = 127 } },
            // The receive buffers were made when the node started.
            { "MaxPacketSize", Current with { MaxPacketSize = Current.MaxPacketSize + 1 } },
        };

    [Theory]
    [MemberData(nameof(NeedANewNode), DisableDiscoveryEnumeration = true)]
    public async Task What_needs_a_new_node_is_refused(string field, SwimConfig config)
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.Options with { Config = Current });

        var refused = await Assert.ThrowsAsync<SwimException>(() =>
            node.SetConfigAsync(config, Deadline.Token)
        );

        Assert.Equal(SwimError.InvalidConfig, refused.Error);
        Assert.Contains(
            field.StartsWith("Periodic", StringComparison.Ordinal) ? "periodic" : field,
            refused.Message
        );
    }

    [Theory]
    [MemberData(nameof(OutOfBounds), DisableDiscoveryEnumeration = true)]
    public async Task What_is_out_of_bounds_is_refused_by_name(string field, SwimConfig config)
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start(TestCluster.Options with { Config = Current });

        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            node.SetConfigAsync(config, Deadline.Token)
        );

        Assert.Contains(field, refused.Message);
    }

    [Fact]
    public async Task The_default_value_is_no_configuration()
    {
        await using var cluster = new TestCluster();
        var node = cluster.Start();
        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            node.SetConfigAsync(default, Deadline.Token)
        );
        Assert.Contains("ProbePeriod must be more than zero", refused.Message);
    }

    /// <summary>What was as long as the packets of others may be is too long from then on.</summary>
    [Fact]
    public async Task A_smaller_packet_size_is_heeded_from_then_on()
    {
        await using var cluster = new TestCluster();
        using var peer = new RawPeer();
        var node = cluster.Start(TestCluster.Options with { Config = Current });
        var junk = new byte[200];

        peer.Send(junk, node);
        await peer.AnnounceAsync(node);
        await node.SetConfigAsync(Current with { MaxPacketSize = 199 }, Deadline.Token);
        peer.Send(junk, node);
        await peer.AnnounceAsync(node);

        Assert.Equal(1, node.Statistics.PacketsRefused[SwimError.Decode]);
        Assert.Equal(1, node.Statistics.PacketsRefused[SwimError.DataTooBig]);
    }
}
