using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Signing;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>The agency registers that were ever in force, from where the publisher recorded them; believed for the root holders'
/// signatures alone.</summary>
internal sealed class RecordedRegisters(NpgsqlDataSource database, PinnedRegister pinned)
{
    private readonly Dictionary<int, AgencyRegister> known = [];

    /// <exception cref="SigningException">It is not there, or is not one that the root holders signed under this number.</exception>
    public async Task<AgencyRegister> ReadAsync(int version, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(version, out var register)) return register;
        await using var command = database.CreateCommand("select document from publishing.register where version = $1");
        command.Parameters.AddWithValue(version);
        if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] document)
            throw new SigningException($"publishing.register has no version {version}. Restore that table from a backup; root holders keep each register that they signed.");
        try
        {
            var roots = pinned.Roots;
            register = AgencyRegister.Open(document, roots.Role, roots.Keys);
        }
        catch (MalformedDocumentException problem)
        {
            throw new SigningException($"Version {version} in publishing.register is refused: {problem.Message}. Restore that table from a backup; root holders keep each register that they signed.", problem);
        }
        return register.Version == version ? known[version] = register : throw new SigningException($"publishing.register has register {register.Version} as version {version}. Restore that table from a backup.");
    }
}
