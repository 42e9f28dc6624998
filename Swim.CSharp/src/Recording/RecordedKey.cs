using Swim.Core;

namespace Swim.Recording;

/// <summary>
/// A key of which only the answers were recorded. The core asks a new key once about each waiting item, from the last
/// slot to the first (<c>UpdateQueue.enqueueBroadcast</c>), so the order tells which answer is about which item.
/// </summary>
/// <param name="answers">The answers, in that order.</param>
internal sealed class RecordedKey(IReadOnlyList<bool> answers) : BroadcastKey
{
    private int _asked;

    /// <summary>The answers, in the order in which the core asks for them.</summary>
    public IReadOnlyList<bool> Answers => answers;

    /// <summary>
    /// The next answer. After the last answer comes the first again, so that one event can be stepped twice. A key
    /// without answers invalidates nothing.
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
