using Swim.Core;
using Swim.Recording;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// Lives of members made by dice: whatever happens to them replays exactly. The random seed is in the name of the test.
/// </summary>
public sealed class RandomRecordingTests
{
    public static TheoryData<int, bool> RandomSeeds =>
        [.. Enumerable.Range(1, 8).Select(randomSeed => (randomSeed, randomSeed % 2 == 0))];

    [Theory]
    [MemberData(nameof(RandomSeeds))]
    public void A_replay_repeats_every_recorded_step(int randomSeed, bool keepsPayloads)
    {
        var random = new Random(randomSeed);
        var lives = new List<LivedStep>();

        var bytes = Tape.Write(
            tape => RandomLives.Live(random, tape, lives.Add),
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
        step.Entry.Event is { IsBroadcastAccepted: true, key: RecordedKey key }
        && key.Answers.Contains(true)
        && key.Answers.Contains(false);
}
