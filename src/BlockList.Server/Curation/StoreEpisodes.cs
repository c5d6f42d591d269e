using BlockList.Format.Names;
using BlockList.Format.Statements;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation;

/// <summary>Writes episodes and what their rows say, inside the caller's transaction.</summary>
internal static class StoreEpisodes
{
    private const int Chunk = 5000;

    /// <summary>What stood for these entries until now is over: closed where its lease ran out, and the newest no more. An
    /// episode that is still open stays, and keeps the new one out.</summary>
    public static async Task ReplaceAsync(NpgsqlConnection connection, IReadOnlyList<DecisionStatement> proposals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var chunk in proposals.Chunk(Chunk))
        {
            await using var command = new NpgsqlCommand("""
                update curation.episode e set is_current = false, closed_at = coalesce(closed_at, $4), stage = case when closed_at is null then 'lapsed' else stage end,
                  waits_since = null, overdue = false, lapsing = false, due_at = null
                from unnest($2, $3) as entry (name, scope)
                where e.list = $1 and e.name = entry.name and e.scope = entry.scope and e.is_current and (e.closed_at is not null or e.lapses_at <= $4)
                """, connection);
            command.Parameters.AddWithValue(chunk[0].List);
            command.Parameters.AddWithValue(chunk.Select(p => p.Name.Name.Ascii).ToArray());
            command.Parameters.AddWithValue(chunk.Select(p => PrepareDecisions.PrintScope(p.Name.Scope)).ToArray());
            command.Parameters.AddWithValue(now);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Opens the episodes of proposals, with the row that each one's proposal leads to.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="proposals">With the place of each in its import or batch; null where it came alone.</param>
    /// <param name="assertion">Its signature.</param>
    /// <param name="rules">Of the list.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public static async Task OpenAsync(NpgsqlConnection connection, IReadOnlyList<(DecisionStatement Statement, int? Leaf)> proposals, Guid assertion, ListRules rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (proposals.Count == 0) return;
        var subjects = await SubjectsAsync(connection, proposals.Select(p => p.Statement.Name), cancellationToken);
        await using var writer = await connection.BeginBinaryImportAsync("""
            copy curation.episode (id, list, name, scope, subject_id, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, waits_since, lapsing, due_at, opened_under, opened_leaf)
            from stdin (format binary)
            """, cancellationToken);
        writer.Timeout = StoreDecisions.Patience;
        foreach (var (proposal, leaf) in proposals)
        {
            var state = new EpisodeState(proposal.Id, proposal.List, proposal.Name);
            state.Take(proposal, rules.List, now);
            var summary = EpisodeSummary.Of(state, rules, now, null);
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(proposal.Id, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(proposal.List, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(proposal.Name.Name.Ascii, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(PrepareDecisions.PrintScope(proposal.Name.Scope), NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(subjects[proposal.Name], NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(EpisodeSummary.Print(summary.Stage), NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(summary.Voters, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(summary.MetAgencies, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(summary.MetCountries, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(summary.NewestSighting, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(summary.LapsesAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await WriteAsync(summary.WaitsSince);
            await writer.WriteAsync(summary.Lapsing, NpgsqlDbType.Boolean, cancellationToken);
            await WriteAsync(summary.DueAt);
            if (leaf is { } place)
            {
                await writer.WriteAsync(assertion, NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(place, NpgsqlDbType.Integer, cancellationToken);
                continue;
            }
            await writer.WriteNullAsync(cancellationToken);
            await writer.WriteNullAsync(cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);

        Task WriteAsync(DateTimeOffset? at) => at is { } time ? writer.WriteAsync(time, NpgsqlDbType.TimestampTz, cancellationToken) : writer.WriteNullAsync(cancellationToken);
    }

    /// <summary>Writes where episodes stand after a decision on them; one that came to its end is closed.</summary>
    public static async Task UpdateAsync(NpgsqlConnection connection, IReadOnlyCollection<(Guid Episode, EpisodeSummary Summary)> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var chunk in changed.Chunk(Chunk))
        {
            await using var command = new NpgsqlCommand("""
                update curation.episode e set stage = s.stage, voters = s.voters, met_agencies = s.met_agencies, met_countries = s.met_countries, newest_sighting = s.newest_sighting,
                  lapses_at = s.lapses_at, suspended_from = s.suspended_from, waits_since = s.waits_since, overdue = s.overdue, lapsing = s.lapsing, due_at = s.due_at,
                  closed_at = case when s.is_closed then $1 end, touched = true
                from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                  as s (id, stage, voters, met_agencies, met_countries, newest_sighting, lapses_at, suspended_from, waits_since, overdue, lapsing, due_at, is_closed)
                where e.id = s.id
                """, connection);
            command.Parameters.AddWithValue(now);
            command.Parameters.AddWithValue(chunk.Select(c => c.Episode).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => EpisodeSummary.Print(c.Summary.Stage)).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.Voters).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.MetAgencies).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.MetCountries).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.NewestSighting).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.LapsesAt).ToArray());
            command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, chunk.Select(c => c.Summary.SuspendedFrom).ToArray());
            command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, chunk.Select(c => c.Summary.WaitsSince).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.Overdue).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.Lapsing).ToArray());
            command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, chunk.Select(c => c.Summary.DueAt).ToArray());
            command.Parameters.AddWithValue(chunk.Select(c => c.Summary.IsClosed).ToArray());
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The handles of names, made where a name is new.</summary>
    private static async Task<Dictionary<ListedName, Guid>> SubjectsAsync(NpgsqlConnection connection, IEnumerable<ListedName> names, CancellationToken cancellationToken)
    {
        var subjects = new Dictionary<ListedName, Guid>();
        // In order, as episodes are locked, for the same reason.
        foreach (var chunk in names.Order().Chunk(Chunk))
        {
            var (ascii, scopes) = (chunk.Select(n => n.Name.Ascii).ToArray(), chunk.Select(n => PrepareDecisions.PrintScope(n.Scope)).ToArray());
            await using (var insert = new NpgsqlCommand("""
                insert into curation.subject (name, scope, search) select name, scope, search from unnest($1, $2, $3) as entry (name, scope, search) on conflict (name, scope) do nothing
                """, connection))
            {
                insert.Parameters.AddWithValue(ascii);
                insert.Parameters.AddWithValue(scopes);
                insert.Parameters.AddWithValue(chunk.Select(n => n.Name.Unicode == n.Name.Ascii ? n.Name.Ascii : $"{n.Name.Ascii} {n.Name.Unicode}").ToArray());
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }
            await using var select = new NpgsqlCommand("""
                select entry.place, s.id from unnest($1, $2) with ordinality as entry (name, scope, place) join curation.subject s on s.name = entry.name and s.scope = entry.scope
                """, connection);
            select.Parameters.AddWithValue(ascii);
            select.Parameters.AddWithValue(scopes);
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) subjects[chunk[reader.GetInt64(0) - 1]] = reader.GetGuid(1);
        }
        return subjects;
    }
}
