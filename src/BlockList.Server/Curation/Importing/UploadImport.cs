using BlockList.Format;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <param name="Id">Of the form, and of the import that it becomes: sent twice, it is one import.</param>
/// <param name="Content">The file, in memory; nothing of it is left on a disk.</param>
internal sealed record UploadRequest(Guid Id, string List, string FileName, byte[] Content, bool SkipKnown);

internal abstract record UploadOutcome
{
    private UploadOutcome()
    {
    }

    /// <param name="Done">When the check has come to its end.</param>
    internal sealed record Accepted(Task Done) : UploadOutcome;

    /// <summary>The same form came before.</summary>
    internal sealed record Repeated : UploadOutcome;

    internal sealed record Refused(string Reason) : UploadOutcome;
}

/// <summary>Takes a file that somebody uploaded: a row that says so, and the check of it in the background. The file goes to
/// the check and nowhere else.</summary>
internal sealed class UploadImport(IDbContextFactory<BlockListDb> contexts, CheckFile check, ImportRunner runner)
{
    public async Task<UploadOutcome> RunAsync(UploadRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.Agency is not { } agency) return new UploadOutcome.Refused("You belong to no agency. Files are imported by people of an agency.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Lists.AnyAsync(l => l.Id == request.List && l.LeaseMonths != null, cancellationToken)) return new UploadOutcome.Refused("There is no such list that takes proposals. Choose another.");
        if (await NationalLists.FindObjectionAsync(db, request.List, agency, cancellationToken) is { } objection) return new UploadOutcome.Refused(objection);
        var size = request.Content.LongLength;
        if (!runner.TryReserve(size)) return new UploadOutcome.Refused("Many files are being checked at this moment, and yours was not taken. Wait a minute and send it again.");
        var isOurs = true;
        try
        {
            if (!await StoreAsync(db, request, agency, viewer, cancellationToken)) return new UploadOutcome.Repeated();
            var job = new ImportJob(request.Id, agency, size, ImportStates.Failed, (progress, token) => CheckAsync(request, agency, viewer.Person, progress, token));
            isOurs = false;
            runner.Start(job);
            return new UploadOutcome.Accepted(job.Done);
        }
        finally
        {
            if (isOurs) runner.Free(size);
        }
    }

    private static async Task<bool> StoreAsync(BlockListDb db, UploadRequest request, string agency, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var hash = Hashes.Sha256(request.Content);
        await using (var command = new NpgsqlCommand("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, skip_known, state, heartbeat_at)
            values ($1, $2, $3, $4, $5, $6, 0, $7, 'checking', clock_timestamp()) on conflict (id) do nothing
            """, connection))
        {
            foreach (var value in new object[] { request.Id, request.List, viewer.Person, agency, StoreImport.FileName(request.FileName), hash, request.SkipKnown }) command.Parameters.AddWithValue(value);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        }
        await AuditLog.AppendAsync(connection, viewer.Person, "import.upload", request.Id.ToString(), new() { ["list"] = request.List, ["bytes"] = request.Content.Length, ["file_sha256"] = hash }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task CheckAsync(UploadRequest request, string agency, string person, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var file = await check.RunAsync(db, request.Content, request.List, agency, request.SkipKnown, progress, cancellationToken);
        progress.Report(new ImportProgress("Storing what was found", 0, 0));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var state = file.Errors.Count > 0 ? ImportStates.Refused : ImportStates.Staged;
        await using (var command = new NpgsqlCommand("update curation.import set state = $2, errors = $3, heartbeat_at = null, step = null where id = $1 and state = 'checking'", connection))
        {
            command.Parameters.AddWithValue(request.Id);
            command.Parameters.AddWithValue(state);
            command.Parameters.AddWithValue(file.Errors.Count);
            // Somebody took it for dead and discarded it.
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return;
        }
        if (file.Errors.Count > 0) await StoreImport.FindingsAsync(connection, request.Id, ImportFinding.Error, file.Errors, cancellationToken);
        else await StoreImport.StagedAsync(connection, request.Id, file, cancellationToken);
        await AuditLog.AppendAsync(connection, person, file.Errors.Count > 0 ? "import.refuse" : "import.stage", request.Id.ToString(),
            new() { ["list"] = request.List, ["rows"] = file.Rows.Count, ["errors"] = file.Errors.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
