using BlockList.Format;
using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Names.Register;

/// <summary>What an import of a stored file would do.</summary>
/// <param name="Read">The file as the register reads it.</param>
/// <param name="New">Names that the list in force does not have.</param>
/// <param name="Gone">Names of the list in force that this one does not have.</param>
/// <param name="InForce">The list that it replaces, or null.</param>
internal sealed record SiteImportPlan(string Sha256, SiteFile Read, int New, int Gone, RegisterStatement? InForce)
{
    /// <summary>A list that loses more than a tenth at once is more often cut off than out of date.</summary>
    public bool Shrinks => InForce?.Rows is { } before && Read.Rows < before - before / 10;

    public bool IsInForce => InForce?.FileSha256 == Sha256;
}

/// <summary>
/// The dry run of an import. The file is stored by its hash, where nothing goes by it until somebody signs an import of that
/// hash: what was looked at is what is signed, and nobody sends a million lines twice.
/// </summary>
internal sealed class CheckSiteFile(NpgsqlDataSource database, CurrentGuard guards, ReadRegister register)
{
    /// <returns>Hash of the stored file and null, or how the file reads that is not taken.</returns>
    public async Task<(string Sha256, SiteFile? Refused)> StoreAsync(byte[] content, Viewer person, CancellationToken cancellationToken)
    {
        var read = SiteFile.Read(content, new NameTable.Builder(content.Length / 20), 0);
        var sha256 = Hashes.Sha256(content);
        if (read.Problem is not null) return (sha256, read);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("insert into names.file (sha256, content) values ($1, $2) on conflict (sha256) do nothing", connection))
        {
            command.Parameters.AddWithValue(sha256);
            command.Parameters.AddWithValue(NpgsqlDbType.Bytea, content);
            if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
                await AuditLog.AppendAsync(connection, person.Person, "register.upload", sha256, new() { ["bytes"] = content.Length, ["rows"] = read.Rows, ["left_out"] = read.LeftOut }, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return (sha256, null);
    }

    /// <summary>The stored file, or null where no file has that hash.</summary>
    public async Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select content from names.file where sha256 = $1");
        command.Parameters.AddWithValue(sha256);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    public async Task<SiteImportPlan?> RunAsync(string sha256, CancellationToken cancellationToken)
    {
        if (await FindAsync(sha256, cancellationToken) is not { } content) return null;
        var names = new NameTable.Builder(content.Length / 20);
        var read = SiteFile.Read(content, names, 0);
        var inForce = (await register.SummariseAsync(cancellationToken)).Sites;
        var (added, gone) = (await guards.ReadAsync(cancellationToken)).Register.CompareSites(names.Build());
        return new SiteImportPlan(sha256, read, added, gone, inForce);
    }
}
