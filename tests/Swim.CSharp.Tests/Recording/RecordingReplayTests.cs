using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>A replay notices what is not as it was.</summary>
public sealed class RecordingReplayTests
{
    private static readonly NodeIdentity Self = Nodes.At(1);
    private static readonly SwimConfig Config = SwimConfig.Simple();

    private readonly RecordingReplay<NodeIdentity> _replay = new(
        IdentityOperations<NodeIdentity>.Instance,
        NodeIdentityCodec.Instance
    );

    private readonly StepTaken<NodeIdentity> _step;

    public RecordingReplayTests()
    {
        var rules = Rules.create(
            Config,
            IdentityOperations<NodeIdentity>.Instance,
            new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
        );

        var happened = Event<NodeIdentity>.NewAnnounceTo(Nodes.At(2));
        var (after, effects) = Protocol.step(rules, State.create(Self, 7), happened);
        var digest = StepDigest<NodeIdentity>.Of(NodeIdentityCodec.Instance, after, effects);
        _step = new StepTaken<NodeIdentity>(2, 0, 10, happened, [], effects.Count, digest);
        _replay.Apply(new MemberStarted<NodeIdentity>(1, 0, 0, Self, 7, Config));
    }

    [Fact]
    public void The_same_is_no_difference()
    {
        var replayed = _replay.Apply(_step);
        Assert.Null(replayed?.Difference);
        Assert.Same(replayed?.After, _replay.StateOf(0));
        Assert.Equal([0], _replay.Members);
    }

    [Fact]
    public void Every_difference_is_told_with_its_place()
    {
        Assert.Equal(
            "entry 2, member 0, AnnounceTo: effects or state are not those that were recorded",
            DifferenceOf(_step with { Digest = _step.Digest + 1 })
        );
        Assert.Equal(
            "entry 2, member 0, AnnounceTo: 1 effects, but 2 when recorded",
            DifferenceOf(_step with { EffectCount = 2 })
        );
        Assert.Equal(
            "entry 2, member 0, AnnounceTo: AcceptsBroadcasts was asked 0 times, but 1 when recorded",
            DifferenceOf(_step with { Answers = [true] })
        );
        Assert.Equal(
            "entry 2, member 0, GossipNow: 0 effects, but 1 when recorded",
            DifferenceOf(_step with { Event = Event<NodeIdentity>.GossipNow })
        );
    }

    [Fact]
    public void Another_random_seed_or_identity_is_a_difference()
    {
        _replay.Apply(new MemberStarted<NodeIdentity>(1, 0, 0, Self, 8, Config));
        Assert.NotNull(DifferenceOf(_step));
        _replay.Apply(new MemberStarted<NodeIdentity>(1, 0, 0, Nodes.At(1, generation: 2), 7, Config));
        Assert.NotNull(DifferenceOf(_step));
    }

    [Fact]
    public void A_member_that_was_not_there_is_no_difference_but_a_fault()
    {
        Assert.Throws<RecordingException>(() => _replay.Apply(_step with { Member = 1 }));
        _replay.Apply(new MemberStopped<NodeIdentity>(3, 0, 20));
        Assert.Throws<RecordingException>(() => _replay.Apply(_step));
        Assert.Throws<RecordingException>(() =>
            _replay.Apply(new ConfigChanged<NodeIdentity>(4, 0, 20, Config))
        );
        Assert.Empty(_replay.Members);
    }

    /// <summary>A state that is kept can be gone on from again: an event is a value, its key included.</summary>
    [Fact]
    public void A_step_can_be_taken_twice()
    {
        var bytes = Tape.Write(tape =>
        {
            var rules = Rules.create(
                Config,
                IdentityOperations<NodeIdentity>.Instance,
                new PacketCodec<NodeIdentity>(NodeIdentityCodec.Instance)
            );
            var state = State.create(Self, 7);
            tape.MemberStarted(0, 0, Self, 7, Config);

            foreach (var (topic, version) in new[] { (1, 1), (2, 1), (3, 1), (2, 2), (1, 2), (1, 0) })
            {
                var key = new CoreTopicKey(topic, version);
                var happened = Event<NodeIdentity>.NewBroadcastAccepted(key, new byte[topic]);
                var (after, effects) = Protocol.step(rules, state, happened);
                tape.Stepped(0, 0, state, happened, [], after, effects);
                state = after;
            }
        });

        foreach (var step in Tape.ReadWhole(bytes).Select(_replay.Apply).OfType<ReplayedStep<NodeIdentity>>())
        {
            Assert.Null(step.Difference);
            var (again, _) = Protocol.step(step.Rules, step.Before, step.Entry.Event);
            Same.States(step.After, again);
        }

        Assert.Equal(4, _replay.StateOf(0).Broadcasts.Count);
    }

    private string? DifferenceOf(StepTaken<NodeIdentity> step)
    {
        var difference = _replay.Apply(step)?.Difference;
        _replay.Apply(new MemberStarted<NodeIdentity>(1, 0, 0, Self, 7, Config));
        return difference;
    }
}
