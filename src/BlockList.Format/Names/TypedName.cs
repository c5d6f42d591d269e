using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace BlockList.Format.Names;

/// <summary>
/// Reads what people type where a name is asked for. First the things that are no names at all (links, mail addresses,
/// wildcards), each told apart so that the answer can name what to enter; then the name itself.
/// </summary>
internal static partial class TypedName
{
    // Longer than any link that a person pastes, and short enough that no input costs time.
    private const int LongestText = 8192;

    internal static NameProblem? Read(string? text, out string ascii)
    {
        ascii = "";
        text = text?.Trim() ?? "";
        if (text.Length == 0)
            return Refusal.Empty;
        if (text.Length > LongestText)
            return Refusal.NameTooLong(text.Length);
        return NotAName(text) ?? ReadName(text, out ascii);
    }

    private static NameProblem? NotAName(string text)
    {
        var host = HostIn(text);
        if (Defanged().IsMatch(text))
            return Refusal.Defanged(Listable(host));
        if (IsAddress(text))
            return Refusal.Address;
        if (Link().IsMatch(text))
            return IsAddress(host) ? Refusal.Address : Refusal.Url(Listable(host));
        if (text.Contains('@', StringComparison.Ordinal))
            return Refusal.Email(Listable(host));
        if (Port().IsMatch(text))
            return IsAddress(host) ? Refusal.Address : Refusal.Port(Listable(host));
        if (text.Contains('*', StringComparison.Ordinal))
            return Refusal.Wildcard(Listable(host));
        return null;
    }

    private static NameProblem? ReadName(string text, out string ascii)
    {
        ascii = "";
        // The label separators of IDNA2003 (RFC 3490 section 3.1) that keyboards for Chinese and Japanese produce.
        // Since Unicode 15.1 the capital sharp s stands for the small one; older ICU makes it ss, which is somebody else's name.
        text = text.Replace('\u1E9E', '\u00DF').Replace('\u3002', '.').Replace('\uFF0E', '.').Replace('\uFF61', '.');
        if (text.Length > 1 && text.EndsWith('.'))
            text = text[..^1];
        if (text.Any(char.IsWhiteSpace))
            return Refusal.Space;
        if (text.EnumerateRunes().Any(IsInvisible))
            return Refusal.Invisible(Listable(string.Concat(text.EnumerateRunes().Where(rune => !IsInvisible(rune)))));
        var labels = text.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i];
            if (Ascii.IsValid(label))
                labels[i] = string.Create(label.Length, label, (lower, typed) => Ascii.ToLower(typed, lower, out _));
            else if (label.StartsWith('-') || label.EndsWith('-'))
                return Refusal.Hyphen(label);
            else if (HasReservedHyphens(label))
                return Refusal.ReservedHyphens(label);
            else if (Idn.ToAscii(label) is { } converted)
                labels[i] = converted;
            else
                return Refusal.Unicode(label);
        }
        var name = string.Join('.', labels);
        var shape = NameShape.Of(name);
        if (shape.Fault != ShapeFault.None)
            return OfShape(shape, name);
        if (shape.HasALabel)
        {
            // ICU asks about reserved hyphens too, but counts their places in UTF-16.
            if (Idn.ToUnicode(name) is not { } unicode || unicode.Split('.').Any(HasReservedHyphens))
                return Refusal.Punycode;
            if (!Direction.IsConsistent(unicode))
                return Refusal.MixedDirection;
        }
        ascii = name;
        return null;
    }

    /// <summary>Counted in characters, as RFC 5891 section 4.2.3.1 has it; what starts with xn-- is judged by its Punycode.</summary>
    private static bool HasReservedHyphens(string label)
    {
        var start = label.EnumerateRunes().Take(4).ToArray();
        return start.Length == 4 && start[2].Value == '-' && start[3].Value == '-' && !label.StartsWith("xn", StringComparison.OrdinalIgnoreCase);
    }

    private static NameProblem OfShape(NameShape shape, string name) => shape.Fault switch
    {
        ShapeFault.EmptyLabel => Refusal.EmptyLabel(Listable(string.Join('.', name.Split('.', StringSplitOptions.RemoveEmptyEntries)))),
        ShapeFault.LabelTooLong => Refusal.LabelTooLong(shape.Label.Length),
        ShapeFault.Character when shape.Label.Contains('_') => Refusal.Underscore(Listable(AboveUnderscores(name))),
        ShapeFault.Character => Refusal.Character(shape.Label.ToString()),
        ShapeFault.Hyphen => Refusal.Hyphen(shape.Label),
        ShapeFault.ReservedHyphens => Refusal.ReservedHyphens(shape.Label),
        ShapeFault.Punycode => Refusal.Punycode,
        ShapeFault.SingleLabel => Refusal.SingleLabel(name),
        ShapeFault.NumericTopLabel => IsAddress(name) ? Refusal.Address : Refusal.NumericTopLabel(shape.Label),
        ShapeFault.NameTooLong => Refusal.NameTooLong(name.Length),
        ShapeFault.NoRoomForZone => Refusal.NoRoomForZone(name.Length),
        _ => Refusal.Empty,
    };

    /// <summary>The candidate as it would be listed, or null if that too would be refused.</summary>
    private static string? Listable(string candidate) =>
        candidate.Length > 0 && ReadName(candidate, out var ascii) is null ? ascii : null;

    private static string AboveUnderscores(string name)
    {
        var dot = name.IndexOf('.', name.LastIndexOf('_'));
        return dot < 0 ? "" : name[(dot + 1)..];
    }

    /// <summary>What stands where the host stands in a link, a mail address, a wildcard or a name with a port.</summary>
    private static string HostIn(string text)
    {
        text = Fang().Replace(text, ".");
        text = Scheme().Replace(text, "").TrimStart('/', '\\');
        var end = text.AsSpan().IndexOfAny("/\\?#");
        text = end < 0 ? text : text[..end];
        text = text[(text.LastIndexOf('@') + 1)..];
        text = text[(text.LastIndexOf('*') + 1)..].TrimStart('.');
        return Port().Replace(text, "").TrimEnd('>', '.').Trim();
    }

    private static bool IsAddress(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var isBlock = slash >= 0 && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        text = Port().Replace(isBlock ? text[..slash] : text, "").Trim('[', ']');
        // IPAddress reads "1" as 0.0.0.1: that is a number, and the rules of names have an answer of their own for it.
        return (text.Contains('.', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(text, out _);
    }

    /// <summary>Controls, direction marks, zero-width signs. The joiners are let through to ICU, which knows where scripts need them.</summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D);

    [GeneratedRegex(@"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fang();

    [GeneratedRegex(@"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|^hxxps?:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Defanged();

    [GeneratedRegex(@"^[a-z][a-z0-9+-]*:(?!\d*$)|[/\\?#]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"^<?[a-z][a-z0-9+-]*:(?!\d+([/?#]|$)|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"(?<=^[^:]*|\]):\d*$", RegexOptions.CultureInvariant)]
    private static partial Regex Port();
}
