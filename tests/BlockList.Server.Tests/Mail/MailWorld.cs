using BlockList.Server.Mail;
using BlockList.Server.Tests.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>A database with the logins that write and send mails, and workers against a relay.</summary>
public sealed class MailWorld(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Reference = "BL-0123456789";

    private readonly List<IDisposable> opened = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public MigratedDatabase Database { get; } = new(postgres);

    internal CapturedLog Log { get; } = new();

    public ValueTask InitializeAsync() => Database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var item in opened) item.Dispose();
        Log.Dispose();
        await Database.DisposeAsync();
    }

    public Task ClearAsync() => Database.ExecuteAsync("delete from mail.message; delete from publishing.alarm_event; delete from publishing.alarm");

    /// <summary>As the curation login.</summary>
    internal async Task<bool> WriteAsync(string recipient, string template = MailTemplates.Decided, string language = "en", string? values = null, string? messageId = null, string? reference = Reference)
    {
        await using var connection = new NpgsqlConnection(Database.Curation);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select mail.enqueue($1, $2, $3, $4, $5::jsonb, $6)", connection);
        foreach (var value in new[] { reference, recipient, language, template, values ?? """{"path":"/en/status"}""", messageId })
            command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Text, (object?)value ?? DBNull.Value);
        return (bool)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <summary>A worker of its own, with its own connections.</summary>
    internal SendMail Worker(Relay relay, Action<MailOptions>? change = null)
    {
        var options = new MailOptions { From = "BlockList <complaints@blocklist.example>", Site = "https://complaints.blocklist.example", Relay = "127.0.0.1", Port = relay.Port, Security = MailOptions.Plain };
        change?.Invoke(options);
        return Worker(options, new SmtpTransport(Options.Create(options)));
    }

    internal SendMail Worker(MailOptions options, IMailTransport transport)
    {
        var database = NpgsqlDataSource.Create(Database.Worker);
        var loggers = new LoggerFactory([Log]);
        opened.Add(database);
        opened.Add(loggers);
        if (transport is IDisposable disposable) opened.Add(disposable);
        return new SendMail(database, new ComposeMail(Options.Create(options)), transport, Options.Create(options), loggers.CreateLogger<SendMail>());
    }

    /// <summary>One row as text, columns as SQL.</summary>
    public Task<string?> RowAsync(string columns) => Database.ScalarAsync<string>($"select concat_ws(' | ', {columns}) from mail.message");

    /// <summary>The wait is over.</summary>
    public Task DueAsync() => Database.ExecuteAsync("update mail.message set next_attempt_at = clock_timestamp() where next_attempt_at is not null");
}
