using System.Text.RegularExpressions;

namespace Swim.Repository.Tests.Support;

/// <summary>
/// A function or another member of a source in C# or F#, found by its indentation, which formatters decide: its first
/// line, and all below it that are indented deeper or close a bracket.
/// </summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Head">The text of its first line.</param>
/// <param name="Length">The number of its lines.</param>
internal sealed partial record SourceFunction(int Line, string Head, int Length)
{
    /// <summary>The functions of a source, without those inside of another.</summary>
    public static IEnumerable<SourceFunction> In(string source)
    {
        var lines = source.Split('\n');

        for (var at = 0; at < lines.Length; at++)
        {
            if (!IsHead(lines[at]))
            {
                continue;
            }

            var end = EndOf(lines, at);

            foreach (var function in Parts(lines, at, end))
            {
                yield return function;
            }

            at = end;
        }
    }

    // The items of a list of tests, or of another list, are functions of their own, and not the list.
    private static IEnumerable<SourceFunction> Parts(string[] lines, int start, int end)
    {
        var list = Array.FindIndex(lines, start, end - start + 1, line => ListStart().IsMatch(line));

        if (list < 0 || !Value().IsMatch(lines[start]))
        {
            return [new SourceFunction(start + 1, lines[start].Trim(), end - start + 1)];
        }

        var parts = new List<SourceFunction>();

        for (var at = list + 1; at < end; at++)
        {
            if (IsHead(lines[at]))
            {
                var endOfItem = Math.Min(EndOf(lines, at), end);
                parts.AddRange(Parts(lines, at, endOfItem));
                at = endOfItem;
            }
        }

        return parts;
    }

    private static int EndOf(string[] lines, int start)
    {
        var indent = IndentOf(lines[start]);
        var end = start;

        for (var at = start + 1; at < lines.Length; at++)
        {
            if (lines[at].Trim().Length == 0)
            {
                continue;
            }

            if (
                IndentOf(lines[at]) < indent
                || (IndentOf(lines[at]) == indent && !Continuation().IsMatch(lines[at]))
            )
            {
                break;
            }

            end = at;

            // In C# the body is over; a member without a blank line before it may follow.
            if (IndentOf(lines[at]) == indent && lines[at].Trim() == "}")
            {
                break;
            }
        }

        return end;
    }

    private static bool IsHead(string line) =>
        line.Trim().Length > 0
        && !Continuation().IsMatch(line)
        && !Remark().IsMatch(line)
        && !FSharpType().IsMatch(line)
        && !CSharpType().IsMatch(line.Split('(')[0]);

    private static int IndentOf(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*[{}()\[\]|]")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^\s*(//|#|open |using |\(\*)")]
    private static partial Regex Remark();

    [GeneratedRegex(@"^\s*((type|module|namespace|interface)\b|and (private |internal |\[<.*>\] )*[A-Z]\w*)")]
    private static partial Regex FSharpType();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|namespace)\b")]
    private static partial Regex CSharpType();

    // No parameters, so it is no function.
    [GeneratedRegex(@"^\s*let (private |internal |rec )*\w+( *:[^=]*)? =|\btestList\b|\btestSequenced\b")]
    private static partial Regex Value();

    [GeneratedRegex(@"^\s*\[\|?$")]
    private static partial Regex ListStart();
}
