using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>How entries get out, and what is no entry.</summary>
public sealed class RecordingWriterTests
{
    private static readonly State<NodeIdentity> State = Core.State.create(Nodes.At(1), 1);
    private static readonly SwimConfig Config = SwimConfig.Simple();

    public static TheoryData<string, Event<NodeIdentity>> WithoutEncoding =>
        new()
        {
            { "updates in Announce", Packet(MessageKind.Announce, updates: 1) },
            { "items in Announce", Packet(MessageKind.Announce, items: 1) },
            { "two updates in TurnUndead", Packet(MessageKind.TurnUndead, updates: 2) },
            { "items in TurnUndead", Packet(MessageKind.TurnUndead, items: 1) },
            { "updates in Broadcast", Packet(MessageKind.Broadcast, updates: 1, items: 1) },
            { "an empty item", Packet(MessageKind.Gossip, items: 1, itemSize: 0) },
            { "a huge item", Packet(MessageKind.Gossip, items: 1, itemSize: 65_536) },
            { "too many updates", Packet(MessageKind.Gossip, updates: 65_536) },
        };

    [Fact]
    public void Each_entry_is_handed_out_whole_and_at_once()
    {
        var sink = new CountingSink();
        using var tape = new RecordingWriter<NodeIdentity>(sink, NodeIdentityCodec.Instance, new());
        var written = sink.Writes;

        tape.MemberStarted(0, 0, Nodes.At(1), 1, Config);
        Assert.Equal(++written, sink.Writes);
        Step(tape, Event<NodeIdentity>.GossipNow);
        Assert.Equal(++written, sink.Writes);
        Step(tape, Event<NodeIdentity>.NewApplyMany(Records(20_000), true));
        Assert.Equal(++written, sink.Writes);
        tape.ConfigChanged(0, 0, Config);
        Assert.Equal(++written, sink.Writes);
        tape.MemberStopped(0, 0);
        Assert.Equal(++written, sink.Writes);
        Assert.Equal(5, Tape.ReadWhole(sink.ToArray()).Count);
    }

    [Theory]
    [MemberData(nameof(WithoutEncoding), DisableDiscoveryEnumeration = true)]
    public void What_no_bytes_stand_for_is_refused(string what, Event<NodeIdentity> happened)
    {
        var sink = new CountingSink();
        using var tape = new RecordingWriter<NodeIdentity>(sink, NodeIdentityCodec.Instance, new());
        var written = sink.Writes;
        var refused = Assert.Throws<RecordingException>(() => Step(tape, happened));
        Assert.False(string.IsNullOrEmpty(refused.Message), what);
        Assert.Equal(written, sink.Writes);
    }

    /// <summary>A recording with a gap would replay to something else than what was.</summary>
    [Fact]
    public void Nothing_follows_a_failure()
    {
        var sink = new CountingSink();
        using var tape = new RecordingWriter<NodeIdentity>(sink, NodeIdentityCodec.Instance, new());
        sink.IsFull = true;
        Assert.Throws<IOException>(() => tape.MemberStarted(0, 0, Nodes.At(1), 1, Config));
        sink.IsFull = false;
        Assert.Throws<RecordingException>(() => tape.MemberStarted(0, 0, Nodes.At(1), 1, Config));
        Assert.Empty(Tape.ReadWhole(sink.ToArray()));
    }

    [Fact]
    public void Time_does_not_go_back_and_numbers_are_not_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tape.Write(tape => tape.MemberStopped(-1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tape.Write(tape => tape.MemberStopped(0, -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Tape.Write(tape =>
            {
                tape.MemberStopped(0, 7);
                tape.MemberStarted(0, 6, Nodes.At(1), 1, Config);
            })
        );
    }

    [Fact]
    public void An_entry_has_a_bound()
    {
        var payload = new byte[RecordingFormat.MaxPayloadSize];
        var happened = Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), payload);
        var options = new RecordingOptions { KeepsPayloads = true };
        var refused = Assert.Throws<RecordingException>(() =>
            Tape.Write(tape => Step(tape, happened), options)
        );
        Assert.Contains("at most 67108864 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_costs_no_memory()
    {
        using var tape = new RecordingWriter<NodeIdentity>(Stream.Null, NodeIdentityCodec.Instance, new());
        var answers = new BroadcastAnswers<NodeIdentity>();
        var happened = Packet(MessageKind.Ping, updates: 3, items: 2);
        var rules = Rules.create(
            Config,
            IdentityOperations<NodeIdentity>.Instance,
            new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
        );
        var (after, effects) = Protocol.step(rules, State, happened);
        Assert.True(effects.Count > 3);
        var allocated = 0L;

        for (var round = 0; round < 2; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();

            for (var step = 0; step < 1_000; step++)
            {
                tape.Stepped(0, step + (1_000 * round), State, happened, answers, after, effects);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Assert.Equal(0, allocated);
    }

    private static void Step(RecordingWriter<NodeIdentity> tape, Event<NodeIdentity> happened) =>
        tape.Stepped(0, 0, State, happened, [], State, Effects<NodeIdentity>.Empty);

    private static Event<NodeIdentity> Packet(
        MessageKind kind,
        int updates = 0,
        int items = 0,
        int itemSize = 5
    ) =>
        Event<NodeIdentity>.NewPacketReceived(
            new Packet<NodeIdentity>(
                new PacketHeader<NodeIdentity>(
                    Nodes.At(2),
                    0,
                    Nodes.At(1),
                    kind,
                    default,
                    kind == MessageKind.Ping ? 1u : 0,
                    0
                ),
                Records(updates),
                Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[itemSize], items).ToArray()
            )
        );

    private static MemberRecord<NodeIdentity>[] Records(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(number => new MemberRecord<NodeIdentity>(
                    Nodes.At(3 + (number % 60_000)),
                    0,
                    MemberStatus.Down,
                    null
                )),
        ];

    /// <summary>A disk that counts, and that may be full.</summary>
    private sealed class CountingSink : MemoryStream
    {
        public int Writes { get; private set; }

        public bool IsFull { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsFull)
            {
                throw new IOException("no space left on device");
            }

            Writes++;
            base.Write(buffer);
        }
    }
}
