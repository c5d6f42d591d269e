using System.Text.Json;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Work;

/// <summary>Searches that a person keeps under a name. Nobody else sees them.</summary>
internal sealed class SavedFilters(NpgsqlDataSource database, TimeProvider clock)
{
    public const int Most = 30;

    public async Task<IReadOnlyList<SavedFilterRow>> ReadAsync(Viewer person, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, name, filter ->> 'query' from curation.saved_filter where person = $1 order by name limit $2");
        command.Parameters.AddWithValue(person.Person);
        command.Parameters.AddWithValue(Most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var filters = new List<SavedFilterRow>();
        while (await reader.ReadAsync(cancellationToken)) filters.Add(new SavedFilterRow(reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        return filters;
    }

    /// <returns>Null where it is saved; otherwise why not.</returns>
    public async Task<string?> SaveAsync(Viewer person, string name, string query, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > 60 || !VisibleText.IsLabel(name)) return "Give the filter a name of at most 60 visible characters.";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            insert into curation.saved_filter (id, person, name, filter)
            select $1, $2, $3, $4 where (select count(*) from curation.saved_filter where person = $2) < $5
            """, connection);
        command.Parameters.AddWithValue(Guid.CreateVersion7(clock.GetUtcNow()));
        command.Parameters.AddWithValue(person.Person);
        command.Parameters.AddWithValue(name);
        command.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(new { query }), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(Most);
        try
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return $"You have {Most} filters already. Forget one first.";
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return "You have a filter of this name already. Choose another name, or forget the old one first.";
        }
        await AuditLog.AppendAsync(connection, person.Person, "filter.save", person.Person, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    public async Task DeleteAsync(Viewer person, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var deleted = await EntryWork.ExecuteAsync(connection, "delete from curation.saved_filter where id = $1 and person = $2", cancellationToken, id, person.Person);
        if (deleted > 0) await AuditLog.AppendAsync(connection, person.Person, "filter.delete", person.Person, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
