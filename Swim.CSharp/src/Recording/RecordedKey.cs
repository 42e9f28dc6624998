using Swim.Core;

namespace Swim;

/// <summary>
/// A key of which only the answers were recorded. The core asks a new key about each item that waits, once, from
/// the last slot to the first (<c>UpdateQueue.enqueueBroadcast</c>), so the answers are told apart by their order.
/// </summary>
/// <param name="answers">The answers in that order.</param>
internal sealed class RecordedKey(IReadOnlyList<bool> answers) : BroadcastKey
{
    private int _asked;

    /// <summary>The answers, in the order in which the core asks for them.</summary>
    public IReadOnlyList<bool> Answers => answers;

    /// <summary>
    /// The next answer. After the last they come again from the first, so that one event can be stepped twice;
    /// a key that was given no answers invalidates nothing.
    /// </summary>
    public override bool Invalidates(BroadcastKey other)
    {
        if (answers.Count == 0)
        {
            return false;
        }

        var answer = answers[_asked];
        _asked = (_asked + 1) % answers.Count;
        return answer;
    }
}
