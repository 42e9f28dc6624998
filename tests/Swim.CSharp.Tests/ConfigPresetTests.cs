namespace Swim.CSharp.Tests;

/// <summary>The presets with their exact figures (R10.3).</summary>
public sealed class ConfigPresetTests
{
    [Fact]
    public void Simple_is_the_paper_and_no_more()
    {
        var expected = new SwimConfig
        {
            ProbePeriod = TimeSpan.FromMilliseconds(1500),
            ProbeRtt = TimeSpan.FromMilliseconds(500),
            IndirectProbes = 3,
            MaxTransmissions = 10,
            SuspectToDownAfter = TimeSpan.FromSeconds(3),
            RemoveDownAfter = TimeSpan.FromHours(24),
            MaxPacketSize = 1400,
            NotifyDownMembers = false,
            DownIsFinal = true,
            MaxSuspicionFactor = 1,
            NotifySuspects = true,
            PeriodicAnnounce = null,
            PeriodicAnnounceToDown = null,
            PeriodicGossip = null,
        };

        Assert.Equal(expected, SwimConfig.Simple());
    }

    // Transmissions are floor(4 log10(n + 1)), at least 1; the time to down is 4 s times log10 n, at least 4 s.
    [Theory]
    [InlineData(1, 1, 4_000)]
    [InlineData(2, 1, 4_000)]
    [InlineData(3, 2, 4_000)]
    [InlineData(8, 3, 4_000)]
    [InlineData(9, 4, 4_000)]
    [InlineData(10, 4, 4_000)]
    [InlineData(11, 4, 4_166)]
    [InlineData(20, 5, 5_204)]
    [InlineData(50, 6, 6_796)]
    [InlineData(99, 8, 7_983)]
    [InlineData(100, 8, 8_000)]
    [InlineData(998, 11, 11_997)]
    [InlineData(999, 12, 11_998)]
    [InlineData(1_000, 12, 12_000)]
    [InlineData(10_000, 16, 16_000)]
    [InlineData(100_000, 20, 20_000)]
    [InlineData(int.MaxValue, 37, 37_328)]
    public void Lan_has_the_parameters_of_the_specification_for_each_cluster_size(
        int clusterSize,
        int transmissions,
        int suspectToDown
    )
    {
        var expected = new SwimConfig
        {
            ProbePeriod = TimeSpan.FromSeconds(1),
            ProbeRtt = TimeSpan.FromMilliseconds(500),
            IndirectProbes = 3,
            MaxTransmissions = transmissions,
            SuspectToDownAfter = TimeSpan.FromMilliseconds(suspectToDown),
            RemoveDownAfter = TimeSpan.FromHours(24),
            MaxPacketSize = 1400,
            NotifyDownMembers = true,
            DownIsFinal = true,
            MaxSuspicionFactor = 1,
            NotifySuspects = true,
            PeriodicAnnounce = new(TimeSpan.FromSeconds(30), 1),
            PeriodicAnnounceToDown = new(TimeSpan.FromSeconds(65), 2),
            PeriodicGossip = new(TimeSpan.FromMilliseconds(200), 3),
        };

        Assert.Equal(expected, SwimConfig.Lan(clusterSize));
    }

    // The time to down is 6 * 5 s times log10 n, at least 30 s.
    [Theory]
    [InlineData(1, 1, 30_000)]
    [InlineData(10, 4, 30_000)]
    [InlineData(11, 4, 31_242)]
    [InlineData(20, 5, 39_031)]
    [InlineData(50, 6, 50_969)]
    [InlineData(100, 8, 60_000)]
    [InlineData(1_000, 12, 90_000)]
    [InlineData(int.MaxValue, 37, 279_958)]
    public void Wan_has_the_parameters_of_the_specification_for_each_cluster_size(
        int clusterSize,
        int transmissions,
        int suspectToDown
    )
    {
        var expected = new SwimConfig
        {
            ProbePeriod = TimeSpan.FromSeconds(5),
            ProbeRtt = TimeSpan.FromSeconds(3),
            IndirectProbes = 3,
            MaxTransmissions = transmissions,
            SuspectToDownAfter = TimeSpan.FromMilliseconds(suspectToDown),
            RemoveDownAfter = TimeSpan.FromHours(24),
            MaxPacketSize = 1400,
            NotifyDownMembers = true,
            DownIsFinal = true,
            MaxSuspicionFactor = 1,
            NotifySuspects = true,
            PeriodicAnnounce = new(TimeSpan.FromSeconds(60), 2),
            PeriodicAnnounceToDown = new(TimeSpan.FromSeconds(125), 3),
            PeriodicGossip = new(TimeSpan.FromMilliseconds(500), 4),
        };

        Assert.Equal(expected, SwimConfig.Wan(clusterSize));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_cluster_has_at_least_one_member(int clusterSize)
    {
        foreach (
            var preset in new Func<int, SwimConfig>[] { SwimConfig.Lan, SwimConfig.Wan, SwimConfig.Local }
        )
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(() => preset(clusterSize));
            Assert.Equal("clusterSize", exception.ParamName);
        }
    }

    [Fact]
    public void Every_preset_is_valid_and_local_is_quick()
    {
        foreach (var clusterSize in new[] { 1, 2, 3, 10, 100, 1_000_000, int.MaxValue })
        {
            SwimConfig.Lan(clusterSize).Validate();
            SwimConfig.Wan(clusterSize).Validate();
            SwimConfig.Local(clusterSize).Validate();
        }

        SwimConfig.Simple().Validate();
        var local = SwimConfig.Local(5);

        // A crash is noticed in about a second: one probe, then the time to down.
        Assert.True(local.ProbePeriod + local.SuspectToDownAfter <= TimeSpan.FromSeconds(1.5));
    }
}
