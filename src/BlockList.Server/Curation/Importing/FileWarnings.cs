using BlockList.Format.Names;
using BlockList.Server.Names;

namespace BlockList.Server.Curation.Importing;

/// <summary>What rows say together that no row says alone, and that a person should look at before signing.</summary>
internal static class FileWarnings
{
    /// <summary>So many names below one registrable domain look like the customers of one host.</summary>
    private const int ManyBelow = 5;

    public static IReadOnlyList<ImportError> Of(IReadOnlyList<ImportRow> rows, PublicSuffixes suffixes)
    {
        var warnings = new List<ImportError>();
        var whole = rows.Where(r => r.Name.Scope == Scope.Domain).ToDictionary(r => r.Name.Name.Ascii, r => r.Line, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var below = new Dictionary<string, List<ImportRow>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var name = row.Name.Name.Ascii;
            if (FindCover(row, whole) is { } line)
                warnings.Add(new ImportError(row.Line, "domain", name, $"Line {line} lists a whole domain that this name lies in.", "Listing both stops no more than listing the domain. If only this name carries the material, take the other row out."));
            if (suffixes.Find(row.Name.Name).Registrable is not { } registrable || registrable.Ascii == name) continue;
            if (!below.TryGetValue(registrable.Ascii, out var siblings)) below.Add(registrable.Ascii, siblings = []);
            siblings.Add(row);
        }
        foreach (var (registrable, siblings) in below.Where(b => b.Value.Count >= ManyBelow))
        {
            var first = siblings[0];
            warnings.Add(new ImportError(first.Line, "domain", first.Name.Name.Ascii, $"{siblings.Count} names of the file lie below {registrable}.",
                "If that is a host with many customers, host only is the scope that harms nobody else; tell the host, too. Look at these rows before you sign."));
        }
        return [.. warnings.OrderBy(w => w.Line)];
    }

    /// <summary>The line of another row that covers this one.</summary>
    private static int? FindCover(ImportRow row, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> whole)
    {
        var name = row.Name.Name.Ascii;
        if (row.Name.Scope == Scope.Host && whole.TryGetValue(name, out var same)) return same;
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (whole.TryGetValue(name.AsSpan(dot + 1), out var line)) return line;
        return null;
    }
}
