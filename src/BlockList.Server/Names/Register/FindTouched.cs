using BlockList.Format.Names;
using Npgsql;

namespace BlockList.Server.Names.Register;

/// <summary>How many published entries a new row of the register would stand against, by list. Numbers alone: entries are shown where
/// reading them is recorded.</summary>
internal sealed class FindTouched(NpgsqlDataSource database, PublicSuffixes suffixes)
{
    public async Task<IReadOnlyList<(string List, int Entries)>> RunAsync(DomainName name, CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        // '/' is the character after '.': between the two lie the names that end with this one and a dot before it.
        await using var command = database.CreateCommand("""
            select e.list, e.name from publishing.published_entry e
            where reverse(e.name) = reverse($1) or (reverse(e.name) >= reverse($1) || '.' and reverse(e.name) < reverse($1) || '/')
              or (e.scope = 'domain' and reverse(e.name) = any ($2))
            """);
        command.Parameters.AddWithValue(name.Ascii);
        command.Parameters.AddWithValue(Above(name.Ascii).Select(Reverse).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (list, entry) = (reader.GetString(0), reader.GetString(1));
            // Of an entry below, a row counts as far up as its registrable domain and no further.
            if (entry.Length > name.Ascii.Length && entry.Length - name.Ascii.Length < suffixes.Locate(entry).Registrable) continue;
            counts[list] = counts.GetValueOrDefault(list) + 1;
        }
        return [.. counts.Select(count => (count.Key, count.Value))];
    }

    private static IEnumerable<string> Above(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1)) yield return name[(dot + 1)..];
    }

    private static string Reverse(string name) => string.Concat(name.Reverse());
}
