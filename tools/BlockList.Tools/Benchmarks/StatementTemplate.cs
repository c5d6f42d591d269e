using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Tools.Benchmarks;

/// <summary>Canonical statements for the database to fill in: written by the type itself, with a place of SQL's
/// <c>format()</c> where each decision has its own value.</summary>
internal static class StatementTemplate
{
    private static readonly DateTimeOffset DecidedAt = new(2001, 1, 1, 0, 0, 1, TimeSpan.Zero);
    private static readonly DateTimeOffset SightedAt = new(2001, 1, 1, 0, 0, 2, TimeSpan.Zero);
    private static readonly Guid Id = new("00000000-0000-7000-8000-00000000000a");
    private static readonly Guid Episode = new("00000000-0000-7000-8000-00000000000b");
    private static readonly Guid Supersedes = new("00000000-0000-7000-8000-00000000000c");
    private const long Sequence = 987654321;
    private const string Name = "place.example";
    private static readonly string Previous = new('a', 64);
    private static readonly string Reference = new('b', 64);
    private static readonly string Note = new('c', 64);

    /// <summary>Places: 1 decided at, 2 sighted at, 3 id, 4 episode, 5 supersedes, 6 name, 7 scope, 8 sequence, 9 previous, 10 reference, 11 note.</summary>
    public static string Of(DecisionStatement statement, bool isAnnotated)
    {
        _ = DomainName.TryParseCanonical(Name, out var name);
        var text = Encoding.UTF8.GetString((statement with
        {
            Id = Id,
            Episode = Episode,
            Name = new ListedName(name!, Scope.Domain),
            Sequence = Sequence,
            Previous = Previous,
            SightedAt = statement.SightedAt is null ? null : SightedAt,
            Supersedes = statement.Supersedes is null ? null : Supersedes,
            ReferenceSha256 = isAnnotated ? Reference : null,
            NoteSha256 = isAnnotated ? Note : null,
            DecidedAt = DecidedAt,
        }).ToCanonicalBytes()).Replace("%", "%%", StringComparison.Ordinal);
        (string Value, int Place)[] places =
        [
            ($"\"{Timestamp.Format(DecidedAt)}\"", 1), ($"\"{Timestamp.Format(SightedAt)}\"", 2), ($"\"{Id}\"", 3), ($"\"{Episode}\"", 4), ($"\"{Supersedes}\"", 5),
            ($"\"{Name}\"", 6), ("\"domain\"", 7), ($"\"{Previous}\"", 9), ($"\"{Reference}\"", 10), ($"\"{Note}\"", 11),
        ];
        foreach (var (value, place) in places) text = text.Replace(value, $"\"%{place}$s\"", StringComparison.Ordinal);
        return text.Replace(Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), "%8$s", StringComparison.Ordinal);
    }
}
