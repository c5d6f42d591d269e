using Npgsql;

namespace BlockList.Server.Providers;

/// <summary>Looks up certificates. Nothing is remembered between two calls: a revocation is effective at once.</summary>
internal sealed class Enrolments(NpgsqlDataSource database)
{
    // `union` and not `union all`: rows that named each other as their origin would otherwise never end.
    /// <summary>For the certificates of the first parameter: what <see cref="Of"/> reads, and each certificate first.</summary>
    public const string Query = """
        with recursive origin as (
          select sha256 as asked, sha256, renewed_from, revoked_at from providers.certificate where sha256 = any ($1)
          union
          select o.asked, c.sha256, c.renewed_from, c.revoked_at from providers.certificate c join origin o on c.sha256 = o.renewed_from)
        select c.sha256, p.id as provider_id, p.name, p.suspended_at, r.revoked_at, r.sha256 as revoked_sha256,
          array(select list from providers.provider_list where provider_id = p.id order by list collate "C") as lists
        from providers.certificate c
        join providers.provider p on p.id = c.provider_id
        left join (select distinct on (asked) asked, revoked_at, sha256 from origin where revoked_at is not null order by asked, revoked_at) r on r.asked = c.sha256
        where c.sha256 = any ($1)
        """;

    /// <summary>For each certificate in their order; null where none is enrolled, whoever signed it.</summary>
    public async Task<IReadOnlyList<Enrolment?>> FindAsync(IReadOnlyList<string> sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue(sha256.Distinct(StringComparer.Ordinal).ToArray());
        // Planned once for each connection: planning takes longer than the answer.
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, Enrolment>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetString(0), Of(reader));
        return [.. sha256.Select(asked => found.GetValueOrDefault(asked))];
    }

    /// <summary>One row of <see cref="Query"/>.</summary>
    public static Enrolment Of(NpgsqlDataReader reader) => new(
        reader.GetGuid(1),
        reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetFieldValue<string[]>(6));
}
