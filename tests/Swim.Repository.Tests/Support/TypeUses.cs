using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Swim.Repository.Tests.Support;

/// <summary>A type in whose code another is used. Nested types count as the type that holds them.</summary>
internal readonly record struct TypeUse(Type User, Type Used)
{
    public override string ToString() => $"{User.FullName} uses {Used.FullName}";
}

/// <summary>
/// Finds which types the code of a type uses: in its bases, fields, signatures, local variables, and in the
/// instructions of its methods.
/// </summary>
internal static class TypeUses
{
    // By their value: one byte, or two of which the first is 0xFE.
    private static readonly Dictionary<int, OpCode> OpCodes = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    private static readonly ConcurrentDictionary<Assembly, List<TypeUse>> Found = new();

    /// <summary>All uses in an assembly, each once.</summary>
    public static IReadOnlyList<TypeUse> In(Assembly assembly) =>
        Found.GetOrAdd(assembly, read => [.. read.GetTypes().SelectMany(In).Distinct()]);

    /// <summary>All uses in a type, without those of itself.</summary>
    public static IEnumerable<TypeUse> In(Type type)
    {
        var user = Outermost(type);

        return Used(type)
            .OfType<Type>()
            .SelectMany(PublicSurface.Mentions)
            .Where(used => !used.IsGenericParameter && !used.HasElementType)
            .Select(used => new TypeUse(user, Outermost(used)))
            .Where(use => use.Used != user)
            .Distinct();
    }

    private static IEnumerable<Type?> Used(Type type)
    {
        var methods = type.GetMethods(DeclaredMembers.Flags)
            .Concat<MethodBase>(type.GetConstructors(DeclaredMembers.Flags))
            .ToList();

        return type.GetInterfaces()
            .Append(type.BaseType)
            .Concat(type.GetFields(DeclaredMembers.Flags).Select(field => field.FieldType))
            .Concat(methods.SelectMany(InSignature))
            .Concat(methods.SelectMany(InBody));
    }

    private static IEnumerable<Type?> InSignature(MethodBase method) =>
        method
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .Append((method as MethodInfo)?.ReturnType);

    private static IEnumerable<Type?> InBody(MethodBase method) =>
        method.GetMethodBody() is { } body
            ? body
                .LocalVariables.Select(local => local.LocalType)
                .Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => At(method, token)))
            : [];

    private static IEnumerable<Type?> At(MethodBase method, int token)
    {
        var member = method.Module.ResolveMember(
            token,
            method.DeclaringType!.GetGenericArguments(),
            method is MethodInfo ? method.GetGenericArguments() : null
        );

        return member switch
        {
            Type type => [type],
            MethodInfo { IsGenericMethod: true } called => called
                .GetGenericArguments()
                .Append(called.DeclaringType),
            _ => [member?.DeclaringType],
        };
    }

    /// <summary>The tokens of the types and members that instructions name.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            var instruction = OpCodes[value];
            at += instruction.Size;

            if (
                instruction.OperandType
                is OperandType.InlineField
                    or OperandType.InlineMethod
                    or OperandType.InlineTok
                    or OperandType.InlineType
            )
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += OperandSize(instruction, code, at);
        }
    }

    private static int OperandSize(OpCode instruction, byte[] code, int at) =>
        instruction.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };

    private static Type Outermost(Type type)
    {
        var outer = type.IsGenericType ? type.GetGenericTypeDefinition() : type;

        while (outer.DeclaringType is { } holder)
        {
            outer = holder;
        }

        return outer;
    }
}
