using System.Text.RegularExpressions;

namespace Swim.Repository.Tests;

/// <summary>Rules of the house that the sources themselves can be asked about.</summary>
public sealed class SourceRulesTests
{
    private const int LongestFile = 400;
    private const int LongestFunction = 70;

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
    public void No_file_is_longer_than_400_lines()
    {
        var offenders =
            from file in RepositoryFiles.Files(".", ".fs", ".cs")
            let lines = File.ReadLines(RepositoryFiles.PathOf(file)).Count()
            where lines > LongestFile
            select $"{file} has {lines} lines; at most {LongestFile}";

        Offenders.AssertNone(offenders);
    }

    [Fact]
    public void No_function_is_longer_than_70_lines() =>
        Offenders.AssertNone(
            from file in RepositoryFiles.Files(".", ".fs", ".cs", ".fsx")
            from function in SourceFunction.In(RepositoryFiles.Read(file))
            where function.Length > LongestFunction
            select $"{file}:{function.Line} has {function.Length} lines: {function.Head}"
        );

    [Theory]
    [InlineData("private static int F()\n{\n    a;\n\n    b;\n}\n\nint G() =>\n    1;\nint H;", "6 2 1")]
    [InlineData("public sealed class C\n{\n    C()\n    {\n        a;\n    }\n}", "4")]
    [InlineData("let f x =\n    a\n\n    b\n\nlet g =\n    {\n        A = 1\n    }\n", "4 4")]
    [InlineData("type C(a) =\n    let f x =\n        x\n\n    member _.M =\n        1\n", "2 2")]
    [InlineData(
        "let tests =\n    testList\n        a\n        [\n            b\n                c\n            d\n        ]\n",
        "2 1"
    )]
    [InlineData("let f x =\n    [\n        a\n        b\n    ]\n", "5")]
    public void The_lines_of_a_function_are_counted(string source, string lengths) =>
        Assert.Equal(
            lengths,
            string.Join(' ', SourceFunction.In(source).Select(function => function.Length))
        );

    [Fact]
    public void The_sources_are_found()
    {
        var files = RepositoryFiles.Files(".", ".fs", ".cs").Select(Path.GetFileName).ToHashSet();
        Assert.Contains("Protocol.fs", files);
        Assert.Contains("SwimInstance.cs", files);
        Assert.Contains("SourceRulesTests.cs", files);
    }
}
