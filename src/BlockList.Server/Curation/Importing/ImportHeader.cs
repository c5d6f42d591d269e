namespace BlockList.Server.Curation.Importing;

/// <summary>The first line of an import file. Columns may stand in any order; a misspelt one is an error that names the right one.</summary>
internal static class ImportHeader
{
    /// <returns>What is wrong, or null.</returns>
    public static ImportError? FindError(string[] header, string[] columns)
    {
        var missing = columns.Except(header, StringComparer.Ordinal).ToArray();
        var unknown = header.Except(columns, StringComparer.Ordinal).ToArray();
        if (missing.Length == 0 && unknown.Length == 0 && header.Length == columns.Length) return null;
        var what = string.Join(" ", new[]
        {
            missing.Length > 0 ? $"These columns are missing: {string.Join(", ", missing)}." : "",
            unknown.Length > 0 ? $"These are not known: {string.Join(", ", unknown.Select(ImportError.Cut))}." : "",
            header.Distinct(StringComparer.Ordinal).Count() < header.Length ? "A column stands twice." : "",
        }.Where(part => part.Length > 0));
        return new ImportError(1, "", ImportError.Cut(string.Join(',', header)), what, string.Join(" ", Hints(header, unknown, missing).Append("Write the header as " + string.Join(',', columns))));
    }

    private static IEnumerable<string> Hints(string[] header, string[] unknown, string[] missing)
    {
        if (header is [var only] && only.IndexOfAny([';', '\t']) >= 0)
        {
            yield return $"The columns are separated by {(only.Contains(';', StringComparison.Ordinal) ? "semicolons" : "tabs")}: save the file with commas between them.";
            yield break;
        }
        foreach (var name in unknown)
            if (missing.Where(column => IsLike(name, column)).ToArray() is [var meant]) yield return $"Write {meant} instead of {ImportError.Cut(name)}.";
    }

    /// <summary>The same but for case, spaces and signs, or at most two letters off.</summary>
    private static bool IsLike(string name, string column)
    {
        if (name.Length > 40) return false;
        var (typed, right) = (Letters(name), Letters(column));
        return typed == right || (right.Length > 3 && Distance(typed, right) <= 2);
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>How many letters must be put in, left out or changed (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
