namespace Swim.Repository.Tests;

/// <summary>The public surface for C# shows nothing of F# but the vocabulary that both share.</summary>
public sealed class PublicSurfaceTests
{
    /// <summary>The assemblies for C#, and types that each must have.</summary>
    public static TheoryData<string, int> Assemblies =>
        new()
        {
            { "Swim.CSharp", 12 },
            { "Swim.Host", 15 },
            { "Swim.AspNetCore", 2 },
        };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_type_of_the_core_or_of_fsharp_is_in_the_public_surface(string name, int least)
    {
        var project = Project.Production.Single(project => project.Name == name);
        var types = project.Assembly.GetExportedTypes();
        Assert.True(types.Length >= least, $"{name} has only {types.Length} public types.");
        Offenders.AssertNone(types.SelectMany(Leaks));
    }

    [Fact]
    public void No_type_of_fsharp_is_in_the_vocabulary_that_the_core_shares()
    {
        Assert.True(PublicSurface.Vocabulary.Count > 9);
        Offenders.AssertNone(PublicSurface.Vocabulary.SelectMany(Leaks));
    }

    /// <summary>Else the tests above would overlook a way to leak.</summary>
    [Fact]
    public void The_check_of_the_surface_sees_every_way_to_leak()
    {
        var seen = PublicSurface
            .Of(typeof(Leaky<>))
            .Where(use => PublicSurface.Mentions(use.Used).Any(IsForeign))
            .Select(use => use.Where);

        HashSet<string> all =
        [
            "base",
            "interface",
            "constraint",
            "attribute",
            "event",
            "Field",
            "Property",
            "Item",
            "Method",
            ".ctor",
        ];

        Assert.Superset(all, seen.ToHashSet());
    }

    private static IEnumerable<string> Leaks(Type type) =>
        PublicSurface
            .Of(type)
            .Where(use => PublicSurface.Mentions(use.Used).Any(IsForeign))
            .Where(use => !IsMarkOfTheCompiler(type, use.Where))
            .Select(use => $"{type.Name}: {use.Where} shows {use.Used}");

    // The F# compiler says in attributes of its own what a type is; they oblige its users to nothing.
    private static bool IsMarkOfTheCompiler(Type type, string where) =>
        PublicSurface.Vocabulary.Contains(type) && where == "attribute";

    // The vocabulary that both layers share is in the namespace Swim; what computes is in Swim.Core.
    private static bool IsForeign(Type type) =>
        type.Assembly.GetName().Name == "FSharp.Core"
        || (type.Assembly == typeof(Core.State<>).Assembly && type.Namespace != "Swim");
}
