using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// Who begins to observe a member at a checkpoint finds the same invariants to hold, and the same ones broken, as who
/// was there from the beginning. The random seed is in the name of the test.
/// </summary>
public sealed class ResumedHistoryTests
{
    public static TheoryData<int, int> RandomSeedsAndIntervals =>
        [.. Enumerable.Range(1, 8).Select(randomSeed => (randomSeed, randomSeed % 2 == 0 ? 25 : 400))];

    [Theory]
    [MemberData(nameof(RandomSeedsAndIntervals))]
    public void A_later_observer_judges_as_an_earlier_one(int randomSeed, int interval)
    {
        var steps = 0;
        var bytes = Tape.Write(tape =>
            RandomLives.Live(
                new Random(randomSeed),
                tape,
                _ => { },
                (member, now, config, state) =>
                {
                    if (steps++ % interval == interval - 1)
                    {
                        tape.Checkpoint(member, now, config, state);
                    }
                }
            )
        );

        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );
        var earlier = new Dictionary<int, History<NodeIdentity>>();
        var later = new Dictionary<int, History<NodeIdentity>>();
        var resumed = 0;

        foreach (var entry in Tape.ReadWhole(bytes))
        {
            var step = replay.Apply(entry);

            switch (entry)
            {
                case MemberStarted<NodeIdentity>:
                    earlier[entry.Member] = NewHistory();
                    later[entry.Member] = NewHistory();
                    break;
                case MemberCheckpoint<NodeIdentity>:
                    later[entry.Member] = NewHistory();
                    later[entry.Member].Resume(replay.StateOf(entry.Member));
                    resumed++;
                    break;
            }

            if (step is not null)
            {
                Assert.Equal(Broken(step, earlier[entry.Member]), Broken(step, later[entry.Member]));
            }
        }

        Assert.True(resumed >= 4_000 / interval, "it was not resumed");
    }

    private static History<NodeIdentity> NewHistory() => new(IdentityOperations<NodeIdentity>.Instance);

    private static IEnumerable<string> Broken(ReplayedStep<NodeIdentity> step, History<NodeIdentity> history)
    {
        history.Observe(step.Entry.Event, step.Effects);
        return Checks.broken(
            new Observation<NodeIdentity>(
                step.Rules,
                step.Before,
                step.Entry.Event,
                step.After,
                step.Effects,
                history
            )
        );
    }
}
