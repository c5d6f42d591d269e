using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Statements;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// The agency registers that the verifier goes by. Its own file is the floor: nothing new rests on an older one. Others, those
/// that old rows of the ledger were taken under and one that reached the publisher first, come from the publisher's table, and
/// are believed for the root holders' signatures alone.
/// </summary>
internal sealed class VerifierRegisters(IOptions<VerifyingOptions> options, NpgsqlDataSource database)
{
    private readonly Dictionary<int, AgencyRegister> known = [];
    private (byte[] Document, AgencyRegister Register)? own;

    /// <exception cref="SigningException">The file is missing, or not signed as it must be.</exception>
    public async Task<AgencyRegister> OwnAsync(CancellationToken cancellationToken)
    {
        byte[] document;
        try
        {
            document = await File.ReadAllBytesAsync(options.Value.Register, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The verifier's agency register cannot be read: {problem.Message}", problem);
        }
        if (own is { } read && read.Document.AsSpan().SequenceEqual(document)) return read.Register;
        own = (document, Open(document, $"The verifier's agency register {options.Value.Register}"));
        return own.Value.Register;
    }

    /// <summary>The register of a version, whoever has it.</summary>
    /// <exception cref="ObjectionException">It is not there, or is not the one that the verifier has.</exception>
    public async Task<AgencyRegister> OfAsync(int version, CancellationToken cancellationToken)
    {
        var floor = await OwnAsync(cancellationToken);
        await using var command = database.CreateCommand("select document from publishing.register where version = $1");
        command.Parameters.AddWithValue(version);
        if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] document) throw new ObjectionException($"the publisher has recorded no register {version}.");
        if (version == floor.Version)
            return Hashes.Sha256(document) == Hashes.Sha256(own!.Value.Document) ? floor : throw new ObjectionException($"register {version} of the publisher is another document than the verifier's. The root holders sign one of each number.");
        if (known.TryGetValue(version, out var register)) return register;
        register = Open(document, $"Register {version} of the publisher's table");
        return register.Version == version ? known[version] = register : throw new ObjectionException($"the publisher recorded register {register.Version} as number {version}.");
    }

    private AgencyRegister Open(byte[] document, string what)
    {
        var roots = PinnedRoots.Load(options.Value.RegisterRoots);
        try
        {
            return AgencyRegister.Open(document, roots.Role, roots.Keys);
        }
        catch (MalformedDocumentException problem)
        {
            throw new SigningException($"{what} is refused: {problem.Message}.", problem);
        }
    }
}
