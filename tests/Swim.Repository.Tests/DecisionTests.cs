using System.Text.RegularExpressions;

namespace Swim.Repository.Tests;

/// <summary>The index of the decisions agrees with the decisions in its folder.</summary>
public sealed partial class DecisionTests
{
    private static readonly string[] Folder = ["spec", "decisions"];

    [Fact]
    public void The_index_lists_every_decision_once_in_the_order_of_their_numbers()
    {
        var files = RepositoryFiles.Files(Path.Combine(Folder), ".md").Select(Path.GetFileName);
        var decisions = files.Where(file => Numbered().IsMatch(file!)).Order(StringComparer.Ordinal);

        Assert.Equal(decisions, Index().Select(row => row.Groups["file"].Value));
    }

    [Fact]
    public void The_index_gives_the_number_title_and_date_of_each_decision() =>
        Offenders.AssertNone(
            Index()
                .Where(row => Heading(row) != Read(row)[0] || !Read(row)[2].StartsWith(Date(row)))
                .Select(File)
        );

    [Fact]
    public void The_state_in_the_index_begins_as_in_the_decision_unless_a_later_one_superseded_it() =>
        Offenders.AssertNone(Index().Where(row => !IsInState(row)).Select(File));

    [Fact]
    public void The_index_says_of_each_decision_what_was_decided() =>
        Offenders.AssertNone(Index().Where(row => row.Groups["decided"].Length < 20).Select(File));

    private static List<Match> Index()
    {
        var rows = Row().Matches(RepositoryFiles.Read([.. Folder, "README.md"])).ToList();
        Assert.True(rows.Count > 20, "The index has no rows that this test can read.");
        return rows;
    }

    private static bool IsInState(Match row)
    {
        var state = row.Groups["state"].Value;
        var accepted = State().Match(Read(row)[2]).Groups["state"].Value;

        return state.StartsWith("superseded by [", StringComparison.Ordinal)
            || state.StartsWith(accepted, StringComparison.OrdinalIgnoreCase);
    }

    private static string Heading(Match row) =>
        $"# {row.Groups["number"].Value}. {row.Groups["title"].Value}";

    private static string Date(Match row) => $"{row.Groups["date"].Value}.";

    private static string File(Match row) => row.Groups["file"].Value;

    private static string[] Read(Match row) => RepositoryFiles.Read([.. Folder, File(row)]).Split('\n');

    [GeneratedRegex(@"^\d{4}-")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d\. (?<state>\w+)")]
    private static partial Regex State();

    [GeneratedRegex(
        @"^\| \[(?<number>\d{4})\]\((?<file>\k<number>-[\w-]+\.md)\) \| (?<title>[^|]+) \| (?<date>[\d-]+) \| (?<state>[^|]+) \| (?<decided>[^|]+) \|$",
        RegexOptions.Multiline
    )]
    private static partial Regex Row();
}
