using Microsoft.FSharp.Core;
using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Support;

/// <summary>A step that a member took.</summary>
internal sealed record LivedStep(
    int Member,
    Event<NodeIdentity> Event,
    State<NodeIdentity> After,
    Effects<NodeIdentity> Effects
);

/// <summary>Members to which anything happens, as the dice fall.</summary>
internal static class RandomLives
{
    private const int Members = 3;
    private const int Steps = 4_000;

    private static readonly PacketCodec<NodeIdentity> Sizes = new(NodeIdentityCodec.Instance);

    /// <summary>Lets members live, and records it.</summary>
    /// <param name="random">The dice.</param>
    /// <param name="tape">Where to record.</param>
    /// <param name="keep">Is given each step.</param>
    /// <param name="before">Is told before each step, with the time, how the member is then.</param>
    public static void Live(
        Random random,
        RecordingWriter<NodeIdentity> tape,
        Action<LivedStep> keep,
        Action<int, long, SwimConfig, State<NodeIdentity>>? before = null
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
            var randomSeed = (ulong)random.NextInt64();
            var config = AnyConfig(random);
            rules[member] = answers.ListenTo(
                new Rules<NodeIdentity>(
                    config,
                    IdentityOperations<NodeIdentity>.Instance,
                    Sizes,
                    // Not even a function of the member: a replay must not need it to be.
                    FuncConvert.FromFunc<NodeIdentity, bool>(_ => random.Next(3) != 0)
                )
            );
            states[member] = State.create(identity, randomSeed);
            events[member] = new AnyEvents(random);
            tape.MemberStarted(member, now, identity, randomSeed, config);
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

            before?.Invoke(member, now, rules[member].Config, states[member]);
            var happened = events[member].Next(states[member]);
            answers.Clear();
            var (after, effects) = Protocol.step(rules[member], states[member], happened);
            tape.Stepped(member, now, states[member], happened, answers, after, effects);
            events[member].Keep(effects);
            states[member] = after;
            keep(new LivedStep(member, happened, after, effects));
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
        var changed = Rules.withConfig(AnyConfig(random), rules);
        return changed.IsOk ? changed.ResultValue : rules;
    }
}
