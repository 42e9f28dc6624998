using System.Net;

namespace Swim.Host.Tests.Starting;

/// <summary>Options are checked once, when the node starts; what is wrong is named, with its bound.</summary>
public sealed class OptionsTests
{
    private static readonly SwimNodeOptions Good = TestCluster.Options;
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1);

    public static TheoryData<string, string, SwimNodeOptions> Bad =>
        new()
        {
            { "BindEndPoint", "must be set", Good with { BindEndPoint = null! } },
            { "AdvertiseEndPoint", "0.0.0.0", Good with { BindEndPoint = new(IPAddress.Any, 7946) } },
            { "AdvertiseEndPoint", "::", Good with { BindEndPoint = new(IPAddress.IPv6Any, 0) } },
            { "AdvertiseEndPoint", "concrete", Good with { AdvertiseEndPoint = new(IPAddress.Any, 7946) } },
            {
                "AdvertiseEndPoint",
                "concrete",
                Good with
                {
                    AdvertiseEndPoint = new(IPAddress.IPv6Any, 7946),
                }
            },
            { "Seeds", "null", Good with { Seeds = null! } },
            { "Seeds", "null", Good with { Seeds = [null!] } },
            { "ProbePeriod", "more than zero", Good with { Config = default } },
            {
                "ProbeRtt",
                "less than ProbePeriod",
                WithConfig(config => config with { ProbeRtt = config.ProbePeriod })
            },
            { "IndirectProbes", "from 1 to 255", WithConfig(config => config with { IndirectProbes = 256 }) },
            { "MaxPacketSize", "from 128", WithConfig(config => config with { MaxPacketSize = 1 }) },
            {
                "PeriodicGossip.Members",
                "from 1",
                WithConfig(config => config with { PeriodicGossip = new(TimeSpan.FromSeconds(1), 0) })
            },
            { "JoinRetryMin", "more than zero", Good with { JoinRetryMin = TimeSpan.Zero } },
            { "JoinRetryMin", "JoinRetryMax", Good with { JoinRetryMin = Good.JoinRetryMax * 2 } },
            { "JoinRetryMax", "one day", Good with { JoinRetryMax = TooLong } },
            { "LeaveTimeout", "more than zero", Good with { LeaveTimeout = TimeSpan.FromTicks(-1) } },
            { "LeaveTimeout", "one day", Good with { LeaveTimeout = TooLong } },
            { "ReceiveQueueCapacity", "from 1 to 1048576", Good with { ReceiveQueueCapacity = 0 } },
            {
                "ReceiveQueueCapacity",
                "from 1 to 1048576",
                Good with
                {
                    ReceiveQueueCapacity = (1 << 20) + 1,
                }
            },
            { "EventQueueCapacity", "from 1 to 1048576", Good with { EventQueueCapacity = -1 } },
            { "RecordingPath", "path of a file", Good with { RecordingPath = "" } },
            { "RecordingPath", "path of a file", Good with { RecordingPath = "  " } },
            { "RecordingMaxBytes", "at least 65536", Good with { RecordingMaxBytes = 65_535 } },
            { "RecordingMaxBytes", "at least 65536", Good with { RecordingMaxBytes = -1 } },
            { "TimeProvider", "must be set", Good with { TimeProvider = null! } },
            { "LoggerFactory", "must be set", Good with { LoggerFactory = null! } },
        };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_is_out_of_bounds_is_refused_by_name(string field, string bound, SwimNodeOptions options)
    {
        var refused = Assert.ThrowsAny<ArgumentException>(() => SwimNode.Start(options));
        Assert.Contains(field, refused.Message);
        Assert.Contains(bound, refused.Message);
    }

    [Fact]
    public void Nothing_are_no_options()
    {
        Assert.Throws<ArgumentNullException>(() => SwimNode.Start(null!));
        Assert.Throws<ArgumentNullException>(() => SwimNode.Start<EntryKey>(Good, handler: null!));
    }

    [Fact]
    public async Task The_bounds_themselves_are_good()
    {
        await using var cluster = new TestCluster();

        cluster.Start(
            Good with
            {
                JoinRetryMin = TimeSpan.FromTicks(1),
                JoinRetryMax = TimeSpan.FromDays(1),
                LeaveTimeout = TimeSpan.FromDays(1),
                ReceiveQueueCapacity = 1,
                EventQueueCapacity = 1,
                RecordingMaxBytes = 65_536,
                RandomSeed = 0,
            }
        );

        cluster.Start(
            Good with
            {
                ReceiveQueueCapacity = 1 << 20,
                EventQueueCapacity = 1 << 20,
                RecordingMaxBytes = long.MaxValue,
            }
        );
    }

    private static SwimNodeOptions WithConfig(Func<SwimConfig, SwimConfig> change) =>
        Good with
        {
            Config = change(Good.Config),
        };
}
