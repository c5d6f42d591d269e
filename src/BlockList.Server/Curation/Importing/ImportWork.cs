using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>Begins long work on an import of the person's agency: the state of its row says who was first.</summary>
internal sealed class ImportWork(NpgsqlDataSource database, ImportRunner runner)
{
    /// <param name="id">The import.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="from">The state in which it must be, and to which it goes back if the work does not come to its end.</param>
    /// <param name="to">While it is at work. One that has been so in silence for too long may begin again.</param>
    /// <param name="action">For the audit log.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Before it begins; not the work's.</param>
    public async Task<StartOutcome> StartAsync(Guid id, Viewer viewer, string from, string to, string action, Func<IProgress<ImportProgress>, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (!runner.TryReserve(0)) return new StartOutcome.Refused("Many imports are being worked on at this moment. Nothing was decided. Wait a minute and send this again.");
        var isOurs = true;
        try
        {
            if (!await ClaimAsync(id, viewer, from, to, action, cancellationToken)) return new StartOutcome.Past();
            var job = new ImportJob(id, viewer.Agency!, 0, from, work);
            isOurs = false;
            runner.Start(job);
            return new StartOutcome.Started(job.Done);
        }
        finally
        {
            if (isOurs) runner.Free(0);
        }
    }

    private async Task<bool> ClaimAsync(Guid id, Viewer viewer, string from, string to, string action, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("""
            update curation.import set state = $4, heartbeat_at = clock_timestamp(), step = null, looked = 0, of_rows = 0, problem = null
            where id = $1 and agency = $2 and (state = $3 or state = $4 and heartbeat_at < clock_timestamp() - $5)
            """, connection))
        {
            foreach (var value in new object[] { id, viewer.Agency ?? "", from, to, ImportRunner.SilentFor }) command.Parameters.AddWithValue(value);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        }
        await AuditLog.AppendAsync(connection, viewer.Person, action, id.ToString(), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
