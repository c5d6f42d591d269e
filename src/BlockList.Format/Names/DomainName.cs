using System.Diagnostics.CodeAnalysis;

namespace BlockList.Format.Names;

/// <summary>
/// A domain name that can be listed: lower-case ASCII, two labels or more, no final dot, at most
/// <see cref="NameLimits.Listable"/> octets. Later code trusts the type. Ordered as <c>LC_ALL=C sort</c> orders <see cref="Ascii"/>.
/// </summary>
public sealed class DomainName : IEquatable<DomainName>, IComparable<DomainName>
{
    private string? unicode;

    private DomainName(string ascii) => Ascii = ascii;

    /// <summary>The name in letters, digits and hyphens, internationalised labels as A-labels (RFC 5890 section 2.3.2.1).</summary>
    public string Ascii { get; }

    /// <summary>
    /// The name as people read it, A-labels turned into U-labels; equal to <see cref="Ascii"/> where this machine's ICU
    /// does not know a character in it. For display only; put it inside <c>&lt;bdi&gt;</c>.
    /// </summary>
    public string Unicode => unicode ??= HasALabel(Ascii) ? Idn.ToUnicode(Ascii) ?? Ascii : Ascii;

    /// <summary>2 or more.</summary>
    public int LabelCount => Ascii.AsSpan().Count('.') + 1;

    /// <summary>The name one label up, or null if that is a top label, which cannot be listed.</summary>
    public DomainName? Parent
    {
        get
        {
            var above = Ascii.IndexOf('.', StringComparison.Ordinal) + 1;
            return Ascii.IndexOf('.', above) < 0 ? null : new DomainName(Ascii[above..]);
        }
    }

    /// <summary>Reads what a person types or pastes: U-labels or A-labels, any case, one final dot, blanks around it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DomainName? name, [NotNullWhen(false)] out NameProblem? problem)
    {
        problem = TypedName.Read(text, out var ascii);
        name = problem is null ? new DomainName(ascii) : null;
        return name is not null;
    }

    /// <summary>
    /// Reads a name as it stands in list files: everything that <see cref="Ascii"/> prints, and no other spelling of it.
    /// Allocates nothing but the result. Of a label that starts with <c>xn--</c> it checks that its Punycode is well-formed
    /// and holds a character outside ASCII (RFC 3492). What depends on a version of Unicode (is the character allowed,
    /// is it its own normal form, does the name read in one direction) <see cref="TryParse"/> asks when the name is entered;
    /// here it would let two machines with different ICU disagree about one signed list.
    /// </summary>
    public static bool TryParseCanonical(ReadOnlySpan<char> text, [NotNullWhen(true)] out DomainName? name)
    {
        name = IsCanonical(text) ? new DomainName(text.ToString()) : null;
        return name is not null;
    }

    /// <summary>Whether <see cref="TryParseCanonical"/> would read the text, without making the value.</summary>
    public static bool IsCanonical(ReadOnlySpan<char> text) => NameShape.Of(text).Fault == ShapeFault.None;

    /// <summary>True if this name lies below the other one; false for the name itself.</summary>
    public bool IsBelow(DomainName other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var dot = Ascii.Length - other.Ascii.Length - 1;
        return dot > 0 && Ascii[dot] == '.' && Ascii.EndsWith(other.Ascii, StringComparison.Ordinal);
    }

    public int CompareTo(DomainName? other) => string.CompareOrdinal(Ascii, other?.Ascii);

    public bool Equals(DomainName? other) => other is not null && Ascii == other.Ascii;

    public override bool Equals(object? obj) => Equals(obj as DomainName);

    public override int GetHashCode() => Ascii.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Ascii;

    public static bool operator ==(DomainName? left, DomainName? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DomainName? left, DomainName? right) => !(left == right);

    public static bool operator <(DomainName? left, DomainName? right) => string.CompareOrdinal(left?.Ascii, right?.Ascii) < 0;

    public static bool operator <=(DomainName? left, DomainName? right) => string.CompareOrdinal(left?.Ascii, right?.Ascii) <= 0;

    public static bool operator >(DomainName? left, DomainName? right) => right < left;

    public static bool operator >=(DomainName? left, DomainName? right) => right <= left;

    private static bool HasALabel(string ascii) =>
        ascii.StartsWith("xn--", StringComparison.Ordinal) || ascii.Contains(".xn--", StringComparison.Ordinal);
}
