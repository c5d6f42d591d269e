using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Records that someone who can take the material down was told.</summary>
internal sealed class AddNotification(NpgsqlDataSource database, TimeProvider clock)
{
    /// <param name="list">Id of the list.</param>
    /// <param name="handle">Of the entry.</param>
    /// <param name="kind"><c>ncb</c>, <c>hotline</c> or <c>iccam</c>.</param>
    /// <param name="country">Two capital letters; of the bureau or the hotline.</param>
    /// <param name="number">Of the notification, where it has one.</param>
    /// <param name="sentAt">When.</param>
    /// <param name="person">Who records it.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <returns>Null where it is recorded; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, string kind, string? country, string? number, DateTimeOffset sentAt, Viewer person, CancellationToken cancellationToken)
    {
        if (EntryWork.FindObjection(person) is { } objection) return objection;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await EntryWork.FindOpenAsync(connection, list, handle, cancellationToken) is not { } episode) return EntryWork.NotOpen;
        await EntryWork.ExecuteAsync(connection, "insert into curation.notification (id, episode_id, kind, country, number, sent_at, agency, person) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            cancellationToken, Guid.CreateVersion7(clock.GetUtcNow()), episode, kind, country, number, sentAt, person.Agency, person.Person);
        await EntryWork.ExecuteAsync(connection, "update curation.episode set told = true where id = $1 and not told", cancellationToken, episode);
        await EntryWork.RecordAsync(connection, person, "notification.add", handle, list, cancellationToken, ("kind", kind), ("country", country));
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
