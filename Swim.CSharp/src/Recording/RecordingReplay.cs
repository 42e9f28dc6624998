using Microsoft.FSharp.Core;
using Swim.Core;
using Swim.Recording.Format;

namespace Swim.Recording;

/// <summary>A step that was taken again.</summary>
/// <param name="Entry">The entry that was recorded.</param>
/// <param name="Rules">The rules of the step; their filter answers only for this step.</param>
/// <param name="Before">The state before the step.</param>
/// <param name="After">The state after the step.</param>
/// <param name="Effects">The effects of the step.</param>
/// <param name="Answers">What <c>Rules.AcceptsBroadcasts</c> answered, in order.</param>
/// <param name="Difference">
/// How the step differs from what was recorded, in one line; null if it does not.
/// </param>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed record ReplayedStep<TIdentity>(
    StepTaken<TIdentity> Entry,
    Rules<TIdentity> Rules,
    State<TIdentity> Before,
    State<TIdentity> After,
    Effects<TIdentity> Effects,
    IReadOnlyList<bool> Answers,
    string? Difference
);

/// <summary>Takes the steps of a recording again, and compares the outcome with what was recorded.</summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="identities">The identity operations of the members.</param>
/// <param name="codec">The codec of identities.</param>
internal sealed class RecordingReplay<TIdentity>(
    IIdentityOperations<TIdentity> identities,
    ICodec<TIdentity> codec
)
{
    private readonly PacketCodec<TIdentity> _sizes = new(codec);
    private readonly StepDigest<TIdentity> _digest = new(codec);
    private readonly RunningMembers<TIdentity> _members = new();

    /// <summary>The numbers of the members that have started and not stopped.</summary>
    public IReadOnlyCollection<int> Members => _members.Numbers;

    /// <summary>
    /// The rules of a member after the last entry about it, with a filter that accepts every member.
    /// </summary>
    public Rules<TIdentity> RulesOf(int member) => RulesOf(_members.Find(member).Config, _ => true);

    /// <summary>The state of a member after the last entry about it.</summary>
    public State<TIdentity> StateOf(int member) => _members.Find(member).State;

    /// <summary>Replays one entry.</summary>
    /// <param name="entry">The next entry of the recording.</param>
    /// <returns>The step, if the entry is one.</returns>
    /// <exception cref="RecordingException">
    /// The entry is about a member that has not started, or is a checkpoint that no state can have.
    /// </exception>
    public ReplayedStep<TIdentity>? Apply(RecordingEntry<TIdentity> entry)
    {
        switch (entry)
        {
            case MemberStarted<TIdentity> started:
                _members.Start(
                    started.Member,
                    started.Config,
                    State.create(started.Identity, started.RandomSeed)
                );
                return null;
            case MemberCheckpoint<TIdentity> checkpoint:
                _members.Start(checkpoint.Member, checkpoint.Config, Restore(checkpoint));
                return null;
            case ConfigChanged<TIdentity> changed:
                _members.Configure(changed.Member, changed.Config);
                return null;
            case MemberStopped<TIdentity> stopped:
                _members.Stop(stopped.Member);
                return null;
            case StepTaken<TIdentity> taken:
                return Step(taken);
            default:
                throw new RecordingException($"An entry of this kind cannot be replayed: {entry}.");
        }
    }

    private ReplayedStep<TIdentity> Step(StepTaken<TIdentity> taken)
    {
        var (config, before) = _members.Find(taken.Member);
        var asked = 0;

        bool Answer(TIdentity _) => AnswerTo(asked++, taken);

        var rules = RulesOf(config, Answer);
        var (after, effects) = TakeStep(rules, before, taken);
        var difference = Compare(taken, after, effects, asked);
        _members.Become(taken.Member, after);
        var answers = asked == taken.Answers.Count ? taken.Answers : AnswersTo(asked, taken);
        return new ReplayedStep<TIdentity>(taken, rules, before, after, effects, answers, difference);
    }

    // More questions than were recorded are a difference; the answer to them is no.
    private static bool AnswerTo(int question, StepTaken<TIdentity> taken) =>
        question < taken.Answers.Count && taken.Answers[question];

    private static bool[] AnswersTo(int questions, StepTaken<TIdentity> taken) =>
        [.. Enumerable.Range(0, questions).Select(question => AnswerTo(question, taken))];

    private Rules<TIdentity> RulesOf(SwimConfig config, Func<TIdentity, bool> acceptsBroadcasts) =>
        new(config, identities, _sizes, FuncConvert.FromFunc(acceptsBroadcasts));

    private static (State<TIdentity> After, Effects<TIdentity> Effects) TakeStep(
        Rules<TIdentity> rules,
        State<TIdentity> before,
        StepTaken<TIdentity> taken
    )
    {
        try
        {
            var (after, effects) = Protocol.step(rules, before, taken.Event);
            return (after, effects);
        }
#pragma warning disable CA1031 // A step throws only from the state of a forged checkpoint.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new RecordingException(
                $"Member {taken.Member} cannot take the step: {exception.GetType().Name}."
            );
        }
    }

    private State<TIdentity> Restore(MemberCheckpoint<TIdentity> checkpoint)
    {
        var state = Checkpoint.restore(identities, checkpoint.Image);

        return state.IsSome
            ? state.Value
            : throw new RecordingException(
                $"No member can have the state in the checkpoint of member {checkpoint.Member}."
            );
    }

    private string? Compare(
        StepTaken<TIdentity> taken,
        State<TIdentity> after,
        Effects<TIdentity> effects,
        int asked
    )
    {
        string difference;

        if (asked != taken.Answers.Count)
        {
            difference =
                $"AcceptsBroadcasts was asked {asked} times, but {taken.Answers.Count} when recorded";
        }
        else if (effects.Count != taken.EffectCount)
        {
            difference = $"{effects.Count} effects, but {taken.EffectCount} when recorded";
        }
        else if (_digest.Compute(after, effects) != taken.Digest)
        {
            difference = "effects or state are not those that were recorded";
        }
        else
        {
            return null;
        }

        return $"entry {taken.Number}, member {taken.Member}, {EventKinds.Of(taken.Event)}: {difference}";
    }
}
