using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Swim.Repository.Tests;

/// <summary>Which assemblies see the internals of another is decided one by one, and each has its reason.</summary>
public sealed class InternalsTests
{
    // Between assemblies of production. An internal that many need belongs into the public API, or elsewhere.
    private static readonly string[] Production =
    [
        "Swim.CSharp -> Swim.Host",
        "Swim.CSharp -> Swim.Simulation",
        "Swim.CSharp -> swim",
        "Swim.Core -> Swim.CSharp",
        "Swim.Host -> swim",
    ];

    [Fact]
    public void The_internals_that_production_shows_to_production_are_these_and_no_others()
    {
        var assemblies = Project.Production.Select(project => project.AssemblyName).ToHashSet();
        var shown =
            from project in Project.Production
            from attribute in project.Assembly.GetCustomAttributesData()
            where attribute.AttributeType == typeof(InternalsVisibleToAttribute)
            let friend = (string)attribute.ConstructorArguments[0].Value!
            where assemblies.Contains(friend)
            select $"{project.AssemblyName} -> {friend}";

        Assert.Equal(Production, shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Internals_are_shown_only_to_assemblies_of_the_repository()
    {
        var all = Project.All.Select(project => project.AssemblyName).ToHashSet();

        Offenders.AssertNone(
            from project in Project.All
            from friend in project.Included("InternalsVisibleTo")
            where !all.Contains(friend)
            select $"{project.File}: there is no {friend}"
        );
    }

    [Fact]
    public void A_comment_above_each_InternalsVisibleTo_gives_its_reason() =>
        Offenders.AssertNone(
            from project in Project.All
            from friend in WithoutReason(project.Xml)
            select $"{project.File}: no reason for {friend}"
        );

    [Theory]
    [InlineData("<G><!-- A reason of its own. --><InternalsVisibleTo Include='A' /></G>", "")]
    [InlineData("<G><InternalsVisibleTo Include='A' /></G>", "A")]
    [InlineData("<G><!-- A. --><InternalsVisibleTo Include='A' /></G>", "A")]
    [InlineData(
        "<G><!-- A reason for two. --><InternalsVisibleTo Include='A' /><InternalsVisibleTo Include='B' /></G>",
        "B"
    )]
    public void The_check_sees_an_InternalsVisibleTo_without_a_reason(string group, string offenders) =>
        Assert.Equal(offenders, string.Join(' ', WithoutReason(XElement.Parse(group))));

    private static IEnumerable<string> WithoutReason(XElement project) =>
        project
            .Descendants("InternalsVisibleTo")
            .Where(element => NodeAbove(element) is not XComment { Value.Length: > 15 })
            .Select(element => element.Attribute("Include")!.Value);

    private static XNode? NodeAbove(XElement element) =>
        element
            .NodesBeforeSelf()
            .LastOrDefault(node => node is not XText text || text.Value.Trim().Length > 0);
}
