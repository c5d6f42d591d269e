using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Deletes one of the person's own saved searches.</summary>
internal sealed class DeleteFilter(NpgsqlDataSource database)
{
    public async Task<WorkOutcome> RunAsync(Guid id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("delete from curation.saved_filter where id = $1 and person = $2", connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(viewer.Person);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return new WorkOutcome.Unchanged();
        await AuditLog.AppendAsync(connection, viewer.Person, "filter.delete", id.ToString(), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WorkOutcome.Done();
    }
}
