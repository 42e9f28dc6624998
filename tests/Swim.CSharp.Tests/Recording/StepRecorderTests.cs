using System.Diagnostics.CodeAnalysis;
using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>What an instance tells of itself, when, and what happens if it cannot be kept.</summary>
public sealed class StepRecorderTests
{
    private static readonly NodeIdentity Peer = Nodes.At(2);

    private readonly MemoryStream _sink = new();
    private readonly List<Exception> _failures = [];
    private readonly ScriptedHandler _handler = new();
    private readonly Driver _driver;
    private readonly StepRecorder<NodeIdentity> _recorder;

    public StepRecorderTests()
    {
        var writer = new RecordingWriter<NodeIdentity>(_sink, NodeIdentityCodec.Instance, new());
        _driver = new Driver(_handler);
        _recorder = new StepRecorder<NodeIdentity>(writer, 0, () => 0, _failures.Add);
        _recorder.Start(_driver.Instance.Identity, 1, SwimConfig.Simple());
        _driver.Instance.Observe(_recorder);
    }

    /// <summary>A process may be killed as soon as it has sent a packet.</summary>
    [Fact]
    public void A_step_is_recorded_before_its_effects_are_carried_out()
    {
        var seen = new List<int>();
        var runtime = new WatchingRuntime(() => seen.Add(Entries().Count));
        _driver.Instance.Announce(Peer, runtime);
        Assert.Equal([2], seen);
        Assert.True(Assert.IsType<StepTaken<NodeIdentity>>(Entries()[1]).Event.IsAnnounceTo);
    }

    [Fact]
    public void Every_operation_is_told()
    {
        var instance = _driver.Instance;
        var runtime = _driver.Runtime;
        instance.ApplyMany([Nodes.Alive(Peer)], disseminate: true, runtime);
        instance.Announce(Peer, runtime);
        instance.Gossip(runtime);
        instance.AddBroadcast([1, 1]);
        instance.Broadcast(runtime);
        instance.HandleTimer(_driver.Timer("ProbeRandomMember").Timer, runtime);
        _driver.Receive(
            MessageKind.Ping,
            Peer,
            probeNumber: 1,
            broadcasts:
            [
                [2, 1],
                [2, 1],
            ]
        );
        instance.SetConfig(SwimConfig.Simple() with { MaxTransmissions = 3 });
        instance.ChangeIdentity(Nodes.At(1, generation: 2), runtime);
        instance.LeaveCluster(runtime);
        instance.ReuseDownIdentity(runtime);
        _recorder.Stop();
        instance.Gossip(runtime);

        Assert.Equal(
            [
                "MemberStarted",
                "ApplyMany",
                "AnnounceTo",
                "GossipNow",
                "BroadcastAccepted",
                "BroadcastNow",
                "TimerFired",
                "PacketReceived",
                "BroadcastAccepted",
                "BroadcastsHandled",
                "ConfigChanged",
                "ChangeIdentity",
                "LeaveCluster",
                "ReuseDownIdentity",
                "MemberStopped",
            ],
            Entries().Select(NameOf)
        );
        Assert.Empty(_failures);
    }

    /// <summary>Junk, and operations that are refused before they get to the core, were never told to it.</summary>
    [Fact]
    public void What_is_no_step_is_not_told()
    {
        _driver.Instance.HandleData([1, 2, 3], _driver.Runtime);
        Assert.Throws<SwimException>(() => _driver.Instance.AddBroadcast([]));
        Assert.ThrowsAny<ArgumentException>(() => _driver.Instance.Announce(default, _driver.Runtime));
        Assert.Throws<SwimException>(() =>
            _driver.Instance.SetConfig(SwimConfig.Simple() with { ProbePeriod = TimeSpan.FromDays(1) })
        );
        Assert.Equal(["MemberStarted"], Entries().Select(NameOf));
    }

    [Fact]
    public void A_disk_that_fails_ends_the_recording_and_nothing_else()
    {
        _driver.Instance.ApplyMany([Nodes.Alive(Peer)], disseminate: true, _driver.Runtime);
        var good = Entries().Count;
        _sink.Close();

        Assert.Equal(SwimError.None, _driver.Receive(MessageKind.Ping, Peer, probeNumber: 1));
        Assert.Equal(MessageKind.Ack, Assert.Single(_driver.Packets()).Kind);
        _driver.Instance.Gossip(_driver.Runtime);
        _driver.Instance.SetConfig(SwimConfig.Simple());
        _recorder.Stop();
        Assert.IsType<ObjectDisposedException>(Assert.Single(_failures));
        Assert.Equal(good, Entries().Count);
    }

    /// <summary>Answers of a step that came to nothing must not be taken for those of the next.</summary>
    [Fact]
    public void A_step_that_throws_leaves_no_answers_behind()
    {
        _driver.Instance.ApplyMany([Nodes.Alive(Peer)], disseminate: true, _driver.Runtime);
        _driver.Instance.AddBroadcast([1, 1]);
        var rules = _recorder.Observe(
            Rules.create(
                SwimConfig.Simple(),
                IdentityOperations<NodeIdentity>.Instance,
                new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
            )
        );

        // As far as such a step gets.
        _recorder.Stepping();
        Assert.True(rules.AcceptsBroadcasts.Invoke(Peer));

        _driver.Instance.Gossip(_driver.Runtime);
        var gossip = Assert.IsType<StepTaken<NodeIdentity>>(Entries()[^1]);
        Assert.Equal([true], gossip.Answers);
    }

    /// <summary>An identity that throws when the packet is to be answered undoes a step that was recorded.</summary>
    [Fact]
    public void Steps_that_are_undone_end_the_recording()
    {
        var sink = new MemoryStream();
        var failures = new List<Exception>();
        var codec = FragileIdentity.Codec.Instance;
        using var writer = new RecordingWriter<FragileIdentity>(sink, codec, new());
        var recorder = new StepRecorder<FragileIdentity>(writer, 0, () => 0, failures.Add);
        var instance = SwimInstance<FragileIdentity>.WithCustomBroadcast(
            new FragileIdentity(1),
            SwimConfig.Simple(),
            codec,
            1,
            new FragileIdentity.Handler()
        );
        recorder.Start(instance.Identity, 1, SwimConfig.Simple());
        instance.Observe(recorder);
        var runtime = new AccumulatingRuntime<FragileIdentity>();
        var header = new PacketHeader<FragileIdentity>(new(2), 0, new(1), MessageKind.PingReq, new(3), 1, 0);
        var known = new MemberRecord<FragileIdentity>(new(3), 0, MemberStatus.Alive, null);
        var packet = Wire.Encode(
            codec,
            new WirePacket<FragileIdentity>(
                header,
                [known],
                [
                    [7],
                ]
            )
        );

        Assert.Throws<NotSupportedException>(() => instance.HandleData(packet, runtime));
        FragileIdentity.IsBroken = false;
        Assert.Equal(0, instance.MemberCount);
        Assert.IsType<RecordingException>(Assert.Single(failures));
        instance.Gossip(runtime);
        Assert.Equal(2, Tape.Read(codec, sink.ToArray()).Entries.Count);
    }

    private List<RecordingEntry<NodeIdentity>> Entries() => Tape.ReadWhole(_sink.ToArray());

    private static string NameOf(RecordingEntry<NodeIdentity> entry) =>
        entry is StepTaken<NodeIdentity> step
            ? EventKinds.Of(step.Event).ToString()
            : entry.GetType().Name.Split('`')[0];

    private sealed class WatchingRuntime(Action sent) : ISwimRuntime<NodeIdentity>
    {
        public void Notify(in SwimEvent<NodeIdentity> occurred) { }

        public void SendTo(NodeIdentity destination, ReadOnlySpan<byte> data) => sent();

        public void Schedule(SwimTimer<NodeIdentity> timer, TimeSpan after) { }
    }
}
