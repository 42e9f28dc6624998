using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// Lives of members made by dice: whatever happens to them replays exactly. The seed is in the name of the test.
/// </summary>
public sealed class RandomRecordingTests
{
    private const int Members = 3;
    private const int Steps = 4_000;

    private static readonly PacketCodec<NodeIdentity> Sizes = new(NodeIdentityCodec.Instance);

    public static TheoryData<int, bool> Seeds =>
        [.. Enumerable.Range(1, 8).Select(seed => (seed, seed % 2 == 0))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happened_happens_again(int seed, bool keepsPayloads)
    {
        var random = new Random(seed);
        var lives =
            new List<(
                int Member,
                Event<NodeIdentity> Event,
                State<NodeIdentity> After,
                Effects<NodeIdentity> Effects
            )>();

        var bytes = Tape.Write(
            tape => Live(random, tape, lives.Add),
            new RecordingOptions { KeepsPayloads = keepsPayloads }
        );

        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );

        var replayed = Tape.ReadWhole(bytes)
            .Select(replay.Apply)
            .OfType<ReplayedStep<NodeIdentity>>()
            .ToList();
        Assert.Equal(lives.Count, replayed.Count);

        foreach (var (life, step) in lives.Zip(replayed))
        {
            Assert.Null(step.Difference);
            Assert.Equal(life.Member, step.Entry.Member);
            Same.Events(life.Event, step.Entry.Event, keepsPayloads);
            Same.Effects(life.Effects, step.Effects, keepsPayloads);
            Same.States(life.After, step.After);
        }

        // Else the dice did not fall as they should.
        Assert.Equal(11, lives.Select(life => life.Event.Tag).Distinct().Count());
        Assert.Contains(replayed, step => step.Entry.Answers.Contains(false));
        Assert.Contains(replayed, step => step.Entry.Answers.Count > 3);
        Assert.Contains(lives, life => life.After.Broadcasts.Count > 3);
        Assert.Contains(replayed, step => IsPartOf(step));
    }

    // A key that takes some of what waits, but not all.
    private static bool IsPartOf(ReplayedStep<NodeIdentity> step) =>
        step.Entry.Event is Event<NodeIdentity>.BroadcastAccepted { key: RecordedKey key }
        && key.Answers.Contains(true)
        && key.Answers.Contains(false);

    private static void Live(
        Random random,
        RecordingWriter<NodeIdentity> tape,
        Action<(int, Event<NodeIdentity>, State<NodeIdentity>, Effects<NodeIdentity>)> keep
    )
    {
        var answers = new BroadcastAnswers<NodeIdentity>();
        var rules = new Rules<NodeIdentity>[Members];
        var states = new State<NodeIdentity>[Members];
        var events = new AnyEvents[Members];
        var now = 0L;

        void Start(int member)
        {
            var identity = Nodes.At(member + 1, (ulong)random.Next(1, 5));
            var seed = (ulong)random.NextInt64();
            var config = AnyConfig(random).ToCore();
            rules[member] = answers.ListenTo(
                new Rules<NodeIdentity>(
                    config,
                    IdentityOperations<NodeIdentity>.Instance,
                    Sizes,
                    // Not even a function of the member: a replay must not need it to be.
                    FuncConvert.FromFunc<NodeIdentity, bool>(_ => random.Next(3) != 0)
                )
            );
            states[member] = State.create(identity, seed);
            events[member] = new AnyEvents(random);
            tape.MemberStarted(member, now, identity, seed, config);
        }

        for (var member = 0; member < Members; member++)
        {
            Start(member);
        }

        for (var step = 0; step < Steps; step++)
        {
            now += random.Next(3) == 0 ? 0 : random.Next(100_000);
            var member = random.Next(Members);

            switch (random.Next(1_000))
            {
                case 0:
                    tape.MemberStopped(member, now);
                    Start(member);
                    break;
                case < 10:
                    rules[member] = Reconfigured(random, rules[member]);
                    tape.ConfigChanged(member, now, rules[member].Config);
                    break;
            }

            var happened = events[member].Next(states[member]);
            answers.Clear();
            var (after, effects) = Protocol.step(rules[member], states[member], happened);
            tape.Stepped(member, now, states[member], happened, answers, after, effects);
            events[member].Keep(effects);
            states[member] = after;
            keep((member, happened, after, effects));
        }
    }

    private static SwimConfig AnyConfig(Random random) =>
        SwimConfig.Lan(8) with
        {
            MaxPacketSize = random.Next(2) == 0 ? 160 : 1400,
            MaxTransmissions = random.Next(1, 12),
            NotifyDownMembers = random.Next(3) != 0,
            PeriodicAnnounce = random.Next(3) == 0 ? null : new(TimeSpan.FromSeconds(2), 2),
            RemoveDownAfter = TimeSpan.FromTicks(random.NextInt64(1, TimeSpan.FromDays(49).Ticks)),
        };

    private static Rules<NodeIdentity> Reconfigured(Random random, Rules<NodeIdentity> rules)
    {
        var changed = Rules.withConfig(AnyConfig(random).ToCore(), rules);
        return changed.IsOk ? changed.ResultValue : rules;
    }
}
