using System.Globalization;
using BlockList.Server.Access;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Reading;

/// <summary>
/// Entries that providers leave out by never-block files of their own, for the agencies that listed them: those that most providers leave
/// out come first, each once. A provider has no vote; an agency's next look at the entry answers it.
/// </summary>
internal static class ReReviewQueue
{
    private const string Open = """
        select r.episode_id, r.providers from curation.re_review r join curation.episode e on e.id = r.episode_id
        where r.list = @list and r.answered_at is null and r.providers > 0 and e.closed_at is null and (@sees_all or strpos(' ' || e.voters || ' ', ' ' || @reader || ' ') > 0)
        """;

    public static async Task<int> CountAsync(NpgsqlConnection connection, Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, $"select count(*)::int from ({Open}) as open", viewer, list);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<List<EpisodeLine>> ReadAsync(NpgsqlConnection connection, Viewer viewer, string list, string? after, int limit, CancellationToken cancellationToken)
    {
        if (!QueueKeys.MayReadReReviews(viewer)) return [];
        var (providers, subject) = after?.Split('.') is [var first, var id] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && Guid.TryParse(id, out var handle) ? (parsed, handle) : (int.MaxValue, Guid.Empty);
        await using var command = Command(connection, $"""
            select {EpisodeLine.Columns} from ({Open}) as open join curation.episode e on e.id = open.episode_id
            where (-open.providers, e.subject_id) > (-@providers, @after) order by -open.providers, e.subject_id limit @limit
            """, viewer, list);
        command.Parameters.AddWithValue("providers", providers);
        command.Parameters.AddWithValue("after", subject);
        command.Parameters.AddWithValue("limit", limit);
        return await EntryLineReader.ReadAsync(command, cancellationToken);
    }

    public static string Cursor(EpisodeLine last, ReReviewRow? row) => string.Create(CultureInfo.InvariantCulture, $"{row?.Providers ?? 0}.{last.Subject:N}");

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Viewer viewer, string list)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("list", NpgsqlDbType.Text, list);
        command.Parameters.AddWithValue("sees_all", viewer.ReadsEverything);
        // No agency has this id.
        command.Parameters.AddWithValue("reader", viewer.Agency ?? "-");
        return command;
    }
}

/// <summary>That providers leave an entry out.</summary>
/// <param name="Providers">How many do now.</param>
/// <param name="OpenedAt">Since when the agencies know.</param>
/// <param name="AnsweredAt">When one of them looked at it again; null while that is open.</param>
internal sealed record ReReviewRow(int Providers, DateTimeOffset OpenedAt, DateTimeOffset? AnsweredAt)
{
    public string Words => Providers == 1 ? "left out by 1 provider" : string.Create(CultureInfo.InvariantCulture, $"left out by {Providers} providers");
}
