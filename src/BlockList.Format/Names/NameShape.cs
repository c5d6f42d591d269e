using System.Buffers;

namespace BlockList.Format.Names;

/// <summary>What is wrong with the plain ASCII shape of a name.</summary>
internal enum ShapeFault
{
    None, Empty, EmptyLabel, LabelTooLong, Character, Hyphen, ReservedHyphens, Punycode, SingleLabel, NumericTopLabel, NameTooLong, NoRoomForZone,
}

/// <summary>
/// The shape that typed and canonical names share: lower-case letters, digits and hyphens (RFC 952, RFC 1123 section 2.1),
/// lengths (<see cref="NameLimits"/>), well-formed Punycode, two labels or more, no top label that reads as a number.
/// </summary>
internal readonly ref struct NameShape
{
    // ContainsAnyExceptInRange would allocate on each call.
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private NameShape(ShapeFault fault, ReadOnlySpan<char> label, bool hasALabel)
    {
        Fault = fault;
        Label = label;
        HasALabel = hasALabel;
    }

    internal ShapeFault Fault { get; }

    /// <summary>The label at fault, empty where the whole name is.</summary>
    internal ReadOnlySpan<char> Label { get; }

    /// <summary>True if a label starts with <c>xn--</c>.</summary>
    internal bool HasALabel { get; }

    internal static NameShape Of(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
            return new(ShapeFault.Empty, default, false);
        bool hasALabel = false, single = true;
        var rest = name;
        while (true)
        {
            var dot = rest.IndexOf('.');
            var label = dot < 0 ? rest : rest[..dot];
            var fault = OfLabel(label, ref hasALabel);
            if (fault != ShapeFault.None)
                return new(fault, label, hasALabel);
            if (dot < 0)
                break;
            single = false;
            rest = rest[(dot + 1)..];
        }
        if (ReadsAsNumber(rest))
            return new(ShapeFault.NumericTopLabel, rest, hasALabel);
        if (single)
            return new(ShapeFault.SingleLabel, rest, hasALabel);
        if (name.Length > NameLimits.Text)
            return new(ShapeFault.NameTooLong, default, hasALabel);
        if (name.Length > NameLimits.Listable)
            return new(ShapeFault.NoRoomForZone, default, hasALabel);
        return new(ShapeFault.None, default, hasALabel);
    }

    private static ShapeFault OfLabel(ReadOnlySpan<char> label, ref bool hasALabel)
    {
        if (label.IsEmpty)
            return ShapeFault.EmptyLabel;
        foreach (var c in label)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return ShapeFault.Character;
        if (label.Length > NameLimits.Label)
            return ShapeFault.LabelTooLong;
        if (label[0] == '-' || label[^1] == '-')
            return ShapeFault.Hyphen;
        if (label.Length < 4 || label[2] != '-' || label[3] != '-')
            return ShapeFault.None;
        // RFC 5890 section 2.3.1: hyphens in the third and fourth place mark an encoding, and xn-- is the only one there is.
        if (label[0] != 'x' || label[1] != 'n')
            return ShapeFault.ReservedHyphens;
        hasALabel = true;
        return Punycode.IsWellFormed(label[4..]) ? ShapeFault.None : ShapeFault.Punycode;
    }

    /// <summary>RFC 3696 section 2 rules out digits alone; browsers read a last label of 0x and hex digits as an address too.</summary>
    private static bool ReadsAsNumber(ReadOnlySpan<char> label) =>
        !label.ContainsAnyExcept(Digits)
        || (label.StartsWith("0x", StringComparison.Ordinal) && !label[2..].ContainsAnyExcept(HexDigits));
}
