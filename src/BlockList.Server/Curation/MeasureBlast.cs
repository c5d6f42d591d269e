using System.Globalization;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>What listing a name would stop: one number and one sentence, shown before a person signs and kept in what they sign.
/// Of other lists it counts what is published, and nothing that another agency has yet to say.</summary>
internal sealed class MeasureBlast(NpgsqlDataSource database, CurrentGuard guards, PublicSuffixes suffixes)
{
    private const int Chunk = 5000;

    public async Task<BlastRadius> RunAsync(ListedName name, CancellationToken cancellationToken) => (await RunAsync([name], cancellationToken))[0];

    /// <returns>In the order of <paramref name="names"/>.</returns>
    public async Task<IReadOnlyList<BlastRadius>> RunAsync(IReadOnlyList<ListedName> names, CancellationToken cancellationToken)
    {
        var guard = await guards.ReadAsync(cancellationToken);
        var published = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            foreach (var chunk in names.Where(n => n.Scope == Scope.Domain).Select(n => n.Name.Ascii).Distinct(StringComparer.Ordinal).Chunk(Chunk))
                await CountPublishedBelowAsync(connection, chunk, published, cancellationToken);
        }
        return [.. names.Select(name => Describe(name, guard, published.GetValueOrDefault(name.Name.Ascii)))];
    }

    private BlastRadius Describe(ListedName entry, NameGuard guard, long publishedBelow)
    {
        var (name, place) = (entry.Name.Ascii, suffixes.Locate(entry.Name.Ascii));
        var registrable = Math.Max(place.Registrable, 0);
        var match = guard.Register.Find(name, registrable, entry.Scope);
        var isShared = place.Section == SuffixSection.Private;
        var reach = entry.Scope == Scope.Host ? BlastRadius.Host : registrable == 0 ? BlastRadius.Registrable : BlastRadius.Below;
        var known = entry.Scope == Scope.Host ? 0 : match.NamesBelow + publishedBelow;
        long? rank = match.Gravest.Rank > 0 && match.Place != RowPlace.Below ? match.Gravest.Rank : null;
        var sentence = reach switch
        {
            BlastRadius.Host => $"Listing it stops {name} and nothing below it.",
            BlastRadius.Registrable => $"Listing it stops {name} and everything below it: a whole registered domain.",
            _ => $"Listing it stops {name} and everything below it. It lies below {name[registrable..]}, which this proposal does not touch.",
        };
        if (isShared) sentence += place.IsDynamic ? $" It is a name of a dynamic DNS service ({name[place.Suffix..]})." : $" It is a name on shared hosting ({name[place.Suffix..]}).";
        if (known > 0) sentence += string.Create(CultureInfo.InvariantCulture, $" {(known == 1 ? "1 other name" : $"{known:N0} other names")} that the system knows would be stopped too{(match.GravestBelow.IsNone ? "" : $", {match.GravestBelow.Name} among them")}.");
        if (rank is not null) sentence += string.Create(CultureInfo.InvariantCulture, $" {match.Gravest.Name} is number {rank:N0} of the most visited sites.");
        return new BlastRadius(reach, isShared, known, rank, sentence);
    }

    private static async Task CountPublishedBelowAsync(NpgsqlConnection connection, string[] names, Dictionary<string, long> counts, CancellationToken cancellationToken)
    {
        // '/' is the character after '.': between the two lie the names that end with this one and a dot before it.
        await using var command = new NpgsqlCommand("""
            select asked.name, below.count from unnest($1::text[]) as asked (name)
            cross join lateral (select count(distinct e.name) from publishing.published_entry e
              where reverse(e.name) >= reverse(asked.name) || '.' and reverse(e.name) < reverse(asked.name) || '/') as below (count)
            where below.count > 0
            """, connection);
        command.Parameters.AddWithValue(names);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) counts[reader.GetString(0)] = reader.GetInt64(1);
    }
}
