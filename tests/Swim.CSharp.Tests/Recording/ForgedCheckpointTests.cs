using Swim.Core;
using Swim.Recording;
using Swim.Recording.Format;

namespace Swim.CSharp.Tests.Recording;

/// <summary>
/// Checkpoints that no writer wrote, with checksums that are right: a replay refuses them, or continues from them, and
/// says so if it cannot.
/// </summary>
public sealed class ForgedCheckpointTests
{
    private static readonly byte[] Payload = SmallRecording.PayloadOf(SmallRecording.Entries.Count);

    [Fact]
    public void A_replay_continues_from_a_checkpoint_as_it_was_written()
    {
        Assert.Equal((byte)EntryKind.Checkpoint, Payload[0]);
        Assert.Equal(Outcome.GoesOn, OutcomeOf(Payload, randomSeed: 1));
    }

    [Fact]
    public void A_checkpoint_with_any_byte_changed_is_refused_or_continued_from()
    {
        var outcomes = new List<Outcome>();

        for (var at = 1; at < Payload.Length; at++)
        {
            foreach (byte flipped in new byte[] { 0x01, 0x02, 0x04, 0x7F, 0xFF })
            {
                var payload = Payload.ToArray();
                payload[at] ^= flipped;
                outcomes.Add(OutcomeOf(payload, randomSeed: at));
            }
        }

        // Unreadable, of a table, a pile or an order that there cannot be, and as good as any other.
        Assert.All(Enum.GetValues<Outcome>(), outcome => Assert.Contains(outcome, outcomes));
    }

    private enum Outcome
    {
        Unreadable,
        Refused,
        GoesOn,
    }

    private static Outcome OutcomeOf(byte[] payload, int randomSeed)
    {
        var recording = SmallRecording.Bytes.AsSpan(0, SmallRecording.Boundaries[1]);
        var (entries, damage) = Tape.Read([.. recording, .. SmallRecording.Seal(payload)]);

        if (damage is not null)
        {
            Assert.Empty(entries);
            return Outcome.Unreadable;
        }

        var replay = new RecordingReplay<NodeIdentity>(
            IdentityOperations<NodeIdentity>.Instance,
            NodeIdentityCodec.Instance
        );

        try
        {
            replay.Apply(entries[0]);
        }
        catch (RecordingException refused)
        {
            Assert.Contains(
                "No member can have the state in the checkpoint",
                refused.Message,
                StringComparison.Ordinal
            );
            return Outcome.Refused;
        }

        GoOn(replay, entries[0].Member, new AnyEvents(new Random(randomSeed)));
        return Outcome.GoesOn;
    }

    /// <summary>Whatever comes then: it is taken, or it is said that it cannot be.</summary>
    private static void GoOn(RecordingReplay<NodeIdentity> replay, int member, AnyEvents events)
    {
        try
        {
            for (var number = 2; number < 40; number++)
            {
                var happened = events.Next(replay.StateOf(member));
                var step = new StepTaken<NodeIdentity>(number, member, 0, happened, [], 0, 0);
                events.Keep(replay.Apply(step)!.Effects);
            }
        }
        catch (RecordingException stopped)
        {
            Assert.Contains(
                $"Member {member} cannot take the step",
                stopped.Message,
                StringComparison.Ordinal
            );
        }
    }
}
