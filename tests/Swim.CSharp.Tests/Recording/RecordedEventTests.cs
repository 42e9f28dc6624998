using System.Net;
using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>Every kind of entry and of event comes back from a recording as it was.</summary>
public sealed class RecordedEventTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2, generation: ulong.MaxValue);
    private static readonly NodeIdentity Other = new(
        new IPEndPoint(IPAddress.Parse("2001:db8::3"), 65535),
        generation: 0
    );

    private static readonly ReadOnlyMemory<byte>[] Items = [new byte[] { 1, 2, 3 }, new byte[] { 4 }];

    private static readonly State<NodeIdentity> Before = State.create(Nodes.At(1), 42);

    private static readonly Event<NodeIdentity>[] All =
    [
        .. Enum.GetValues<MessageKind>().Select(kind => Received(kind, [], [])),
        Received(MessageKind.Gossip, [Nodes.Suspect(Other, 65535), Nodes.Down(Peer)], Items),
        Received(MessageKind.Feed, [], Items),
        Received(MessageKind.Broadcast, [], Items),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewProbeRandomMember(ulong.MaxValue)),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewSendIndirectProbe(Other, 128)),
        Event<NodeIdentity>.NewTimerFired(
            Core.Timer<NodeIdentity>.NewChangeSuspectToDown(Peer, 65535, 3, 127)
        ),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewPeriodicAnnounce(1)),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewPeriodicAnnounceDown(2)),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewPeriodicGossip(3)),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewRemoveDown(Other, 65535)),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.ResetRenewals),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.ResetReminders),
        Event<NodeIdentity>.NewTimerFired(Core.Timer<NodeIdentity>.NewRemoveTombstone(1UL << 63)),
        Event<NodeIdentity>.NewAnnounceTo(NodeIdentity.Unknown(Peer.EndPoint)),
        Event<NodeIdentity>.GossipNow,
        Event<NodeIdentity>.BroadcastNow,
        Event<NodeIdentity>.LeaveCluster,
        Event<NodeIdentity>.NewChangeIdentity(Other),
        Event<NodeIdentity>.ReuseDownIdentity,
        Event<NodeIdentity>.NewApplyMany(ArraySegment<MemberRecord<NodeIdentity>>.Empty, true),
        Event<NodeIdentity>.NewApplyMany(
            new[] { Core.MemberRecord.alive(Peer, 7), Core.MemberRecord.down(Other, 0) },
            false
        ),
        Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), Items[0]),
        Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), default),
        Event<NodeIdentity>.BroadcastsHandled,
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void An_event_comes_back_as_it_was(int index)
    {
        var entry = RoundTrip(All[index], keepsPayloads: true);
        Same.Events(All[index], entry.Event);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Without_payloads_zeros_stand_for_them(int index)
    {
        var entry = RoundTrip(All[index], keepsPayloads: false);
        Same.Events(All[index], entry.Event, withPayloads: false);
    }

    [Fact]
    public void There_is_a_case_for_every_event_and_every_timer()
    {
        Assert.Equal(11, All.Select(happened => happened.Tag).Distinct().Count());
        var timers = All.Where(happened => happened.IsTimerFired).Select(happened => happened.timer!.Tag);
        Assert.Equal(10, timers.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Answers_come_back_in_their_order(int count)
    {
        var random = new Random(count);
        bool[] answers = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0)];
        var bytes = Tape.Write(tape =>
            tape.Stepped(0, 0, Before, All[0], answers, Before, Effects<NodeIdentity>.Empty)
        );

        var entry = Assert.IsType<StepTaken<NodeIdentity>>(Assert.Single(Tape.ReadWhole(bytes)));
        Assert.Equal(answers, entry.Answers);
    }

    [Fact]
    public void The_lives_of_members_come_back_with_their_times()
    {
        var config = SwimConfig.Wan(1000);
        var other = SwimConfig.Simple();

        var bytes = Tape.Write(
            tape =>
            {
                tape.MemberStarted(0, 5, Nodes.At(1), ulong.MaxValue, config);
                tape.MemberStarted(int.MaxValue, 1_000_000, Other, 0, other);
                tape.ConfigChanged(0, 1_000_000, other);
                tape.MemberStopped(int.MaxValue, 1_000_007);
                tape.MemberStopped(0, long.MaxValue);
            },
            new RecordingOptions { StartedAt = 1_764_000_000_000_000, ProductVersion = "1.2.3-größer" }
        );

        Assert.Equal(
            [
                new MemberStarted<NodeIdentity>(1, 0, 5, Nodes.At(1), ulong.MaxValue, config),
                new MemberStarted<NodeIdentity>(2, int.MaxValue, 1_000_000, Other, 0, other),
                new ConfigChanged<NodeIdentity>(3, 0, 1_000_000, other),
                new MemberStopped<NodeIdentity>(4, int.MaxValue, 1_000_007),
                new MemberStopped<NodeIdentity>(5, 0, long.MaxValue),
            ],
            Tape.ReadWhole(bytes)
        );

        using var reader = new RecordingReader<NodeIdentity>(
            new MemoryStream(bytes),
            NodeIdentityCodec.Instance,
            "tape"
        );

        Assert.Equal(
            new RecordingHeader(1_764_000_000_000_000, nameof(NodeIdentity), "1.2.3-größer"),
            reader.Header
        );
    }

    /// <summary>What is not in a recording is told by its own version, such as 0.1.0.</summary>
    [Fact]
    public void The_version_is_that_of_the_library() =>
        Assert.Matches(@"^\d+\.\d+\.\d+[^+]*$", new RecordingOptions().ProductVersion);

    private static StepTaken<NodeIdentity> RoundTrip(Event<NodeIdentity> happened, bool keepsPayloads)
    {
        var bytes = Tape.Write(
            tape => tape.Stepped(3, 9, Before, happened, [true], Before, Effects<NodeIdentity>.Empty),
            new RecordingOptions { KeepsPayloads = keepsPayloads }
        );

        var entry = Assert.IsType<StepTaken<NodeIdentity>>(Assert.Single(Tape.ReadWhole(bytes)));
        Assert.Equal((1, 3, 9, 0), (entry.Number, entry.Member, entry.Microseconds, entry.EffectCount));
        Assert.Equal([true], entry.Answers);
        return entry;
    }

    private static Event<NodeIdentity> Received(
        MessageKind kind,
        MemberRecord<NodeIdentity>[] updates,
        ReadOnlyMemory<byte>[] items
    )
    {
        var shape = new PacketHeader<NodeIdentity>(default, 0, default, kind, default, 0, 0);
        var header = new PacketHeader<NodeIdentity>(
            Peer,
            65535,
            Nodes.At(1),
            kind,
            shape.NamesMember ? Other : default,
            shape.HasProbeNumber ? uint.MaxValue : 0,
            0
        );

        return Event<NodeIdentity>.NewPacketReceived(new Packet<NodeIdentity>(header, updates, items));
    }
}
