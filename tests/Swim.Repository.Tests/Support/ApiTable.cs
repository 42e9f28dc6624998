using System.Reflection;
using System.Text.RegularExpressions;

namespace Swim.Repository.Tests.Support;

/// <summary>One row of a table of the README: what it is about, C# members, and words.</summary>
internal sealed record ApiRow(string[] Names, string[] Members, string Note);

/// <summary>The tables of <c>Swim.CSharp/README.md</c>, and what their names stand for.</summary>
internal static partial class ApiTable
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The rows of the table below a heading.</summary>
    public static List<ApiRow> Below(string heading)
    {
        var readme = RepositoryFiles.Read("Swim.CSharp", "README.md");
        var section = readme.Split($"\n## {heading}\n")[1].Split("\n## ")[0];

        return
        [
            .. section
                .Split('\n')
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Trim('|', ' ').Split(" | "))
                .Select(cells => new ApiRow(Spans(cells[0]), Spans(cells[1]), cells[^1].Trim())),
        ];
    }

    /// <summary>
    /// Whether <c>Type</c>, <c>Type.MemberRecord</c> or <c>Type.ctor</c> is public in the namespace <c>Swim</c>; generic types are
    /// written with their parameters, as in <c>IBroadcastHandler&lt;TIdentity, TKey&gt;</c>.
    /// </summary>
    public static bool Exists(string name)
    {
        var match = Qualified().Match(name);

        if (!match.Success)
        {
            return false;
        }

        var parameters = match.Groups["parameters"];
        var arity = parameters.Success ? $"`{parameters.Value.Split(',').Length}" : "";
        var type = PublicSurface.Types.SingleOrDefault(type =>
            type.Name == match.Groups["type"].Value + arity
        );
        var member = match.Groups["member"].Value;

        return type is not null
            && (
                member.Length == 0
                || (member == "ctor" && type.GetConstructors().Length > 0)
                || type.GetMember(member, Public).Length > 0
            );
    }

    private static string[] Spans(string cell) =>
        [.. CodeSpan().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^(?<type>\w+)(<(?<parameters>[\w, ]+)>)?(\.(?<member>\w+))?$")]
    private static partial Regex Qualified();
}
