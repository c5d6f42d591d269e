using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>How many entries of a list stand in a queue, by the agencies that voted on them.</summary>
/// <param name="Queue">A stage, or overdue, lapsing or untold.</param>
internal sealed record Tally(string List, string Queue, string Voters, long Count)
{
    /// <summary>All of them: as many rows as there are combinations of voters, whatever the number of entries.</summary>
    public static async Task<IReadOnlyList<Tally>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select list, queue, voters, sum(n)::bigint from curation.tally group by list, queue, voters having sum(n) > 0", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tallies = new List<Tally>();
        while (await reader.ReadAsync(cancellationToken)) tallies.Add(new Tally(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        return tallies;
    }
}
