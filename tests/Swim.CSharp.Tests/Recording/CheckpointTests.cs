using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// A member that is made again from a checkpoint goes the way of the one that it was taken of, whatever happens:
/// every choice, every packet, every step. The random seed is in the name of the test.
/// </summary>
public sealed class CheckpointTests
{
    public static TheoryData<int, int> RandomSeedsAndIntervals =>
        [.. Enumerable.Range(1, 12).Select(randomSeed => (randomSeed, randomSeed % 3 == 0 ? 10 : 1_500))];

    [Theory]
    [MemberData(nameof(RandomSeedsAndIntervals))]
    public void A_member_continues_from_a_checkpoint_as_if_it_had_never_been_taken(
        int randomSeed,
        int interval
    )
    {
        var random = new Random(randomSeed);
        var lives = new List<LivedStep>();
        var steps = 0;
        var rich = 0;

        var bytes = Tape.Write(tape =>
            RandomLives.Live(
                random,
                tape,
                lives.Add,
                (member, now, config, state) =>
                {
                    if (steps++ % interval != interval - 1)
                    {
                        return;
                    }

                    tape.Checkpoint(member, now, config, state);
                    rich += IsRich(state) ? 1 : 0;
                }
            )
        );

        var replayed = Replayed(bytes);
        Assert.Equal(lives.Count, replayed.Count);

        foreach (var (life, step) in lives.Zip(replayed))
        {
            Assert.Null(step.Difference);
            Same.Effects(life.Effects, step.Effects, withPayloads: false);
            Same.States(life.After, step.After);
        }

        Assert.True(rich > 0 || interval > 10, "no checkpoint had much in it");
    }

    /// <summary>Nothing of a state is lost: what is made again looks the same in a checkpoint of its own.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_checkpoint_of_what_was_made_again_is_the_same(int randomSeed, bool keepsPayloads)
    {
        var options = new RecordingOptions { KeepsPayloads = keepsPayloads };
        var compared = 0;

        byte[] Checkpoint(int member, SwimConfig config, State<NodeIdentity> state) =>
            Tape.Write(tape => tape.Checkpoint(member, 7, config, state), options);

        Tape.Write(tape =>
            RandomLives.Live(
                new Random(randomSeed),
                tape,
                _ => { },
                (member, _, config, state) =>
                {
                    var bytes = Checkpoint(member, config, state);
                    var replay = new RecordingReplay<NodeIdentity>(
                        IdentityOperations<NodeIdentity>.Instance,
                        NodeIdentityCodec.Instance
                    );
                    Assert.Null(replay.Apply(Assert.Single(Tape.ReadWhole(bytes))));
                    Same.States(state, replay.StateOf(member));
                    Assert.Equal(
                        bytes,
                        Checkpoint(member, replay.RulesOf(member).Config, replay.StateOf(member))
                    );
                    compared++;
                }
            )
        );

        Assert.Equal(4_000, compared);
    }

    /// <summary>
    /// The piles of a backlog are made anew, in another order, once most of what they hold waits no more: so that is
    /// in a checkpoint, too.
    /// </summary>
    [Fact]
    public void What_waits_no_more_is_kept_as_it_decides_the_order_of_what_does()
    {
        const int Others = 40;
        var config = SwimConfig.Simple() with { MaxPacketSize = 160 };
        var rules = Rules.create(
            config,
            IdentityOperations<NodeIdentity>.Instance,
            new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
        );
        var state = State.create(Nodes.At(1), 1);

        Event<NodeIdentity> About(IEnumerable<int> numbers, ushort incarnation) =>
            Event<NodeIdentity>.NewApplyMany(
                numbers.Select(number => Core.MemberRecord.alive(Nodes.At(number), incarnation)).ToArray(),
                true
            );

        var bytes = Tape.Write(tape =>
        {
            void Step(Event<NodeIdentity> happened)
            {
                var (after, effects) = Protocol.step(rules, state, happened);
                tape.Stepped(0, 0, state, happened, [], after, effects);
                state = after;
            }

            tape.MemberStarted(0, 0, Nodes.At(1), 1, config);
            Step(About(Enumerable.Range(2, Others), 0));
            Step(About(Enumerable.Range(2, Others).Reverse(), 1));
            Step(About(Enumerable.Range(2 + 8, Others - 8).Reverse(), 2));

            // One more that waits no more, and the piles are made anew: the last is then the first to be sent.
            tape.Checkpoint(0, 0, config, state);
            Step(About([9], 2));
            Step(Event<NodeIdentity>.GossipNow);
        });

        var gossip = Replayed(bytes)[^1];
        Assert.Null(gossip.Difference);
        var sent = Assert.IsType<Effect<NodeIdentity>.Send>(gossip.Effects[0]);
        Assert.Equal(Nodes.At(1 + Others), sent.Item.Updates[0].Identity);
    }

    [Fact]
    public void Payloads_are_in_a_checkpoint_only_if_asked_for()
    {
        var config = SwimConfig.Simple();
        var rules = Rules.create(
            config,
            IdentityOperations<NodeIdentity>.Instance,
            new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
        );
        byte[] secret = [11, 22, 33, 44, 55, 66, 77];
        var (state, _) = Protocol.step(
            rules,
            State.create(Nodes.At(1), 1),
            Event<NodeIdentity>.NewBroadcastAccepted(new CoreTopicKey(1, 1), secret)
        );

        foreach (var keepsPayloads in new[] { false, true })
        {
            var options = new RecordingOptions { KeepsPayloads = keepsPayloads };
            var bytes = Tape.Write(tape => tape.Checkpoint(0, 0, config, state), options);
            Assert.Equal(keepsPayloads, bytes.AsSpan().IndexOf(secret) >= 0);
        }
    }

    /// <summary>Most of what a state can hold is there.</summary>
    private static bool IsRich(State<NodeIdentity> state) =>
        state.Members.Cursor > 0
        && state.Members.ActiveCount < state.Members.Count
        && state.Updates.Count > 2
        && state.Broadcasts.Count > 1
        && state.Probe.Target.IsSome;

    private static List<ReplayedStep<NodeIdentity>> Replayed(byte[] bytes)
    {
        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );

        return [.. Tape.ReadWhole(bytes).Select(replay.Apply).OfType<ReplayedStep<NodeIdentity>>()];
    }
}
