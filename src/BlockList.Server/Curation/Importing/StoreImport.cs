using BlockList.Format.Names;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Importing;

/// <summary>Writes what became of a file, inside the caller's transaction.</summary>
internal static class StoreImport
{
    /// <summary>As it is kept: for people to recognise it.</summary>
    public static string FileName(string given)
    {
        // Some browsers say the whole path of the person's machine.
        var name = string.Concat(given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Select(c => char.IsControl(c) ? '\uFFFD' : c)).Trim();
        return name.Length == 0 ? "names.csv" : name.Length <= 200 ? name : name[..200];
    }

    /// <summary>Drafts and counts of a file that holds.</summary>
    public static async Task StagedAsync(NpgsqlConnection connection, Guid import, FileCheck file, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand("""
            update curation.import set rows = $2, proposals = $3, reviews = $4, skipped = $5, warnings = $6, criteria_sha256 = $7 where id = $1
            """, connection))
        {
            foreach (var value in new object[] { import, file.Rows.Count, file.Proposals, file.Reviews, file.Skipped.Count, file.Warnings.Count, file.CriteriaSha256 }) command.Parameters.AddWithValue(value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await DraftsAsync(connection, import, file, cancellationToken);
        await FindingsAsync(connection, import, ImportFinding.Warning, file.Warnings, cancellationToken);
        await FindingsAsync(connection, import, ImportFinding.Skipped, file.Skipped.Select(row => new ImportError(row.Line, "domain", row.Name.Name.Ascii, "Your agency has assessed this name already.", "Nothing: it was left aside.")), cancellationToken);
    }

    public static async Task FindingsAsync(NpgsqlConnection connection, Guid import, string kind, IEnumerable<ImportError> findings, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy curation.import_finding (import_id, kind, number, line, column_name, value, reason, fix) from stdin (format binary)", cancellationToken);
        writer.Timeout = StoreDecisions.Patience;
        var number = 0;
        foreach (var finding in findings)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(import, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(kind, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(++number, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(finding.Line, NpgsqlDbType.Integer, cancellationToken);
            foreach (var text in new[] { finding.Column, finding.Value, finding.Reason, finding.Fix }) await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    private static async Task DraftsAsync(NpgsqlConnection connection, Guid import, FileCheck file, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy curation.draft (import_id, line, name, scope, is_review, sighted_at, verdicts, reference_type, reference_number, note) from stdin (format binary)", cancellationToken);
        writer.Timeout = StoreDecisions.Patience;
        foreach (var row in file.Rows)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(import, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(row.Line, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(row.Name.Name.Ascii, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(row.Name.Scope == Scope.Host ? "host" : "domain", NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(file.Known.Contains(row.Name), NpgsqlDbType.Boolean, cancellationToken);
            await writer.WriteAsync(row.SightedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(Draft.Print(row.Verdicts), NpgsqlDbType.Jsonb, cancellationToken);
            foreach (var text in new[] { row.ReferenceType, row.ReferenceNumber, row.Note })
            {
                if (text is null) await writer.WriteNullAsync(cancellationToken);
                else await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
            }
        }
        await writer.CompleteAsync(cancellationToken);
    }
}
