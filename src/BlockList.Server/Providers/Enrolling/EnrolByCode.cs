using Npgsql;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>Asks for a certificate by a code, under a login that may do nothing else here. To ask again is to ask what became of it.</summary>
internal sealed class EnrolByCode(NpgsqlDataSource database)
{
    /// <param name="handle">The first five signs of the code.</param>
    /// <param name="proof">That whoever asks has the code, for this key: 32 bytes.</param>
    /// <param name="key">The request, checked.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<RequestAnswer> RunAsync(string handle, byte[] proof, CertifiableKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select outcome, certificate, refusal from providers.enrol($1, $2, $3, $4)");
        command.Parameters.AddWithValue(handle);
        command.Parameters.AddWithValue(proof);
        command.Parameters.AddWithValue(key.Der);
        command.Parameters.AddWithValue(key.Sha256);
        return await RequestAnswer.ReadAsync(command, cancellationToken);
    }
}
