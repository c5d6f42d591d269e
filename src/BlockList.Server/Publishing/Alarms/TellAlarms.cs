using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Server.Mail;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>
/// Posts what became of alarms to the operator's webhook, in the order in which it happened, until the other side has taken
/// it: JSON, signed as Standard Webhooks 1.0 has it (headers <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>).
/// Whoever is to have a mail gets one when it is raised. The worker reads nothing but what it tells, by two functions.
/// </summary>
internal sealed partial class TellAlarms(NpgsqlDataSource database, IOptions<AlarmOptions> options, TimeProvider clock, ILogger<TellAlarms> logger) : IDisposable
{
    private const int AtOnce = 20;

    // Nothing that the other side sends leads anywhere else.
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
        MaxResponseContentBufferSize = 64 * 1024,
    };

    /// <summary>Returns how many were told.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Webhook.Length == 0 && options.Value.MailTo.Length == 0) return 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var told = 0;
        foreach (var item in await TakeAsync(connection, cancellationToken))
        {
            await MailAsync(connection, item, cancellationToken);
            var problem = options.Value.Webhook.Length > 0 ? await PostAsync(item, cancellationToken) : null;
            await using var record = new NpgsqlCommand("select publishing.record_alarm_told($1, $2)", connection);
            record.Parameters.AddWithValue(item.Id);
            record.Parameters.Add(new NpgsqlParameter { Value = (object?)problem ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await record.ExecuteNonQueryAsync(cancellationToken);
            if (problem is null) told++;
            else Log.NotTold(logger, item.Kind, item.Event, problem);
        }
        return told;
    }

    public void Dispose() => client.Dispose();

    private static async Task<List<AlarmEvent>> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select event_id, event, at, alarm_id, list, kind, message, raised_at, acknowledged_by from publishing.take_alarm_events($1)", connection);
        command.Parameters.AddWithValue(AtOnce);
        var events = new List<AlarmEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new AlarmEvent(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetGuid(3), reader.GetString(4), reader.GetString(5),
                reader.GetString(6), reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetString(8)));
        }
        return events;
    }

    /// <summary>Of each once, however often the webhook is tried: the event is the mail's id.</summary>
    private async Task MailAsync(NpgsqlConnection connection, AlarmEvent item, CancellationToken cancellationToken)
    {
        if (item.Event != "raised" || !Recipient.TryParse(options.Value.MailTo, out var recipient)) return;
        await WriteMail.RunAsync(connection, new Letter(null, recipient, "en", MailTemplates.Alarm, new Dictionary<string, string> { ["kind"] = item.Kind },
            string.Create(CultureInfo.InvariantCulture, $"alarm.{item.Alarm:N}.{item.Id}")), cancellationToken);
    }

    /// <returns>What went wrong, or null.</returns>
    private async Task<string?> PostAsync(AlarmEvent item, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["type"] = $"alarm.{item.Event}",
            ["timestamp"] = Timestamp.Format(Timestamp.Truncate(item.At)),
            ["data"] = new JsonObject
            {
                ["alarm"] = item.Alarm.ToString("D"),
                ["list"] = item.List,
                ["kind"] = item.Kind,
                ["message"] = item.Message,
                ["raised_at"] = Timestamp.Format(Timestamp.Truncate(item.RaisedAt)),
                ["acknowledged_by"] = item.AcknowledgedBy,
                ["page"] = options.Value.Origin.Length == 0 ? null : options.Value.Origin.TrimEnd('/') + "/alarms",
            },
        }.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        Sign(request, $"{item.Alarm:N}.{item.Id.ToString(CultureInfo.InvariantCulture)}", body);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"the webhook answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException problem)
        {
            return problem.Message;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the webhook did not answer within {options.Value.TimeoutSeconds} s";
        }
    }

    private void Sign(HttpRequestMessage request, string id, byte[] body)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        // Read each time: a secret is replaced without a restart.
        if (options.Value.WebhookSecretFile.Length == 0 || File.ReadLines(options.Value.WebhookSecretFile).FirstOrDefault() is not { Length: > 0 } secret) return;
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body];
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed)));
    }

    /// <summary>Standard Webhooks writes a secret as <c>whsec_</c> and Base64; any other text is taken as it is.</summary>
    private static byte[] KeyOf(string secret) => secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(secret);

    private sealed record AlarmEvent(long Id, string Event, DateTimeOffset At, Guid Alarm, string List, string Kind, string Message, DateTimeOffset RaisedAt, string? AcknowledgedBy);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The alarm ({Kind}, {Event}) could not be told: {Problem}. It is tried again for two days, and stands on the page Alarms meanwhile. Look at [Alarms] Webhook.")]
        public static partial void NotTold(ILogger logger, string kind, string @event, string problem);
    }
}
