using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>What the use cases of claims have in common. Times are the database's, which refuses votes by the same clock.</summary>
internal static class Claims
{
    /// <summary>So many at once, so that nobody keeps a queue to themselves.</summary>
    public const int Most = 20;

    public const string OnlyCurators = "Only curators of an agency work on entries. Ask your agency's administrator for the role.";

    public static bool MayWork(Viewer viewer) => viewer.Agency is not null && viewer.Is(RoleNames.Curator);

    /// <summary>The open episode of an entry, or null.</summary>
    public static async Task<Guid?> OpenEpisodeAsync(NpgsqlConnection connection, EntryAddress entry, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id from curation.episode where subject_id = $1 and list = $2 and closed_at is null", connection);
        command.Parameters.AddWithValue(entry.Handle);
        command.Parameters.AddWithValue(entry.List);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    public const string NotOpen = "This entry is not open any more, or there is none such. Look at the queue again.";

    /// <summary>Whose unexpired claim of the viewer's agency it is.</summary>
    public static async Task<(string Person, string Name, DateTimeOffset Until)?> HolderAsync(NpgsqlConnection connection, Guid episode, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select c.person, p.name, c.expires_at from curation.claim c join access.person p on p.id = c.person where c.episode_id = $1 and c.agency = $2 and c.expires_at > clock_timestamp()
            """, connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(viewer.Agency!);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)) : null;
    }

    public static Task AuditAsync(NpgsqlConnection connection, Viewer viewer, string action, EntryAddress entry, CancellationToken cancellationToken) =>
        AuditLog.AppendAsync(connection, viewer.Person, action, entry.Handle.ToString(), new() { ["list"] = entry.List, ["agency"] = viewer.Agency }, cancellationToken);
}
