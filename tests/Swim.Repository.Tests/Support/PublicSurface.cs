using System.Reflection;
using Microsoft.FSharp.Core;

namespace Swim.Repository.Tests.Support;

/// <summary>What a type shows to its users: in its members, base types, constraints and attributes.</summary>
internal static class PublicSurface
{
    /// <summary>The types of the core that are in the namespace of the facade because both layers share them.</summary>
    public static IReadOnlyList<Type> Vocabulary { get; } =
    [.. typeof(SwimConfig).Assembly.GetExportedTypes().Where(type => type.Namespace == "Swim")];

    /// <summary>What a user of the facade works with.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [.. typeof(SwimInstance<>).Assembly.GetExportedTypes(), .. Vocabulary];

    /// <summary>A type and all that it is made of: an array of lists of numbers mentions all three.</summary>
    public static IEnumerable<Type> Mentions(Type type)
    {
        var parts = type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments();
        return parts.SelectMany(Mentions).Append(type);
    }

    /// <summary>Every type that a user of this one sees, and where.</summary>
    public static IEnumerable<(string Where, Type Used)> Of(Type type)
    {
        if (type.BaseType is not null)
        {
            yield return ("base", type.BaseType);
        }

        foreach (var implemented in type.GetInterfaces())
        {
            yield return ("interface", implemented);
        }

        foreach (var use in Constraints(type.GetGenericArguments()).Concat(Attributes(type)))
        {
            yield return use;
        }

        foreach (var member in type.GetMembers(DeclaredMembers.Flags).Where(DeclaredMembers.IsVisible))
        {
            foreach (var use in UsesOf(member).Concat(Attributes(member)))
            {
                yield return use;
            }
        }
    }

    private static IEnumerable<(string Where, Type Used)> UsesOf(MemberInfo member) =>
        member switch
        {
            MethodInfo method => Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])
                .Concat(method.GetParameters().Select(parameter => (method.Name, parameter.ParameterType)))
                .Append((method.Name, method.ReturnType)),
            ConstructorInfo made => made.GetParameters()
                .Select(parameter => (made.Name, parameter.ParameterType)),
            FieldInfo field => [(field.Name, field.FieldType)],
            PropertyInfo property => property
                .GetIndexParameters()
                .Select(parameter => (property.Name, parameter.ParameterType))
                .Append((property.Name, property.PropertyType)),
            EventInfo happening => [("event", happening.EventHandlerType!)],
            _ => [],
        };

    private static IEnumerable<(string Where, Type Used)> Constraints(IEnumerable<Type> arguments) =>
        arguments
            .Where(argument => argument.IsGenericParameter)
            .SelectMany(argument => argument.GetGenericParameterConstraints())
            .Select(constraint => ("constraint", constraint));

    private static IEnumerable<(string Where, Type Used)> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().Select(attribute => ("attribute", attribute.AttributeType));
}

/// <summary>Shows types of the core and of F# in every way that a type can: the check has to see them all.</summary>
[NoEquality]
public abstract class Leaky<T> : Core.BroadcastKey, IEquatable<Core.RandomGenerator>
    where T : FSharpFunc<int, int>
{
    protected Core.Tombstone<T>? Field;

    protected Leaky(Core.Tombstone<T> field) => Field = field;

    public event EventHandler<Core.State<T>>? Happened;

    public Dictionary<string, FSharpOption<int>[]> Property { get; } = [];

    public int this[Core.ProbeAnswer answer] => (int)answer;

    public static void Method(in Core.Tombstone<T> tombstone) => _ = tombstone;

    public bool Equals(Core.RandomGenerator other) => Happened is null && Field is null;

    public override bool Equals(object? obj) => obj is Core.RandomGenerator other && Equals(other);

    public override int GetHashCode() => 0;
}
