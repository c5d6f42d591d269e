using System.Reflection;
using System.Runtime.CompilerServices;

namespace BlockList.Server.Tests.House;

/// <summary>What an assembly as compiled makes use of: declarations, attributes, signatures and method bodies. Constants
/// and <c>nameof</c> leave no trace, since the compiler copies them.</summary>
internal static class CompiledCode
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IReadOnlyCollection<TypeUse> UsesOf(Assembly assembly) => assembly.GetTypes().SelectMany(UsesOf).ToHashSet();

    /// <summary>The methods that method bodies call, with the type they were written in.</summary>
    public static IEnumerable<(Type User, MethodBase Called)> CallsOf(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in MethodsOf(type)
        from called in Instructions.Of(method).Select(instruction => instruction.Member).OfType<MethodBase>()
        select (Written(type), called);

    /// <summary>The texts that method bodies hold, with the type they were written in.</summary>
    public static IEnumerable<(Type User, string Text)> TextsOf(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in MethodsOf(type)
        from text in Instructions.Of(method).Select(instruction => instruction.Text).OfType<string>()
        select (Written(type), text);

    /// <summary>Not made by the compiler: its names hold characters that no C# name can.</summary>
    public static bool IsWritten(Type type) => !type.Name.Contains('<', StringComparison.Ordinal);

    private static IEnumerable<TypeUse> UsesOf(Type type)
    {
        var user = Written(type);
        // The fields of a closure or state machine say nothing that the code which uses them does not.
        var declared = IsWritten(type) ? InDeclarationOf(type) : [];
        return declared.Concat(MethodsOf(type).SelectMany(method => InMethod(method).Select(used => (Member: MemberOf(method), Type: used))))
            .SelectMany(use => PartsOf(use.Type).Select(part => new TypeUse(user, use.Member, part)))
            .Where(use => use.Used != user);
    }

    private static IEnumerable<(string Member, Type Type)> InDeclarationOf(Type type)
    {
        foreach (var used in type.GetInterfaces().Concat(type.BaseType is { } parent ? [parent] : []).Concat(ConstraintsOf(type)).Concat(AttributesOf(type.CustomAttributes)))
            yield return (type.Name, used);
        foreach (var field in type.GetFields(Declared))
        {
            foreach (var used in AttributesOf(field.CustomAttributes).Prepend(field.FieldType))
                yield return (field.Name, used);
        }
        foreach (var member in type.GetProperties(Declared).Cast<MemberInfo>().Concat(type.GetEvents(Declared)))
        {
            foreach (var used in AttributesOf(member.CustomAttributes)) yield return (member.Name, used);
        }
    }

    private static IEnumerable<Type> InMethod(MethodBase method)
    {
        var declared = SignatureOf(method).Concat(AttributesOf(method.CustomAttributes))
            .Concat(method.GetParameters().SelectMany(parameter => AttributesOf(parameter.CustomAttributes)))
            .Concat(method.IsGenericMethodDefinition ? method.GetGenericArguments().SelectMany(ConstraintsOf) : []);
        var body = method.GetMethodBody();
        var inBody = body is null ? [] : body.LocalVariables.Select(local => local.LocalType)
            .Concat(body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType!));
        return declared.Concat(inBody)
            .Concat(Instructions.Of(method).Where(instruction => instruction.Member is not null).SelectMany(instruction => InOperand(instruction.Member!)));
    }

    private static IEnumerable<Type> InOperand(MemberInfo operand) => operand switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodBase method => SignatureOf(method).Concat(method.IsGenericMethod ? method.GetGenericArguments() : []).Append(method.DeclaringType!),
        _ => [],
    };

    private static IEnumerable<Type> SignatureOf(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Concat(method is MethodInfo { ReturnType: var result } ? [result] : []);

    private static IEnumerable<Type> ConstraintsOf(Type type) =>
        type.IsGenericParameter ? type.GetGenericParameterConstraints() : type.IsGenericTypeDefinition ? type.GetGenericArguments().SelectMany(ConstraintsOf) : [];

    private static IEnumerable<Type> AttributesOf(IEnumerable<CustomAttributeData> attributes) => attributes
        .Where(attribute => !attribute.AttributeType.IsAssignableTo(typeof(StateMachineAttribute)))
        .SelectMany(attribute => attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(named => named.TypedValue)).SelectMany(TypesIn).Append(attribute.AttributeType));

    private static IEnumerable<Type> TypesIn(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        Type type => [argument.ArgumentType, type],
        IReadOnlyCollection<CustomAttributeTypedArgument> elements => elements.SelectMany(TypesIn),
        _ => [argument.ArgumentType],
    };

    private static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared));

    /// <summary>The definition that a type stands for, first, then those of its arguments.</summary>
    private static List<Type> PartsOf(Type type)
    {
        if (type.HasElementType) return PartsOf(type.GetElementType()!);
        if (type.IsGenericParameter || type.IsFunctionPointer) return [];
        return type.IsConstructedGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(PartsOf)] : [Written(type)];
    }

    private static Type Written(Type type) => IsWritten(type) || type.DeclaringType is null ? type : Written(type.DeclaringType);

    /// <summary>The name before the compiler moved its code: <c>&lt;Run&gt;b__0</c> and <c>&lt;Run&gt;d__3.MoveNext</c> are <c>Run</c>.</summary>
    private static string MemberOf(MethodBase method)
    {
        for (MemberInfo? member = method; member is not null; member = member.DeclaringType)
        {
            var end = member.Name.IndexOf('>', StringComparison.Ordinal);
            if (member.Name.StartsWith('<') && end > 1) return member.Name[1..end];
        }
        return method.Name;
    }
}
