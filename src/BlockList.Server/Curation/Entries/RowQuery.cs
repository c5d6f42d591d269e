using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

/// <summary>Turns a choice of episodes into rows, each as blind as its reader is.</summary>
internal static class RowQuery
{
    /// <summary>What a choice of episodes selects, from an episode <c>e</c>.</summary>
    public const string Columns = "e.id, e.subject_id, e.list, e.name, e.scope, e.stage, e.voters, e.opened_at, e.lapses_at, e.newest_sighting, e.overdue, e.lapsing, e.told, e.closed_at";

    /// <param name="connection">Open.</param>
    /// <param name="choice">SQL that gives <see cref="Columns"/>, at most a page of them, in <paramref name="order"/>.</param>
    /// <param name="order">Of the rows, <c>e</c> being the choice.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="fill">Adds the choice's parameters, by name.</param>
    /// <param name="cancellationToken">While reading.</param>
    public static async Task<List<EntryRow>> RunAsync(NpgsqlConnection connection, string choice, string order, Viewer viewer, Action<NpgsqlParameterCollection> fill, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with e as materialized ({choice})
            select e.*, p.added_serial, c.person, c.name, c.expires_at
            from e
            left join lateral (select added_serial from publishing.published_entry where list = e.list and line = case e.scope when 'host' then '=' || e.name else e.name end limit 1) p on true
            left join lateral (select claim.person, person.name, claim.expires_at from curation.claim join access.person on person.id = claim.person
              where claim.episode_id = e.id and claim.agency = @sight_agency and claim.expires_at > clock_timestamp()) c on true
            order by {order}
            """, connection);
        AddSight(command.Parameters, Sight.Of(viewer));
        fill(command.Parameters);
        var rows = new List<EntryRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(Read(reader, viewer));
        return rows;
    }

    public static void AddSight(NpgsqlParameterCollection parameters, Sight sight)
    {
        // No agency has this id.
        parameters.AddWithValue("sight_agency", sight.Agency ?? "-");
        parameters.AddWithValue("sight_all", sight.ReadsEverything);
    }

    private static EntryRow Read(NpgsqlDataReader reader, Viewer viewer)
    {
        var sight = Sight.Of(viewer);
        var (handle, list, name, scope) = (reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
        var (stage, voters, isClosed) = (EpisodeSummary.Parse(reader.GetString(5)), reader.GetString(6), !reader.IsDBNull(13));
        int? published = reader.IsDBNull(14) ? null : reader.GetInt32(14);
        var claim = reader.IsDBNull(15) ? null : new ClaimView(reader.GetString(15), reader.GetString(16), reader.GetFieldValue<DateTimeOffset>(17), reader.GetString(15) == viewer.Person);
        if (sight.Sees(voters))
        {
            return new EntryRow.Open(handle, list, name, scope, published, claim, stage, voters.Split(' ', StringSplitOptions.RemoveEmptyEntries), reader.GetFieldValue<DateTimeOffset>(7),
                reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<DateTimeOffset>(9), reader.GetBoolean(10), reader.GetBoolean(11), reader.GetBoolean(12));
        }
        return isClosed ? new EntryRow.Ended(handle, list, name, scope, published, claim, stage)
            : new EntryRow.Blind(handle, list, name, scope, published, claim, Waiting.Holds(stage), reader.GetBoolean(10));
    }
}
