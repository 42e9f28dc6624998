using System.Reflection;

namespace Swim.Repository.Tests;

/// <summary>
/// Arrows point down: the core stands alone, and nothing of F# but the shared vocabulary shows through the facade.
/// </summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Facade = typeof(SwimInstance<>).Assembly;
    private static readonly Assembly CoreAssembly = typeof(Core.State<>).Assembly;

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
    public void The_core_references_nothing_that_can_do_io()
    {
        var references = CoreAssembly.GetReferencedAssemblies().Select(name => name.Name!);
        Offenders.AssertNone(references.Except(Pure));
    }

    [Fact]
    public void The_facade_references_the_core_and_the_base_class_library_only()
    {
        var references = Facade.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        Assert.Equal(
            ["FSharp.Core", "Swim.Core"],
            references.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).Order()
        );
    }

    [Fact]
    public void No_type_of_the_core_or_of_fsharp_is_in_the_public_surface()
    {
        var leaks = PublicSurface.Types.SelectMany(type =>
            PublicSurface
                .Of(type)
                .Where(use => PublicSurface.Mentions(use.Used).Any(IsForeign))
                .Where(use => !IsMarkOfTheCompiler(type, use.Where))
                .Select(use => $"{type.Name}: {use.Where} shows {use.Used}")
        );

        Offenders.AssertNone(leaks);
    }

    /// <summary>Else the test above would hold of an empty assembly, or overlook a way to leak.</summary>
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
        Assert.True(PublicSurface.Types.Count > 20);
    }

    // The F# compiler says in attributes of its own what a type is; they oblige its users to nothing.
    private static bool IsMarkOfTheCompiler(Type type, string where) =>
        type.Assembly == CoreAssembly && where == "attribute";

    // The vocabulary that both layers share is in the namespace Swim; what computes is in Swim.Core.
    private static bool IsForeign(Type type) =>
        (type.Assembly == CoreAssembly && type.Namespace != "Swim")
        || type.Assembly.GetName().Name == "FSharp.Core";
}
