using System.Reflection;

namespace Swim.Repository.Tests.Support;

/// <summary>The members that a type itself declares, and which of them other assemblies can use.</summary>
internal static class DeclaredMembers
{
    /// <summary>All of them, also the hidden ones.</summary>
    public const BindingFlags Flags =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>Whether another assembly can use a member, at least by deriving from its type.</summary>
    public static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
            EventInfo happening => IsVisible(happening.AddMethod!),
            _ => false,
        };
}
