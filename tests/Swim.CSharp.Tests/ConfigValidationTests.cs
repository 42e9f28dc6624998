namespace Swim.CSharp.Tests;

/// <summary>The bounds of every field, and messages that name both (R10.1).</summary>
public sealed class ConfigValidationTests
{
    private const string Duration = "must be more than zero and at most 49 days";
    private const string Byte = "must be from 1 to 255";
    private const string Size = "must be from 128 to 65507";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly SwimConfig Good = SwimConfig.Lan(10);

    public static TheoryData<string, string, SwimConfig> Bad =>
        new()
        {
            { "ProbePeriod", Duration, Good with { ProbePeriod = TimeSpan.Zero, ProbeRtt = -Tick } },
            { "ProbePeriod", Duration, Good with { ProbePeriod = Longest + Tick } },
            { "ProbeRtt", Duration, Good with { ProbeRtt = TimeSpan.Zero } },
            { "ProbeRtt", Duration, Good with { ProbeRtt = -Tick } },
            { "ProbeRtt", "must be less than ProbePeriod", Good with { ProbeRtt = Good.ProbePeriod } },
            { "IndirectProbes", Byte, Good with { IndirectProbes = 0 } },
            { "IndirectProbes", Byte, Good with { IndirectProbes = 256 } },
            { "IndirectProbes", Byte, Good with { IndirectProbes = -1 } },
            { "MaxTransmissions", Byte, Good with { MaxTransmissions = 0 } },
            { "MaxTransmissions", Byte, Good with { MaxTransmissions = 256 } },
            { "SuspectToDownAfter", Duration, Good with { SuspectToDownAfter = TimeSpan.Zero } },
            { "SuspectToDownAfter", Duration, Good with { SuspectToDownAfter = Longest + Tick } },
            { "RemoveDownAfter", Duration, Good with { RemoveDownAfter = -Tick } },
            { "RemoveDownAfter", Duration, Good with { RemoveDownAfter = TimeSpan.MaxValue } },
            { "MaxPacketSize", Size, Good with { MaxPacketSize = 127 } },
            { "MaxPacketSize", Size, Good with { MaxPacketSize = 65_508 } },
            {
                "PeriodicAnnounce.Frequency",
                Duration,
                Good with
                {
                    PeriodicAnnounce = new(TimeSpan.Zero, 1),
                }
            },
            { "PeriodicAnnounce.Members", Byte, Good with { PeriodicAnnounce = new(Tick, 0) } },
            {
                "PeriodicAnnounceToDown.Frequency",
                Duration,
                Good with
                {
                    PeriodicAnnounceToDown = new(-Tick, 1),
                }
            },
            { "PeriodicAnnounceToDown.Members", Byte, Good with { PeriodicAnnounceToDown = new(Tick, 256) } },
            { "PeriodicGossip.Frequency", Duration, Good with { PeriodicGossip = new(Longest + Tick, 1) } },
            { "PeriodicGossip.Members", Byte, Good with { PeriodicGossip = new(Tick, -1) } },
        };

    public static TheoryData<SwimConfig> AtTheBound =>
        [
            Good with
            {
                ProbePeriod = Longest,
                ProbeRtt = Longest - Tick,
            },
            Good with
            {
                ProbePeriod = 2 * Tick,
                ProbeRtt = Tick,
            },
            Good with
            {
                IndirectProbes = 1,
            },
            Good with
            {
                IndirectProbes = 255,
            },
            Good with
            {
                MaxTransmissions = 1,
            },
            Good with
            {
                MaxTransmissions = 255,
            },
            Good with
            {
                SuspectToDownAfter = Tick,
            },
            Good with
            {
                SuspectToDownAfter = Longest,
            },
            Good with
            {
                RemoveDownAfter = Tick,
            },
            Good with
            {
                RemoveDownAfter = Longest,
            },
            Good with
            {
                MaxPacketSize = 128,
            },
            Good with
            {
                MaxPacketSize = 65_507,
            },
            Good with
            {
                PeriodicAnnounce = new(Tick, 1),
            },
            Good with
            {
                PeriodicAnnounceToDown = new(Longest, 255),
            },
            Good with
            {
                PeriodicGossip = null,
            },
        ];

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void A_field_out_of_bounds_is_named_with_its_bound(string field, string bound, SwimConfig config)
    {
        var exception = Assert.Throws<ArgumentException>(config.Validate);
        Assert.Contains($"{field} {bound}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(field, exception.ParamName);
    }

    [Theory]
    [MemberData(nameof(AtTheBound), DisableDiscoveryEnumeration = true)]
    public void The_bounds_themselves_are_allowed(SwimConfig config) => config.Validate();

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var config = Good with { IndirectProbes = 0, MaxPacketSize = 0, RemoveDownAfter = TimeSpan.Zero };
        var message = Assert.Throws<ArgumentException>(config.Validate).Message;
        Assert.Contains($"IndirectProbes {Byte}", message, StringComparison.Ordinal);
        Assert.Contains($"MaxPacketSize {Size}", message, StringComparison.Ordinal);
        Assert.Contains($"RemoveDownAfter {Duration}", message, StringComparison.Ordinal);
    }
}
