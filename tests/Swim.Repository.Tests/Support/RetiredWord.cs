using System.Text.RegularExpressions;

namespace Swim.Repository.Tests.Support;

/// <summary>A word that is no longer written, as <c>spec/retired-words.txt</c> lists it.</summary>
internal sealed partial record RetiredWord(string Word, string Instead, string[] Allowed)
{
    public const string List = "spec/retired-words.txt";

    // Whole words. A pattern without a capital letter finds them in any case.
    private readonly Regex _pattern = new(
        $@"(?<!\w)(?:{Word})(?!\w)",
        RegexOptions.CultureInvariant
            | (CapitalLetter().IsMatch(Word) ? RegexOptions.None : RegexOptions.IgnoreCase)
    );

    /// <summary>All words of the list.</summary>
    public static List<RetiredWord> ReadAll() =>
        [
            .. RepositoryFiles
                .Read(List)
                .Split('\n')
                .Where(line => line.Trim().Length > 0 && line[0] != '#')
                .Select(Parse),
        ];

    /// <summary>Reads a line of the list.</summary>
    public static RetiredWord Parse(string line) =>
        Column().Split(line) is [var word, var instead, var allowed]
        && word.Trim().Length > 0
        && instead.Trim().Length > 0
            ? new(
                word.Trim(),
                instead.Trim(),
                allowed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            : throw new FormatException(
                $"The line '{line}' of {List} is not 'word | what to write instead | where it is allowed'."
            );

    /// <summary>Where a text has the word.</summary>
    public IEnumerable<RetiredUse> In(string file, string text) =>
        _pattern
            .Matches(text)
            .Select(match => new RetiredUse(
                this,
                file,
                text.AsSpan(0, match.Index).Count('\n') + 1,
                match.Value
            ));

    /// <summary>Whether a path is one of those that a glob stands for.</summary>
    /// <param name="path">The path, from the root of the repository.</param>
    /// <param name="glob">In it, <c>*</c> is any part of a name, and <c>**</c> are any folders.</param>
    public static bool IsIn(string path, string glob)
    {
        var pattern = Regex.Escape(glob).Replace(@"\*\*", ".*").Replace(@"\*", "[^/]*");
        return Regex.IsMatch(path, $"^{pattern}$");
    }

    [GeneratedRegex(@"(?<!\\)[A-Z]")]
    private static partial Regex CapitalLetter();

    [GeneratedRegex(@"\s\|(?:\s+|$)")]
    private static partial Regex Column();
}

/// <summary>A retired word in a text.</summary>
internal sealed record RetiredUse(RetiredWord Word, string File, int Line, string Text)
{
    public bool IsAllowed => Word.Allowed.Any(glob => RetiredWord.IsIn(File, glob));

    public override string ToString() => $"{File}:{Line}: '{Text}' is retired; write {Word.Instead}";
}
