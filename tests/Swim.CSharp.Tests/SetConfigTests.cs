namespace Swim.CSharp.Tests;

/// <summary>foca's <c>set_config</c> (R10.2).</summary>
public sealed class SetConfigTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, SwimConfig> Refused =>
        new()
        {
            { "ProbePeriod", SwimConfig.Simple() with { ProbePeriod = 2 * Second } },
            { "ProbeRtt", SwimConfig.Simple() with { ProbeRtt = 0.4 * Second } },
            { "PeriodicAnnounce", SwimConfig.Simple() with { PeriodicAnnounce = new(Second, 1) } },
            {
                "PeriodicAnnounceToDown",
                SwimConfig.Simple() with
                {
                    PeriodicAnnounceToDown = new(Second, 1),
                }
            },
            { "PeriodicGossip", SwimConfig.Simple() with { PeriodicGossip = new(Second, 1) } },
        };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_needs_a_new_instance_is_refused_whatever_else_changes(string field, SwimConfig config)
    {
        var before = SwimConfig.Simple();
        var driver = new Driver(before).Knowing(Nodes.Crowd(first: 2, count: 9));

        var exception = Assert.Throws<SwimException>(() =>
            driver.Instance.SetConfig(config with { IndirectProbes = 5, MaxPacketSize = 200 })
        );

        Assert.Equal(SwimError.InvalidConfig, exception.Error);
        Assert.Contains(
            field.StartsWith("Periodic", StringComparison.Ordinal) ? "periodic" : field,
            exception.Message,
            StringComparison.Ordinal
        );

        Assert.Equal(before, driver.Instance.Config);
        driver.Instance.Gossip(driver.Runtime);
        Assert.Equal(3, driver.Packets().Count);
        Assert.Equal(1356, driver.Instance.MaxBroadcastSize);
    }

    [Fact]
    public void What_is_out_of_bounds_is_misuse_and_changes_nothing()
    {
        var before = SwimConfig.Simple();
        var instance = new Driver(before).Instance;

        var exception = Assert.Throws<ArgumentException>(() =>
            instance.SetConfig(before with { MaxTransmissions = 256 })
        );

        Assert.Contains(
            "MaxTransmissions must be from 1 to 255",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => instance.SetConfig(default));
        Assert.Equal(before, instance.Config);
    }

    [Fact]
    public void Fan_out_and_transmissions_hold_from_now_on()
    {
        var driver = new Driver().Knowing(Nodes.Crowd(first: 2, count: 9));
        var config = SwimConfig.Simple() with { IndirectProbes = 2, MaxTransmissions = 1 };
        driver.Instance.SetConfig(config);
        Assert.Equal(config, driver.Instance.Config);

        driver.Instance.ApplyMany([Nodes.Alive(Nodes.At(50))], disseminate: true, driver.Runtime);
        driver.Instance.Gossip(driver.Runtime);
        Assert.Equal(2, driver.Packets().Count);
        Assert.Equal(0, driver.Instance.UpdatesBacklog);
    }

    [Fact]
    public void Larger_packets_are_sent_and_accepted()
    {
        var driver = new Driver(SwimConfig.Simple() with { MaxPacketSize = 200 });
        driver.Knowing(Nodes.Crowd(first: 2, count: 1000));
        var large = Updates(100);
        Assert.Equal(SwimError.DataTooBig, driver.Receive(large));

        driver.Instance.SetConfig(SwimConfig.Simple() with { MaxPacketSize = 9000 });

        Assert.Equal(SwimError.None, driver.Receive(large));
        driver.Receive(MessageKind.Announce, Nodes.At(2));
        Assert.Equal((9000 - 42) / 18, driver.Packets()[^1].Updates.Count);
    }

    [Fact]
    public void Smaller_packets_are_all_that_is_sent_and_accepted()
    {
        var driver = new Driver().Knowing(Nodes.Crowd(first: 2, count: 1000));
        driver.Instance.SetConfig(SwimConfig.Simple() with { MaxPacketSize = 200 });
        Assert.Equal(SwimError.DataTooBig, driver.Receive(Updates(9)));
        Assert.Equal(SwimError.None, driver.Receive(Updates(8)));
        driver.Receive(MessageKind.Announce, Nodes.At(2));
        Assert.Equal((200 - 42) / 18, driver.Packets()[^1].Updates.Count);
    }

    [Fact]
    public void A_periodic_setting_can_be_changed_and_switched_off()
    {
        var config = SwimConfig.Lan(10);
        var driver = new Driver(config);
        driver.Instance.ApplyMany(Nodes.Crowd(first: 2, count: 9), disseminate: true, driver.Runtime);
        var timers = driver.Timers();
        var gossip = Assert.Single(timers, timer => timer.Is("PeriodicGossip"));
        var announce = Assert.Single(timers, timer => timer.Is("PeriodicAnnounce"));

        driver.Instance.SetConfig(
            config with
            {
                PeriodicGossip = new(5 * Second, 4),
                PeriodicAnnounce = null,
            }
        );

        driver.Forget();
        driver.Instance.HandleTimer(gossip.Timer, driver.Runtime);
        Assert.Equal(4, driver.Packets().Count);
        Assert.Equal(5 * Second, Assert.Single(driver.Timers()).After);

        driver.Instance.HandleTimer(announce.Timer, driver.Runtime);
        Assert.Equal(0, driver.Runtime.Backlog);

        // Off is off: there is no timer left that could switch it on again.
        Assert.Throws<SwimException>(() => driver.Instance.SetConfig(config));
    }

    private static WirePacket<NodeIdentity> Updates(int count) =>
        new(
            new(Nodes.At(2), 0, Driver.Self, MessageKind.Gossip, default, 0, 0),
            Nodes.Crowd(first: 2, count),
            []
        );
}
