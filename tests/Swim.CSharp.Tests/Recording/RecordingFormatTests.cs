using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>The example of <c>spec/recording-format.md</c>, both ways: it holds the library to the format.</summary>
public sealed class RecordingFormatTests
{
    private static readonly NodeIdentity Self = Nodes.At(1, generation: 1_764_000_000_000_001);
    private static readonly NodeIdentity Peer = Nodes.At(2, generation: 1_764_000_000_000_002);
    private static readonly RecordingOptions About = new()
    {
        StartedAt = 1_764_000_000_000_000,
        ProductVersion = "0.1.0",
    };

    private static readonly byte[] Example = ExampleIn(RepositoryFiles.Read("spec", "recording-format.md"));

    [Fact]
    public void The_example_is_what_is_written()
    {
        var config = SwimConfig.Simple();
        var answers = new BroadcastAnswers<NodeIdentity>();
        var rules = answers.ListenTo(
            Rules.create(
                config,
                IdentityOperations<NodeIdentity>.Instance,
                new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
            )
        );

        var ping = new Packet<NodeIdentity>(
            new PacketHeader<NodeIdentity>(Peer, 3, Self, MessageKind.Ping, default, 7, 0),
            ArraySegment<MemberRecord<NodeIdentity>>.Empty,
            ArraySegment<ReadOnlyMemory<byte>>.Empty
        );

        var written = Tape.Write(
            tape =>
            {
                var now = 5L;
                var state = State.create(Self, 42);
                tape.MemberStarted(0, now, Self, 42, config);

                void Step(Event<NodeIdentity> happened)
                {
                    answers.Clear();
                    var (after, effects) = Protocol.step(rules, state, happened);
                    tape.Stepped(0, now += 1_000, state, happened, answers, after, effects);
                    state = after;
                }

                Step(Event<NodeIdentity>.NewPacketReceived(ping));
                Step(Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), new byte[] { 9, 9 }));
                Step(
                    Event<NodeIdentity>.NewTimerFired(
                        Core.Timer<NodeIdentity>.NewProbeRandomMember(state.Token)
                    )
                );
                Step(Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 2), new byte[] { 9 }));
                tape.Checkpoint(0, now, config, state);
                tape.MemberStopped(0, 1_000_005);
            },
            About
        );

        Assert.Equal(Convert.ToHexStringLower(Example), Convert.ToHexStringLower(written));
    }

    [Fact]
    public void The_example_replays()
    {
        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );

        var steps = Tape.ReadWhole(Example)
            .Select(replay.Apply)
            .OfType<ReplayedStep<NodeIdentity>>()
            .ToList();
        Assert.Equal(4, steps.Count);
        Assert.All(steps, step => Assert.Null(step.Difference));
    }

    // In the one block of the text that begins with the magic; what follows a semicolon is a comment.
    private static byte[] ExampleIn(string prose)
    {
        var block = prose
            .Split("```text\n")
            .Single(part => part.StartsWith("5357494d", StringComparison.Ordinal));
        var lines = block.Split("```")[0].Split('\n');
        return Convert.FromHexString(
            string.Concat(lines.Select(line => line.Split(';')[0].Replace(" ", "")))
        );
    }
}
