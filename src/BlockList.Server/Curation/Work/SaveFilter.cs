using BlockList.Server.Access;
using BlockList.Server.Curation.Entries;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Work;

/// <summary>Keeps a search under a name of the person's own.</summary>
internal sealed class SaveFilter(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Most = 50;

    public async Task<WorkOutcome> RunAsync(string name, EntryFilter filter, Viewer viewer, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (name.Length is 0 or > 60 || name.Any(char.IsControl)) return new WorkOutcome.Refused("name", "Give the filter a name of up to 60 characters.");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"""
            insert into curation.saved_filter (id, person, name, filter) select $1, $2, $3, $4 where (select count(*) from curation.saved_filter where person = $2) < {Most}
            on conflict on constraint saved_filter_name do nothing
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, filter.ToJson());
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            return new WorkOutcome.Refused("name", $"You have a filter of this name already, or {Most} of them. Choose another name, or delete one.");
        await AuditLog.AppendAsync(connection, viewer.Person, "filter.save", id.ToString(), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WorkOutcome.Done();
    }
}
