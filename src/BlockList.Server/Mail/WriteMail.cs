using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Mail;

/// <summary>Writes a mail inside the caller's transaction: what happened and the mail that tells of it are committed together or
/// not at all. The worker sends it.</summary>
internal static class WriteMail
{
    /// <param name="connection">With its transaction open.</param>
    /// <param name="letter">Whom to tell what.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <returns>False where a mail with this message id was written before.</returns>
    /// <exception cref="PostgresException">A check does not hold: a value that the template does not take, or of another form.</exception>
    public static async Task<bool> RunAsync(NpgsqlConnection connection, Letter letter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select mail.enqueue($1, $2, $3, $4, $5, $6)", connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)letter.Reference ?? DBNull.Value);
        command.Parameters.AddWithValue(letter.To.Address);
        command.Parameters.AddWithValue(letter.Language);
        command.Parameters.AddWithValue(letter.Template);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(letter.Values));
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)letter.MessageId ?? DBNull.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
