using BlockList.Format;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>Reads an import file and stages its rows as drafts: nothing is decided yet. All rows or none.</summary>
internal sealed class StageImport(IDbContextFactory<BlockListDb> contexts, CheckFile check, TimeProvider clock)
{
    /// <param name="content">The file. It is parsed and dropped; its hash is kept.</param>
    /// <param name="fileName">For people to recognise the import.</param>
    /// <param name="listId">The list.</param>
    /// <param name="personId">Who imports.</param>
    /// <param name="dryRun">Only report, by the same validator.</param>
    /// <param name="skipKnown">Leave out rows that the person's own agency has voted on already, instead of refusing the file.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<StageOutcome> RunAsync(byte[] content, string fileName, string listId, string personId, bool dryRun, bool skipKnown, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == personId, cancellationToken)
            ?? throw new CurationException($"There is no person {personId}. Ask your agency's administrator, or check the spelling.");
        if (person.Agency is not { } agency) throw new CurationException($"{person.Name} belongs to no agency. Files are imported by people of an agency.");
        var file = await check.RunAsync(db, content, listId, agency, skipKnown, progress, cancellationToken);
        if (file.Errors.Count > 0) return new StageOutcome.Refused(file.Errors);
        if (dryRun || file.Rows.Count == 0) return new StageOutcome.Staged(null, file.Proposals, file.Reviews, file.Skipped.Count);

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var command = new NpgsqlCommand("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, skip_known) values ($1, $2, $3, $4, $5, $6, 0, $7)
            """, connection))
        {
            foreach (var value in new object[] { id, listId, person.Id, agency, StoreImport.FileName(fileName), Hashes.Sha256(content), skipKnown }) command.Parameters.AddWithValue(value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await StoreImport.StagedAsync(connection, id, file, cancellationToken);
        await AuditLog.AppendAsync(connection, person.Id, "import.stage", id.ToString(), new() { ["list"] = listId, ["rows"] = file.Rows.Count, ["file_sha256"] = Hashes.Sha256(content) }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new StageOutcome.Staged(id, file.Proposals, file.Reviews, file.Skipped.Count);
    }
}
