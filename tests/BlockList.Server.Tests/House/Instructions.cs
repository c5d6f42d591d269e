using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace BlockList.Server.Tests.House;

/// <summary>What one instruction refers to: a member, or a text.</summary>
internal sealed record Instruction(MemberInfo? Member, string? Text);

/// <summary>Reads method bodies (ECMA-335, partition III).</summary>
internal static class Instructions
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    public static IEnumerable<Instruction> Of(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        for (var at = 0; at < code.Length;)
        {
            var prefixed = code[at] == 0xfe;
            var opcode = Codes[prefixed ? (short)(0xfe00 | code[at + 1]) : code[at]];
            at += prefixed ? 2 : 1;
            var operand = code.AsSpan(at);
            at += SizeOf(opcode.OperandType, operand);
            switch (opcode.OperandType)
            {
                case OperandType.InlineString:
                    yield return new Instruction(null, method.Module.ResolveString(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at - 4))));
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return new Instruction(Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at - 4))), null);
                    break;
            }
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static int SizeOf(OperandType operand, ReadOnlySpan<byte> bytes) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        _ => 4,
    };
}
