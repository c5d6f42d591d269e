using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

/// <summary>How many episodes of a list stand where, by who voted in them; each is also a range of an index.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Queue">A stage, or <c>overdue</c>, <c>lapsing</c>, <c>untold</c>.</param>
/// <param name="Voters">Ids of agencies, a space between them.</param>
/// <param name="N">How many.</param>
internal sealed record Tally(string List, string Queue, string Voters, long N);

internal static class Tallies
{
    /// <summary>Of the lists on which the viewer's agency decides; all lists for those who belong to none.</summary>
    public static async Task<List<Tally>> ReadAsync(NpgsqlConnection connection, Viewer viewer, string? list, bool ownListsOnly, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select t.list, t.queue, t.voters, sum(t.n)::bigint from curation.tally t join criteria.list l on l.id = t.list
            where ($1::text is null or t.list = $1) and (not $2 or $3::text is null or l.country is null or l.country = $3)
            group by t.list, t.queue, t.voters having sum(t.n) > 0
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)list ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.AddWithValue(ownListsOnly);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)viewer.Country ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var tallies = new List<Tally>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) tallies.Add(new Tally(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        return tallies;
    }

    /// <summary>The keys as three arrays, for <c>unnest(@lists, @stages, @voters)</c>.</summary>
    public static void AddKeys(NpgsqlParameterCollection parameters, IReadOnlyCollection<Tally> keys)
    {
        parameters.AddWithValue("lists", keys.Select(k => k.List).ToArray());
        parameters.AddWithValue("stages", keys.Select(k => k.Queue).ToArray());
        parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
    }
}
