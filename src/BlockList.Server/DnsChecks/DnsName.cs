using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using BlockList.Format.Names;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// A name as DNS has it, in lower case and without its final dot: unlike a name that can be listed it may have one label, an
/// underscore, or, when it came over the wire, any octet (written <c>\DDD</c>, RFC 1035 section 5.1). The root is <c>.</c>.
/// </summary>
internal sealed record DnsName
{
    private const int LongestText = 253;
    private const int LongestLabel = 63;

    private DnsName(string text) => Text = text;

    public static DnsName Root { get; } = new(".");

    public string Text { get; }

    /// <summary>The name one label up; null above the root.</summary>
    public DnsName? Parent => this == Root ? null : Text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? new DnsName(Text[(dot + 1)..]) : Root;

    public static DnsName Of(DomainName name) => new(name.Ascii);

    /// <summary>Letters, digits, hyphens and underscores in labels of 1 to 63.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DnsName? name)
    {
        var bare = text is { Length: > 1 } && text[^1] == '.' ? text[..^1] : text ?? "";
        name = text == "." ? Root
            : bare.Length is > 0 and <= LongestText && bare.Split('.').All(label => label.Length is > 0 and <= LongestLabel && label.All(IsPlain)) ? new DnsName(bare.ToLowerInvariant())
            : null;
        return name is not null;
    }

    /// <summary>From labels that were read from a message, at most 255 octets of them.</summary>
    public static DnsName FromLabels(IReadOnlyList<byte[]> labels) => labels.Count == 0 ? Root : new DnsName(string.Join('.', labels.Select(Escape)));

    /// <exception cref="ArgumentException">The result would be too long.</exception>
    public DnsName Below(string label) => TryParse($"{label}.{Text}", out var name) ? name : throw new ArgumentException($"{label} does not fit before a name of {Text.Length} octets", nameof(label));

    public override string ToString() => Text;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static string Escape(byte[] label)
    {
        var text = new StringBuilder(label.Length);
        foreach (var octet in label)
        {
            if (IsPlain((char)octet)) text.Append(char.ToLowerInvariant((char)octet));
            else text.Append(CultureInfo.InvariantCulture, $"\\{octet:D3}");
        }
        return text.ToString();
    }
}
