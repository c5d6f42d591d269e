using System.Text.RegularExpressions;
using BlockList.Server.Access;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Work;

/// <summary>Who was told that the material stands there.</summary>
/// <param name="Kind"><c>ncb</c>, <c>hotline</c> or <c>iccam</c>.</param>
/// <param name="Country">Two capital letters; of the National Central Bureau or the hotline.</param>
/// <param name="Number">Under which they keep it, or null.</param>
/// <param name="SentAt">When.</param>
internal sealed record NotificationRequest(string Kind, string? Country, string? Number, DateTimeOffset SentAt);

/// <summary>Notes that someone who could have the material taken down was told. The entry leaves the queue of those where
/// nobody was.</summary>
internal sealed partial class AddNotification(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly string[] Kinds = ["ncb", "hotline", "iccam"];

    public async Task<WorkOutcome> RunAsync(EntryAddress entry, NotificationRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Claims.MayWork(viewer)) return new WorkOutcome.Refused("", Claims.OnlyCurators);
        if (!Kinds.Contains(request.Kind)) return new WorkOutcome.Refused("kind", "Choose who was told: a National Central Bureau, a hotline, or ICCAM.");
        var (country, number) = (request.Country?.Trim().ToUpperInvariant() is { Length: > 0 } c ? c : null, request.Number?.Trim() is { Length: > 0 } n ? n : null);
        if (country is null ? request.Kind != "iccam" : !Country().IsMatch(country)) return new WorkOutcome.Refused("country", "Write the country as two letters, such as NL.");
        if (number is not null && !Number().IsMatch(number)) return new WorkOutcome.Refused("number", "Write their number for it, up to 64 letters, digits, dots, slashes and hyphens, or leave it empty.");
        if (request.SentAt > clock.GetUtcNow()) return new WorkOutcome.Refused("sent_at", "This lies in the future. Write when they were told.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new WorkOutcome.Refused("", Claims.NotOpen);
        await using (var command = new NpgsqlCommand("insert into curation.notification (id, episode_id, kind, country, number, sent_at, agency, person) values ($1, $2, $3, $4, $5, $6, $7, $8)", connection))
        {
            command.Parameters.AddWithValue(Guid.CreateVersion7(clock.GetUtcNow()));
            command.Parameters.AddWithValue(episode);
            command.Parameters.AddWithValue(request.Kind);
            command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)country ?? DBNull.Value);
            command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)number ?? DBNull.Value);
            command.Parameters.AddWithValue(request.SentAt.ToUniversalTime());
            command.Parameters.AddWithValue(viewer.Agency!);
            command.Parameters.AddWithValue(viewer.Person);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var command = new NpgsqlCommand("update curation.episode set told = true where id = $1 and not told", connection))
        {
            command.Parameters.AddWithValue(episode);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await Claims.AuditAsync(connection, viewer, "notification.add", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WorkOutcome.Done();
    }

    [GeneratedRegex(@"^[A-Z]{2}\z")]
    private static partial Regex Country();

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9./-]{0,62}[A-Za-z0-9])?\z")]
    private static partial Regex Number();
}
