using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>The agency register that this publisher goes by: read from its own file, checked against its own pinned roots.</summary>
internal sealed class PinnedRegister(IOptions<PublishingOptions> options, NpgsqlDataSource database)
{
    /// <summary>The root holders' keys, from this publisher's own file.</summary>
    public PinnedRoots Roots => PinnedRoots.Load(options.Value.RegisterRoots);

    /// <summary>Reads the register and records a version that is new.</summary>
    /// <exception cref="SigningException">It is missing, not signed as it must be, older than one taken before, or a
    /// different document under a version that was taken.</exception>
    public async Task<AgencyRegister> TakeAsync(CancellationToken cancellationToken)
    {
        var roots = Roots;
        var document = await ReadAsync(options.Value.Register, cancellationToken);
        AgencyRegister register;
        try
        {
            register = AgencyRegister.Open(document, roots.Role, roots.Keys);
        }
        catch (MalformedDocumentException problem)
        {
            throw new SigningException($"The agency register {options.Value.Register} is refused: {problem.Message}. Nothing is published until the file that the root holders signed is back.", problem);
        }
        await RecordAsync(register.Version, document, cancellationToken);
        return register;
    }

    private async Task RecordAsync(int version, byte[] document, CancellationToken cancellationToken)
    {
        var sha256 = Hashes.Sha256(document);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var newest = new NpgsqlCommand("select version, sha256 from publishing.register order by version desc limit 1", connection))
        {
            await using var reader = await newest.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                var (known, knownSha256) = (reader.GetInt32(0), reader.GetString(1));
                if (known == version && knownSha256 == sha256) return;
                if (known >= version)
                    throw new SigningException($"The agency register has version {version}, but version {known} was taken already and is another document. A register only ever counts up: put the newest one back.");
            }
        }
        await using var insert = new NpgsqlCommand("insert into publishing.register (version, sha256, document) values ($1, $2, $3) on conflict do nothing", connection);
        insert.Parameters.AddWithValue(version);
        insert.Parameters.AddWithValue(sha256);
        insert.Parameters.AddWithValue(document);
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == 1)
            await AuditLog.AppendAsync(connection, "publisher", "register.take", $"register {version}", new() { ["sha256"] = sha256 }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The agency register cannot be read: {problem.Message}", problem);
        }
    }
}
