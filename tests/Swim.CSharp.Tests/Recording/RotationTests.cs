using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>A recording with a bound continues in another file, and each of its files replays by itself.</summary>
public sealed class RotationTests
{
    // The longest payload of the dice has 70,000 bytes.
    private const int MaxFileBytes = 96 << 10;

    private static readonly SwimConfig Config = SwimConfig.Simple();
    private static readonly Rules<NodeIdentity> Rules = Core.Rules.create(
        Config,
        IdentityOperations<NodeIdentity>.Instance,
        new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
    );

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Each_file_replays_by_itself_and_all_together_have_every_step(
        int randomSeed,
        bool keepsPayloads
    )
    {
        var lives = new List<LivedStep>();
        var files = new Files();
        var options = new RecordingOptions { KeepsPayloads = keepsPayloads, StartedAt = 77 };

        using (var tape = files.Open(MaxFileBytes, options))
        {
            RandomLives.Live(new Random(randomSeed), tape, lives.Add);
        }

        Assert.True(files.All.Count > 3, $"{files.All.Count} files");
        Assert.All(files.All, file => Assert.InRange(file.ToArray().Length, 1, MaxFileBytes));
        var replayed = files.All.SelectMany(Replayed).ToList();
        Assert.Equal(lives.Count, replayed.Count);

        foreach (var (life, step) in lives.Zip(replayed))
        {
            Assert.Null(step.Difference);
            Assert.Equal(life.Member, step.Entry.Member);
            Same.Events(life.Event, step.Entry.Event, keepsPayloads);
            Same.States(life.After, step.After);
        }
    }

    /// <summary>One timeline: a file has the beginning of the first, and its times continue from there.</summary>
    [Fact]
    public void Times_continue_from_file_to_file()
    {
        var files = new Files();

        using (var tape = files.Open(MaxFileBytes, new RecordingOptions { StartedAt = 77 }))
        {
            RandomLives.Live(new Random(1), tape, _ => { });
        }

        var last = 0L;

        foreach (var file in files.All)
        {
            using var reader = new RecordingReader<NodeIdentity>(
                new MemoryStream(file.ToArray()),
                NodeIdentityCodec.Instance,
                "tape"
            );
            Assert.Equal(77, reader.Header?.StartedAt);
            var entries = reader.ReadAll().ToList();
            Assert.Equal(last == 0, entries[0] is MemberStarted<NodeIdentity>);
            Assert.Equal(last, entries[0].Microseconds);
            last = entries[^1].Microseconds;
        }
    }

    /// <summary>What was recorded before stays as it is, and nothing follows.</summary>
    [Fact]
    public void A_state_that_does_not_fit_ends_the_recording()
    {
        var files = new Files();
        using var tape = files.Open(MaxFileBytes, new RecordingOptions());
        var state = State.create(Nodes.At(1), 1);
        tape.MemberStarted(0, 0, Nodes.At(1), 1, Config);
        var steps = 0;

        void Join(int from)
        {
            var records = Enumerable
                .Range(from, 500)
                .Select(number => Core.MemberRecord.alive(Nodes.At(number), 0));
            var happened = Event<NodeIdentity>.NewApplyMany(records.ToArray(), false);
            var (after, effects) = Protocol.step(Rules, state, happened);
            tape.Stepped(0, 0, state, happened, [], after, effects);
            state = after;
            steps++;
        }

        void JoinForever()
        {
            for (var from = 2; ; from += 500)
            {
                Join(from);
            }
        }

        var refused = Assert.Throws<RecordingFullException>((Action)JoinForever);

        Assert.Matches(
            "^The state of the members takes \\d+ bytes, .* a file has room for 49152 .* 98304 in all\\.$",
            refused.Message
        );
        Assert.Throws<RecordingException>(() => tape.MemberStopped(0, 0));
        Assert.Single(files.All);
        Assert.Equal(steps, Replayed(files.All[0]).Count);
    }

    [Fact]
    public void An_entry_that_does_not_fit_ends_the_recording()
    {
        var files = new Files();
        using var tape = files.Open(MaxFileBytes, new RecordingOptions { KeepsPayloads = true });
        var state = State.create(Nodes.At(1), 1);
        tape.MemberStarted(0, 0, Nodes.At(1), 1, Config);
        var happened = Event<NodeIdentity>.NewBroadcastAccepted(
            new CoreTopicKey(1, 1),
            new byte[MaxFileBytes]
        );

        Assert.Throws<RecordingFullException>(() =>
            tape.Stepped(0, 0, state, happened, [], state, Effects<NodeIdentity>.Empty)
        );
        Assert.Single(files.All);
    }

    [Fact]
    public void A_bound_costs_no_memory_in_a_step()
    {
        var files = new Files();
        using var tape = files.Open(1 << 20, new RecordingOptions());
        var state = State.create(Nodes.At(1), 1);
        tape.MemberStarted(0, 0, Nodes.At(1), 1, Config);
        files.All[0].Capacity = 1 << 20;
        var allocated = 0L;

        for (var round = 0; round < 2; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();

            for (var step = 0; step < 1_000; step++)
            {
                tape.Stepped(
                    0,
                    0,
                    state,
                    Event<NodeIdentity>.GossipNow,
                    [],
                    state,
                    Effects<NodeIdentity>.Empty
                );
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Assert.Equal(0, allocated);
    }

    private static List<ReplayedStep<NodeIdentity>> Replayed(MemoryStream file)
    {
        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );

        return [.. Tape.ReadWhole(file.ToArray()).Select(replay.Apply).OfType<ReplayedStep<NodeIdentity>>()];
    }

    /// <summary>All files of a recording, which no disk throws away.</summary>
    private sealed class Files
    {
        public List<MemoryStream> All { get; } = [];

        public RecordingWriter<NodeIdentity> Open(long maxFileBytes, RecordingOptions options) =>
            new(Next(), NodeIdentityCodec.Instance, options, new RecordingRotation(maxFileBytes, Next));

        private MemoryStream Next()
        {
            All.Add(new MemoryStream());
            return All[^1];
        }
    }
}
