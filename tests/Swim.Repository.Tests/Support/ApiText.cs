using System.Reflection;

namespace Swim.Repository.Tests.Support;

/// <summary>The public API of an assembly as text: one line for each type and member, sorted.</summary>
internal static class ApiText
{
    /// <summary>All of it.</summary>
    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly
            .GetExportedTypes()
            .Where(type => type.Namespace?.StartsWith("Swim", StringComparison.Ordinal) == true)
            .SelectMany(Of)
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>A type and its members.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        IEnumerable<Type> above = type.IsValueType || type.BaseType is null ? [] : [type.BaseType];
        var bases = above.Concat(type.GetInterfaces()).Select(Name).Order(StringComparer.Ordinal);
        yield return string.Join(" : ", [$"{Name(type)} is {Kind(type)}", .. Listed(bases)]);

        foreach (var line in type.GetMembers(DeclaredMembers.Flags).Select(Line))
        {
            if (line is not null)
            {
                yield return $"{Name(type)}.{line}";
            }
        }
    }

    private static string[] Listed(IEnumerable<string> names) =>
        names.Any() ? [string.Join(", ", names)] : [];

    private static string Kind(Type type) =>
        type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "module",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    /// <summary>Properties and events show by their accessors; what callers cannot use does not.</summary>
    private static string? Line(MemberInfo member) =>
        member switch
        {
            FieldInfo field when DeclaredMembers.IsVisible(field) && field.IsLiteral =>
                $"{field.Name} = {field.GetRawConstantValue()}",
            FieldInfo field when DeclaredMembers.IsVisible(field) && !field.IsSpecialName =>
                $"{Static(field.IsStatic)}{field.Name} -> {Name(field.FieldType)}",
            MethodInfo method when DeclaredMembers.IsVisible(method) =>
                $"{Static(method.IsStatic)}{method.Name}{Generics(method)}({Parameters(method)}) -> {Name(method.ReturnType)}",
            ConstructorInfo made when DeclaredMembers.IsVisible(made) => $"new({Parameters(made)})",
            _ => null,
        };

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}")
        );

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        var name = (type.FullName ?? $"{type.Namespace}.{type.Name}").Split('[')[0];
        var bare = string.Join('.', name.Split('+').Select(part => part.Split('`')[0]));
        var arguments = type.GetGenericArguments().Select(Name);
        return type.IsGenericType ? $"{bare}<{string.Join(", ", arguments)}>" : bare;
    }
}
