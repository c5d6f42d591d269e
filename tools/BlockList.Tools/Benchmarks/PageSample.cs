using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>What requests vary by, drawn from all over the generated entries: handles, names, places in lists.</summary>
internal sealed class PageSample
{
    private const int Size = 400;

    private static readonly (string Name, string Sql)[] Queries =
    [
        ("any", "select id::text from curation.subject where $1 is not null"),
        ("seen", "select subject_id::text from curation.episode where list = 'worst-of' and is_current and stage = 'eligible' and voters like $1"),
        ("blind", "select subject_id::text from curation.episode where list = 'worst-of' and stage = 'review' and voters not like $1"),
        ("closed", "select subject_id::text from curation.episode where list = 'worst-of' and is_current and stage in ('removed', 'lapsed', 'declined') and voters like $1"),
        ("both lists", "select subject_id::text from curation.episode where list = 'no-national' and subject_id in (select subject_id from curation.episode where list = 'worst-of') and $1 is not null"),
        ("name", "select name from curation.subject where $1 is not null"),
        ("rare", "select right(split_part(s.name, '.example', 1), 6) from curation.subject s where $1 is not null and s.name not like '%xn--%'"),
        ("medium", "select substr(split_part(s.name, '-', 2), 3, 3) from curation.subject s where $1 is not null"),
        ("reference", "select reference_type || ':' || reference_number from curation.annotation where $1 is not null"),
        ("name cursor", "select name || '!' || scope || '!' || list from curation.episode where is_current and $1 is not null"),
        ("waiting cursor", "select case when overdue then '1.' else '0.' end || replace(subject_id::text, '-', '') from curation.episode where list = 'worst-of' and stage in ('review', 'disputed', 'suspended') and voters not like $1"),
        ("lapsing cursor", "select (extract(epoch from lapses_at) * 10000000 + 621355968000000000)::bigint || '.' || replace(subject_id::text, '-', '') from curation.episode where list = 'worst-of' and lapsing and voters like $1"),
        ("subject cursor", "select replace(subject_id::text, '-', '') from curation.episode where list = 'worst-of' and is_current and $1 is not null"),
        ("committed import", "select id::text from curation.import where state = 'committed' and agency = 'nl-hotline' and $1 is not null"),
        ("own import", "select id::text from curation.import where state = 'committed' and person = 'bram' and $1 is not null"),
        ("staged import", "select id::text from curation.import where state = 'staged' and agency = 'nl-hotline' and $1 is not null"),
        ("refused import", "select id::text from curation.import where state = 'refused' and agency = 'nl-hotline' and $1 is not null"),
        ("import line", "select line::text from curation.draft d where line > 1 and $1 is not null"),
        ("register row", "select id::text from names.decision where $1 is not null"),
        ("register file", "select sha256 from names.file where $1 is not null"),
        ("held version", "select id::text from publishing.held where $1 is not null"),
        ("case", "select reference from complaint.dossier where leader is null and $1 is not null"),
        ("provider", "select id::text from providers.provider where name like 'Provider %' and $1 is not null"),
        ("change key", "select added_serial || '.' || id from publishing.entry where list = 'worst-of' and $1 is not null"),
        ("serial", "select serial::text from publishing.version where list = 'worst-of' and $1 is not null"),
    ];

    private readonly Dictionary<string, string[]> values = new(StringComparer.Ordinal);

    private PageSample()
    {
    }

    /// <summary>The same for the same place: both sizes and every run ask alike.</summary>
    public string Of(string name, int place)
    {
        var known = values[name];
        // A stride without a common factor walks through all before it repeats.
        return Uri.EscapeDataString(known[(int)(place * 7919L % known.Length)]);
    }

    public static async Task<PageSample> DrawAsync(string connectionString, CancellationToken cancellationToken)
    {
        var sample = new PageSample();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });
        foreach (var (name, sql) in Queries)
        {
            await using var command = source.CreateCommand($"select v from ({sql}) as s (v) order by md5(v) limit {Size}");
            command.Parameters.AddWithValue("%nl-hotline%");
            var found = new List<string>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) found.Add(reader.GetString(0));
            sample.values[name] = found.Count > 0 ? [.. found] : throw new InvalidOperationException($"The generated entries hold no example of: {name}");
        }
        return sample;
    }
}
