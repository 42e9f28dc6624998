using System.Text.RegularExpressions;

namespace Swim.Repository.Tests;

/// <summary>Rules of the house that the sources themselves can be asked about.</summary>
public sealed class SourceRulesTests
{
    private const int LongestFile = 400;

    // The clock, hidden chance, and the world outside: a step that could reach them would not be a function.
    private static readonly string[] Impure =
    [
        @"\bDateTime(Offset)?\.(Utc)?Now\b",
        @"\bTimeProvider\b",
        @"\bStopwatch\b",
        @"\bSystem\.Random\b",
        @"\bRandom\.Shared\b",
        @"\bGuid\.NewGuid\b",
        @"\bEnvironment\.",
        @"\bConsole\.",
        @"\bFile\.",
        @"\bSocket",
        @"\bThread",
        @"\bTask\b",
        @"\bprintf",
    ];

    [Fact]
    public void The_core_mentions_nothing_but_its_arguments()
    {
        var mentions =
            from file in RepositoryFiles.Files("Swim.Core", ".fs")
            from line in File.ReadLines(RepositoryFiles.PathOf(file)).Index()
            from pattern in Impure
            where Regex.IsMatch(line.Item, pattern)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

        Offenders.AssertNone(mentions);
    }

    [Theory]
    [InlineData("let now = DateTime.UtcNow")]
    [InlineData("let random = System.Random(1)")]
    [InlineData("Console.WriteLine x")]
    [InlineData("open System.Net.Sockets")]
    [InlineData("Thread.Sleep 1")]
    [InlineData("[<ThreadStatic; DefaultValue>]")]
    [InlineData("let path = Environment.CurrentDirectory")]
    public void The_patterns_find_what_they_are_for(string line) =>
        Assert.Contains(Impure, pattern => Regex.IsMatch(line, pattern));

    [Fact]
    public void No_file_is_longer_than_one_idea()
    {
        var offenders =
            from file in RepositoryFiles.Files(".", ".fs", ".cs")
            let lines = File.ReadLines(RepositoryFiles.PathOf(file)).Count()
            where lines > LongestFile
            select $"{file} has {lines} lines; at most {LongestFile}";

        Offenders.AssertNone(offenders);
    }

    [Fact]
    public void The_sources_are_found()
    {
        var files = RepositoryFiles.Files(".", ".fs", ".cs").Select(Path.GetFileName).ToHashSet();
        Assert.Contains("Protocol.fs", files);
        Assert.Contains("SwimInstance.cs", files);
        Assert.Contains("SourceRulesTests.cs", files);
    }
}
