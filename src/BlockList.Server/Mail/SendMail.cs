using System.Text.Json;
using BlockList.Format;
using BlockList.Server.Http.Pages;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Mail;

/// <summary>
/// Sends what is due, one after the other. No transaction is open meanwhile; a worker that dies after the relay took a mail and before
/// that is written down leaves it to be sent once more, with the same Message-ID.
/// </summary>
internal sealed partial class SendMail(NpgsqlDataSource database, ComposeMail compose, IMailTransport transport, IOptions<MailOptions> options, ILogger<SendMail> logger)
{
    /// <summary>Returns how many were sent.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await WatchAsync(cancellationToken);
        if (!options.Value.IsSet) return 0;
        var sent = 0;
        try
        {
            while (!cancellationToken.IsCancellationRequested && await ClaimAsync(cancellationToken) is { } mail)
            {
                var outcome = await TryAsync(mail, cancellationToken);
                if (outcome is SendOutcome.Sent)
                {
                    FaultPoint.Reach(MailFaults.Sent);
                    sent++;
                }
                await RecordAsync(mail, outcome);
                // The others would fare no better; the next look begins with another one.
                if (outcome is SendOutcome.Later { IsRelay: true }) break;
            }
        }
        finally
        {
            await transport.EndAsync(cancellationToken);
        }
        return sent;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select mail.watch()");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<ClaimedMail?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, attempt, message_id, reference, recipient, language, template, \"values\"::text, written_at from mail.claim()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new ClaimedMail(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
            JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(7))!, reader.GetFieldValue<DateTimeOffset>(8));
    }

    private async Task<SendOutcome> TryAsync(ClaimedMail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var message = compose.Run(mail);
            return await transport.SendAsync(message, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // One that cannot be made, whatever the reason, must not keep the others from being sent.
            Log.Fault(logger, mail.Id, problem);
            return new SendOutcome.Later("a fault of ours; the worker's log has it", IsRelay: false);
        }
    }

    /// <summary>Whoever ends the worker now waits for it: what is not written down is sent again.</summary>
    private async Task RecordAsync(ClaimedMail mail, SendOutcome outcome)
    {
        var (word, problem) = outcome switch
        {
            SendOutcome.Sent => ("sent", null),
            SendOutcome.Refused refused => ("refused", refused.Why),
            SendOutcome.Later later => ("later", later.Why),
            _ => throw new InvalidOperationException($"{outcome} is no outcome"),
        };
        await using var command = database.CreateCommand("select mail.record($1, $2, $3, $4)");
        command.Parameters.AddWithValue(mail.Id);
        command.Parameters.AddWithValue(mail.Attempt);
        command.Parameters.AddWithValue(word);
        // A relay says what it likes, and officers read it.
        command.Parameters.AddWithValue(NpgsqlDbType.Text, problem is null ? DBNull.Value : VisibleText.LabelOf(problem.Replace(mail.Recipient, "the address", StringComparison.OrdinalIgnoreCase).ReplaceLineEndings(" ")));
        var state = (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        // What is said of one mail may hold its address, which is kept for a time only: it stands in its row, not in the log.
        if (state == "failed") Log.Failed(logger, mail.Id, mail.Template, mail.Reference);
        else if (outcome is SendOutcome.Later { IsRelay: true } relay) Log.Relay(logger, relay.Why);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Mails cannot be sent now: {Problem}. They are tried again, each for a day. Look at the relay and at [Mail].")]
        public static partial void Relay(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "Mail {Mail} ({Template}) of {Reference} failed for good; its case says why.")]
        public static partial void Failed(ILogger logger, long mail, string template, string? reference);

        [LoggerMessage(LogLevel.Error, "Mail {Mail} could not be made or handed over; it is tried again.")]
        public static partial void Fault(ILogger logger, long mail, Exception problem);
    }
}
