using System.Collections;
using Microsoft.FSharp.Core;
using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// Collects what <c>Rules.AcceptsBroadcasts</c> answers: that function is the user's, and a replay has only its
/// answers.
/// </summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
internal sealed class BroadcastAnswers<TIdentity> : IReadOnlyList<bool>
{
    private readonly List<bool> _answers = [];

    /// <summary>The number of answers since <see cref="Clear"/>.</summary>
    public int Count => _answers.Count;

    /// <summary>One of the answers, in the order in which they were given.</summary>
    public bool this[int index] => _answers[index];

    /// <summary>Drops the answers; to be called before each step.</summary>
    public void Clear() => _answers.Clear();

    /// <summary>The same rules, with a filter whose answers are collected here.</summary>
    public Rules<TIdentity> ListenTo(Rules<TIdentity> rules)
    {
        var accepts = rules.AcceptsBroadcasts;

        bool Answer(TIdentity member)
        {
            var answer = accepts.Invoke(member);
            _answers.Add(answer);
            return answer;
        }

        return new Rules<TIdentity>(
            rules.Config,
            rules.Identities,
            rules.Sizes,
            FuncConvert.FromFunc<TIdentity, bool>(Answer)
        );
    }

    public IEnumerator<bool> GetEnumerator() => _answers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
