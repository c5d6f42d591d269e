using Npgsql;

namespace BlockList.Server.Providers;

/// <summary>Looks up certificates. Nothing is remembered between two calls: a revocation is effective at once.</summary>
internal sealed class Enrolments(NpgsqlDataSource database)
{
    // `union` and not `union all`: rows that named each other as their origin would otherwise never end.
    private const string Query = """
        with recursive origin as (
          select sha256, renewed_from, revoked_at from providers.certificate where sha256 = $1
          union
          select c.sha256, c.renewed_from, c.revoked_at from providers.certificate c join origin o on c.sha256 = o.renewed_from)
        select p.id, p.name, p.suspended_at, r.revoked_at, r.sha256,
          array(select list from providers.provider_list where provider_id = p.id order by list collate "C")
        from providers.certificate c
        join providers.provider p on p.id = c.provider_id
        left join lateral (select revoked_at, sha256 from origin where revoked_at is not null order by revoked_at limit 1) r on true
        where c.sha256 = $1
        """;

    /// <summary>Null where no such certificate is enrolled, whoever signed it.</summary>
    public async Task<Enrolment?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        command.Parameters.AddWithValue(sha256);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new Enrolment(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
            reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
            reader.IsDBNull(4) ? null : reader.GetString(4),
            reader.GetFieldValue<string[]>(5));
    }
}
