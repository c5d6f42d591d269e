using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

/// <summary>Reads all that a person may see of one entry, by its handle.</summary>
internal sealed class ReadEntry(NpgsqlDataSource database)
{
    /// <summary>Null where there is no such entry.</summary>
    public async Task<EntryPage?> RunAsync(Guid handle, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "entry.read", handle.ToString(), null, cancellationToken);
        string name, scope;
        bool hasConflict;
        await using (var command = new NpgsqlCommand("select name, scope, exists (select from curation.conflict where subject_id = s.id and person = $2) from curation.subject s where id = $1", connection))
        {
            command.Parameters.AddWithValue(handle);
            command.Parameters.AddWithValue(viewer.Person);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) return null;
            (name, scope, hasConflict) = (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2));
        }
        var (sight, episodes) = (Sight.Of(viewer), await ReadEpisodesAsync(connection, handle, viewer, cancellationToken));
        // What was said of the name before would tell who is likely to have said what now.
        var isBlind = episodes.Any(e => e.ClosedAt is null && !sight.Sees(e.Voters));
        var views = new List<EntryView>();
        foreach (var episode in episodes)
        {
            if (sight.Sees(episode.Voters) || (episode.ClosedAt is not null && !isBlind)) views.Add(await OpenAsync(connection, episode, viewer, cancellationToken));
            else if (episode.ClosedAt is null) views.Add(new EntryView.Blind(episode.List, episode.Published, Waiting.Holds(episode.Stage), episode.IsOverdue, await EntryParts.ReferencesAsync(connection, episode.Id, cancellationToken), episode.Claim));
            else if (episode.IsCurrent) views.Add(new EntryView.Ended(episode.List, episode.Stage));
        }
        return new EntryPage(handle, name, scope, hasConflict, views);
    }

    private static async Task<EntryView> OpenAsync(NpgsqlConnection connection, StoredEpisode episode, Viewer viewer, CancellationToken cancellationToken)
    {
        var timeline = await EntryParts.TimelineAsync(connection, episode.Id, cancellationToken);
        var own = timeline.LastOrDefault(t => t.Agency == viewer.Agency && t.Kind is DecisionKind.Proposal or DecisionKind.Assessment or DecisionKind.Withdrawal && !t.IsSuperseded);
        return new EntryView.Open(episode.List, episode.Published, episode.Stage, episode.OpenedAt, episode.ClosedAt, episode.NewestSighting, episode.LapsesAt, episode.SuspendedFrom,
            episode.IsOverdue, episode.IsLapsing, episode.MetAgencies, episode.MetCountries, episode.Voters.Split(' ', StringSplitOptions.RemoveEmptyEntries), own?.Id, timeline,
            await EntryParts.AddedReferencesAsync(connection, episode.Id, cancellationToken), await EntryParts.NotificationsAsync(connection, episode.Id, cancellationToken), episode.Claim);
    }

    private static async Task<List<StoredEpisode>> ReadEpisodesAsync(NpgsqlConnection connection, Guid handle, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select e.id, e.list, e.stage, e.voters, e.is_current, e.opened_at, e.closed_at, e.newest_sighting, e.lapses_at, e.suspended_from, e.overdue, e.lapsing, e.met_agencies, e.met_countries,
              p.added_serial, c.person, person.name, c.expires_at
            from curation.episode e
            left join lateral (select added_serial from publishing.published_entry where e.closed_at is null and list = e.list and line = case e.scope when 'host' then '=' || e.name else e.name end limit 1) p on true
            left join curation.claim c on c.episode_id = e.id and c.agency = $2 and c.expires_at > clock_timestamp() left join access.person on person.id = c.person
            where e.subject_id = $1 order by e.list, e.is_current desc, e.opened_at desc
            """, connection);
        command.Parameters.AddWithValue(handle);
        command.Parameters.AddWithValue(viewer.Agency ?? "");
        var episodes = new List<StoredEpisode>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            episodes.Add(new StoredEpisode(reader.GetGuid(0), reader.GetString(1), EpisodeSummary.Parse(reader.GetString(2)), reader.GetString(3), reader.GetBoolean(4), Time(5)!.Value, Time(6),
                Time(7) ?? DateTimeOffset.MinValue, Time(8) ?? DateTimeOffset.MinValue, Time(9), reader.GetBoolean(10), reader.GetBoolean(11), reader.GetInt32(12), reader.GetInt32(13),
                reader.IsDBNull(14) ? null : reader.GetInt32(14),
                reader.IsDBNull(15) ? null : new ClaimView(reader.GetString(15), reader.GetString(16), Time(17)!.Value, reader.GetString(15) == viewer.Person)));
        }
        return episodes;

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    private sealed record StoredEpisode(Guid Id, string List, EpisodeStage Stage, string Voters, bool IsCurrent, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset NewestSighting,
        DateTimeOffset LapsesAt, DateTimeOffset? SuspendedFrom, bool IsOverdue, bool IsLapsing, int MetAgencies, int MetCountries, int? Published, ClaimView? Claim);
}
