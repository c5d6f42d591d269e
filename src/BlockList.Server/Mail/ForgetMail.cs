using Npgsql;

namespace BlockList.Server.Mail;

/// <summary>Deletes whom old mails went to, and with what: 30 days after they were sent, 90 after they failed.</summary>
internal sealed class ForgetMail(NpgsqlDataSource database)
{
    /// <summary>Returns how many were forgotten.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select mail.forget()");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
