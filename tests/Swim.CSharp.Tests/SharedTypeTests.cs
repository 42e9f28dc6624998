namespace Swim.CSharp.Tests;

/// <summary>
/// The types that F# declares for both layers behave as a C# user expects of values: equality by every field,
/// operators, a copy with changes, and a text for logs.
/// </summary>
public sealed class SharedTypeTests
{
    private static readonly MemberRecord<NodeIdentity> Suspect = Nodes.Suspect(Nodes.At(2), 3);
    private static readonly MemberRecord<NodeIdentity> Down = Nodes.Down(Nodes.At(2));

    [Fact]
    public void A_record_is_equal_to_one_with_the_same_fields_only()
    {
        AssertEquality(Suspect, Nodes.Suspect(Nodes.At(2), 3), (left, right) => left == right);
        Assert.True(Suspect != Nodes.Suspect(Nodes.At(2, generation: 2), 3));
        Assert.True(Suspect != Nodes.Suspect(Nodes.At(2), 4));
        Assert.True(Suspect != Nodes.Alive(Nodes.At(2), 3));
    }

    [Fact]
    public void A_header_is_equal_to_one_with_the_same_fields_only()
    {
        AssertEquality(Header(), Header(), (left, right) => left == right);
        Assert.True(Header() != Header(probeNumber: 8));
        Assert.True(Header() != Header(kind: MessageKind.IndirectPing));
    }

    [Fact]
    public void An_event_is_equal_to_one_with_the_same_fields_only()
    {
        AssertEquality(WentDown(), WentDown(), (left, right) => left == right);
        Assert.True(WentDown() != WentDown(ChangeCause.Gossip));
    }

    [Fact]
    public void A_configuration_is_equal_to_one_with_the_same_fields_only()
    {
        AssertEquality(SwimConfig.Lan(10), SwimConfig.Lan(10), (left, right) => left == right);
        Assert.True(SwimConfig.Lan(10) != SwimConfig.Lan(11));
        AssertEquality(
            new PeriodicSetting(TimeSpan.FromSeconds(1), 2),
            new PeriodicSetting(TimeSpan.FromSeconds(1), 2),
            (left, right) => left == right
        );
        Assert.True(new PeriodicSetting(TimeSpan.Zero, 2) != new PeriodicSetting(TimeSpan.Zero, 3));
    }

    [Fact]
    public void A_copy_of_a_configuration_with_changes_leaves_the_original_as_it_was()
    {
        var original = SwimConfig.Lan(10);
        var copy = original with { IndirectProbes = 7, PeriodicGossip = null };
        Assert.Equal(3, original.IndirectProbes);
        Assert.NotNull(original.PeriodicGossip);
        Assert.Equal(original, copy with { IndirectProbes = 3, PeriodicGossip = original.PeriodicGossip });
    }

    [Fact]
    public void An_event_tells_its_subject_whether_it_is_known_before_or_after()
    {
        var forgotten = Occurred.Of(SwimEventKind.MemberForgotten, Down, null, ChangeCause.Timer);
        Assert.Equal(Down.Identity, forgotten.Identity);
        Assert.True(forgotten.IsAboutMember);
        var renewed = Nodes.Alive(Nodes.At(2, generation: 2));
        var up = Occurred.Of(SwimEventKind.MemberUp, Down, renewed, ChangeCause.IdentityChange);
        Assert.Equal(renewed.Identity, up.Identity);
        var idle = Occurred.Of(SwimEventKind.Idle, Suspect, Suspect, ChangeCause.Gossip);
        Assert.False(idle.IsAboutMember);
    }

    [Fact]
    public void Each_type_has_a_text_for_logs()
    {
        Assert.Equal("10.0.0.2:7946#1 Suspect at 3", Suspect.ToString());
        Assert.Equal("MemberDown 10.0.0.2:7946#1", WentDown().ToString());
        Assert.Equal(
            "PingReq from 10.0.0.1:7946#1 to 10.0.0.2:7946#1 about 10.0.0.3:7946#1 number 7",
            Header().ToString()
        );
        Assert.Equal(
            "Announce from 10.0.0.1:7946#1 to 10.0.0.2:7946#1",
            Header(MessageKind.Announce).ToString()
        );
        Assert.Equal(
            "ProbePeriod 00:00:01, ProbeRtt 00:00:00.5000000, IndirectProbes 3, MaxTransmissions 4, "
                + "SuspectToDownAfter 00:00:04, RemoveDownAfter 1.00:00:00, MaxPacketSize 1400, "
                + "NotifyDownMembers True, DownIsFinal True, TransmissionMultiplier 0, SuspicionMultiplier 0, "
                + "SuspicionConfirmations 0, MaxSuspicionFactor 1, MaxLocalHealth 0, AccountableAccusers False, "
                + "NotifySuspects True, AskDownEarly False, PeriodicAnnounce 1 every 00:00:30, "
                + "PeriodicAnnounceToDown 2 every 00:01:05, PeriodicGossip off",
            (SwimConfig.Lan(10) with { PeriodicGossip = null }).ToString()
        );
    }

    [Fact]
    public void The_default_of_each_type_has_a_text_too()
    {
        Assert.NotEmpty(default(MemberRecord<NamedIdentity>).ToString());
        Assert.NotEmpty(default(PacketHeader<NamedIdentity>).ToString());
        Assert.NotEmpty(default(SwimEvent<NamedIdentity>).ToString());
        Assert.NotEmpty(default(SwimConfig).ToString());
    }

    private static void AssertEquality<T>(T left, T right, Func<T, T, bool> areEqual)
        where T : IEquatable<T>
    {
        Assert.True(left.Equals(right));
        Assert.True(left.Equals((object)right));
        Assert.False(left.Equals(new object()));
        Assert.True(areEqual(left, right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    private static PacketHeader<NodeIdentity> Header(
        MessageKind kind = MessageKind.PingReq,
        uint probeNumber = 7
    ) => new(Nodes.At(1), 0, Nodes.At(2), kind, Nodes.At(3), probeNumber, 0);

    private static SwimEvent<NodeIdentity> WentDown(ChangeCause cause = ChangeCause.Timer) =>
        Occurred.Of(SwimEventKind.MemberDown, Suspect, Down, cause);
}
