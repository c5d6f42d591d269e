namespace BlockList.Format.Names;

/// <summary>
/// One line of a list file: <c>name</c> for <see cref="Scope.Domain"/>, <c>=name</c> for <see cref="Scope.Host"/>.
/// Ordered as <c>LC_ALL=C sort</c> orders the lines, so <c>=</c> falls between digits and letters.
/// </summary>
public readonly record struct ListedName(DomainName Name, Scope Scope) : IComparable<ListedName>
{
    private const char HostMark = '=';

    /// <summary>Reads a line without its line end, as strictly as <see cref="DomainName.TryParseCanonical"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ListedName listed)
    {
        var scope = text.StartsWith(HostMark) ? Scope.Host : Scope.Domain;
        var parsed = DomainName.TryParseCanonical(scope == Scope.Host ? text[1..] : text, out var name);
        listed = parsed ? new ListedName(name!, scope) : default;
        return parsed;
    }

    /// <summary>Whether <see cref="TryParse"/> would read the line, without making the value.</summary>
    public static bool IsCanonical(ReadOnlySpan<char> text) =>
        DomainName.IsCanonical(text.StartsWith(HostMark) ? text[1..] : text);

    public int CompareTo(ListedName other) =>
        Scope == other.Scope ? Name.CompareTo(other.Name)
        : Scope == Scope.Host ? HostMark.CompareTo(other.Name.Ascii[0])
        : Name.Ascii[0].CompareTo(HostMark);

    public override string ToString() => Scope == Scope.Host ? HostMark + Name.Ascii : Name.Ascii;

    public static bool operator <(ListedName left, ListedName right) => left.CompareTo(right) < 0;

    public static bool operator <=(ListedName left, ListedName right) => left.CompareTo(right) <= 0;

    public static bool operator >(ListedName left, ListedName right) => left.CompareTo(right) > 0;

    public static bool operator >=(ListedName left, ListedName right) => left.CompareTo(right) >= 0;
}
