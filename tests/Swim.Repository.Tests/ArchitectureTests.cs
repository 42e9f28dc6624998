using System.Reflection;

namespace Swim.Repository.Tests;

/// <summary>Arrows point down: which project of production may refer to which is one table.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Swim.Core"] = [],
        ["Swim.CSharp"] = ["Swim.Core"],
        ["Swim.Host"] = ["Swim.CSharp", "Swim.Core"],
        ["Swim.AspNetCore"] = ["Swim.Host", "Swim.CSharp", "Swim.Core"],
        ["Swim.Simulation"] = ["Swim.CSharp", "Swim.Core"],
        ["Swim.Cli"] = ["Swim.AspNetCore", "Swim.Host", "Swim.Simulation", "Swim.CSharp", "Swim.Core"],
    };

    // What computes, but cannot reach the world outside. FSharp.Core speaks of the base class library as
    // netstandard, so an assembly that uses it does too.
    private static readonly string[] Pure =
    [
        "FSharp.Core",
        "netstandard",
        "System.Collections",
        "System.Linq",
        "System.Memory",
        "System.Numerics.Vectors",
        "System.Runtime",
    ];

    [Fact]
    public void The_table_of_references_has_every_project_of_production() =>
        Assert.Equal(
            Project.Production.Select(project => project.Name),
            MayReference.Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void An_assembly_references_only_those_that_the_table_allows() =>
        Offenders.AssertNone(
            Project.Production.SelectMany(project => Forbidden(project.Name, Used(project)))
        );

    [Fact]
    public void A_project_file_references_only_those_that_the_table_allows() =>
        Offenders.AssertNone(
            Project.Production.SelectMany(project => Forbidden(project.Name, project.References))
        );

    /// <summary>Else the tests above would hold of assemblies and files that cannot be read.</summary>
    [Fact]
    public void The_check_of_references_sees_each_one()
    {
        var host = Project.Production.Single(project => project.Name == "Swim.Host");
        Assert.Contains("Swim.CSharp", Used(host));
        Assert.Contains("Swim.CSharp", host.References);

        Assert.Equal(
            ["Swim.Core may not reference Swim.Host", "Swim.Core may not reference Swim.TestKit"],
            Forbidden("Swim.Core", ["Swim.Host", "Swim.TestKit"])
        );

        Assert.Empty(Forbidden("Swim.AspNetCore", ["Swim.Host", "Swim.Core"]));
    }

    [Fact]
    public void The_core_references_nothing_that_can_do_io() =>
        Offenders.AssertNone(ReferencesOf(typeof(Core.State<>).Assembly).Except(Pure));

    [Fact]
    public void The_facade_references_the_core_and_the_base_class_library_only() =>
        Assert.Equal(
            ["FSharp.Core", "Swim.Core"],
            ReferencesOf(typeof(SwimInstance<>).Assembly)
                .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
                .Order()
        );

    private static IEnumerable<string> Used(Project project) =>
        from reference in ReferencesOf(project.Assembly)
        join used in Project.All on reference equals used.AssemblyName
        select used.Name;

    private static IEnumerable<string> ReferencesOf(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static IEnumerable<string> Forbidden(string project, IEnumerable<string> references) =>
        references
            .Except(MayReference[project])
            .Select(reference => $"{project} may not reference {reference}");
}
