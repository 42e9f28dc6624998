using System.Text.RegularExpressions;

namespace Swim.Repository.Tests;

/// <summary>What the documents say of the repository is so.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Rooms =
    [
        "docs",
        "spec",
        "tla",
        "samples",
        "Swim.AspNetCore",
        "Swim.CSharp",
        "Swim.Cli",
        "Swim.Core",
        "Swim.Host",
    ];

    [Fact]
    public void Every_link_leads_somewhere()
    {
        var pages = Rooms
            .SelectMany(room => RepositoryFiles.Files(room, ".md"))
            .Concat(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]);

        Offenders.AssertNone(pages.SelectMany(BrokenLinks));
    }

    [Fact]
    public void The_five_minutes_are_the_sample_that_is_built()
    {
        var page = RepositoryFiles.Read("docs", "getting-started.md");
        var code = Fence().Match(page).Groups["code"].Value;
        Assert.Equal(RepositoryFiles.Read("samples", "PeerList", "Program.cs"), code);
    }

    private static IEnumerable<string> BrokenLinks(string page)
    {
        var folder = Path.GetDirectoryName(RepositoryFiles.PathOf(page))!;

        foreach (Match link in Link().Matches(RepositoryFiles.Read(page)))
        {
            var target = link.Groups["target"].Value;
            var path = target.Split('#')[0];

            if (path.Length > 0 && !Path.Exists(Path.Combine(folder, path)))
            {
                yield return $"{page}: {target} does not exist";
            }
        }
    }

    // Not to other sites, and not the names of TLA+ records, [x |-> y](z).
    [GeneratedRegex(@"\]\((?!https?:)(?<target>[\w./#-]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
